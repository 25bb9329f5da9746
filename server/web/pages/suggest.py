"""/suggest: ask for a platform to be watched. The extension opens it with ?host=."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request
from pydantic import BaseModel, field_validator

from server.core.errors import Unusable
from server.flows.suggest import LONGEST, Suggested, Suggestions
from server.web.context import context
from server.web.signing import form_page


class SuggestQuery(BaseModel):
    """What the form is filled with. Unknown parameters are ignored: links from elsewhere carry their own."""

    url: str = ""
    host: str = ""

    @field_validator("url", "host")
    @classmethod
    def _cut(cls, value: str) -> str:
        return value[:LONGEST]


def register(blueprint: Blueprint) -> None:
    """Adds the page and what its form sends to."""
    blueprint.add_url_rule("/suggest", "suggest", suggest)
    blueprint.add_url_rule("/suggest", "suggest_post", take, methods=["POST"])


def suggest() -> Response:
    """The form."""
    query = SuggestQuery.model_validate(request.args.to_dict())
    return form_page("suggest.html", given=query.url or query.host, wrong="")


def take() -> Response:
    """Queues what the form sent and shows it again, so that a reload sends nothing twice."""
    given = request.form.get("url", "")
    here = context()
    try:
        found = Suggestions(here.catalogue, here.write, here.clock, here.reach).take(given)
    except Unusable as why:
        return form_page("suggest.html", status=422, given=given[:LONGEST], wrong=str(why))
    if found.platform:
        return redirect(f"/platforms/{found.platform}", 303)  # type: ignore[return-value]
    flash(_thanks(found))
    return redirect("/suggest", 303)  # type: ignore[return-value]


def _thanks(found: Suggested) -> str:
    return f"Thank you. {found.host} is queued for the operator of this server."
