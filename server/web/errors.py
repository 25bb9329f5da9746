"""Problem details (RFC 9457) for every error of the API, and plain pages for people."""

from __future__ import annotations

import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from flask import Response, request
from flask_wtf.csrf import CSRFError
from pydantic import BaseModel, Field, ValidationError
from werkzeug.exceptions import HTTPException, NotFound

from server.core.errors import ClausewatchError, UnknownPlatform, Unusable

MEDIA_TYPE = "application/problem+json"


UNFIT = "Some parameters cannot be used; see errors."


class FieldError(BaseModel):
    """What is wrong with one part of a request."""

    loc: list[str | int]
    msg: str


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    errors: list[FieldError] | None = Field(default=None, description="One entry for each wrong parameter.")


def problem(
    status: int, detail: str = "", *, title: str = "", errors: Any = None, headers: Iterable[Any] = ()
) -> Response:
    """A problem answer; `detail` says what to do."""
    body: dict[str, Any] = {"type": "about:blank", "title": title or HTTPStatus(status).phrase, "status": status}
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = errors
    response = Response(json.dumps(body), status, mimetype=MEDIA_TYPE)
    response.headers.extend(list(headers))
    response.headers["Cache-Control"] = (
        "no-store" if status >= 500 or status == 429 or request.method == "POST" else "public, max-age=60"
    )
    return response


def of_http(error: HTTPException) -> Response:
    """The problem of an HTTP error; its headers (Allow, Retry-After) stay."""
    if error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]  # redirects are answers, not problems
    if error.response is not None:
        return error.response  # type: ignore[return-value]  # made by whoever refused
    kept = [
        (name, value) for name, value in error.get_headers() if name.lower() not in {"content-type", "content-length"}
    ]
    if isinstance(error, CSRFError):
        return problem(400, "The form is out of date, or cookies are off. Open it again and send it once more.")
    told = "There is nothing at this address." if error.description == NotFound.description else error.description
    return problem(error.code, told or "", headers=kept)


def of_validation(error: ValidationError) -> Response:
    """The problem of parameters that do not fit: one entry for each."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    wrong = [{"loc": list(item["loc"]), "msg": item["msg"].removeprefix("Value error, ")} for item in found]
    return problem(422, UNFIT, title="Unprocessable Content", errors=wrong)


def of_ours(error: ClausewatchError) -> Response:
    """The problem of an error of our own: 404 for what is not in the catalogue, else 503 with when to try again."""
    if isinstance(error, UnknownPlatform):
        return problem(404, str(error))
    if isinstance(error, Unusable):
        return problem(422, str(error), title="Unprocessable Content")
    wait = [("Retry-After", str(int(error.retry_after or 30)))] if not error.permanent else []
    return problem(503, str(error), headers=wait)
