"""Errors for people: the same words as the API's problem, as a page."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeVar

from flask import Response, redirect, request

from server.web.errors import MEDIA_TYPE
from server.web.pages.site import page

_MACHINES = ("/v1/", "/healthz", "/readyz", "/badge/", "/feeds/", "/export/")

E = TypeVar("E", bound=Exception)


def for_readers(answer: Callable[[E], Response]) -> Callable[[E], Response]:
    """`answer`, which makes a problem document, as a page where a browser asks for one."""

    def shown(error: E) -> Response:
        response = answer(error)
        if request.path.startswith(_MACHINES):
            return response
        response.vary.add("Accept")  # else a cache gives people what a program asked for
        if not _by_a_person():
            return response
        return _without_slash(response) if _has_a_slash_too_many(response) else as_page(response)

    return shown


def _has_a_slash_too_many(problem: Response) -> bool:
    return problem.status_code == 404 and request.path.endswith("/")


def _without_slash(problem: Response) -> Response:
    """Leads to the address that was meant, on this host whatever slashes it begins with."""
    moved = redirect("/" + request.path.strip("/"), 308)
    moved.headers["Cache-Control"], moved.headers["Vary"] = problem.headers["Cache-Control"], problem.headers["Vary"]
    return moved  # type: ignore[return-value]


def as_page(problem: Response) -> Response:
    """The problem as a page with the same status and headers; what is no problem stays as it is."""
    if problem.mimetype != MEDIA_TYPE:
        return problem
    told = json.loads(problem.get_data(as_text=True))
    shown = page("problem.html", told=told, cache=problem.headers["Cache-Control"])
    shown.status_code = problem.status_code
    for name, value in problem.headers:
        if name not in shown.headers:
            shown.headers.add(name, value)
    shown.headers.pop("ETag", None)
    return shown


def _by_a_person() -> bool:
    return request.accept_mimetypes.best_match([MEDIA_TYPE, "application/json", "text/html"]) == "text/html"
