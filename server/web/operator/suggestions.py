"""/operator/suggestions: what people would like to see watched; accepted ones wait for a file in the catalogue."""

from __future__ import annotations

from datetime import datetime

from flask import Response, request
from sqlalchemy.orm import Session

from server.core.errors import ClausewatchError
from server.store import suggestions as stored
from server.web.context import context
from server.web.operator.guard import Routes, do
from server.web.signing import form_page


def suggestions() -> Response:
    """Open ones, the most wanted first, and accepted ones that the catalogue does not have yet."""
    here = context()
    with here.read() as session:
        open_, accepted = stored.most_wanted(session, 100), stored.most_wanted(session, 100, stored.ACCEPTED)
        waiting = [row for row in accepted if here.catalogue.by_host(row.name) is None]
        return form_page("operator/suggestions.html", open=open_, accepted=waiting)


def decide() -> Response:
    """Accepts or refuses one."""
    name, verdict = request.form.get("name", ""), request.form.get("verdict", "")

    def work(session: Session, now: datetime) -> str:
        if verdict not in (stored.ACCEPTED, stored.REFUSED):
            raise ClausewatchError("Accept it or refuse it.")
        if not stored.decide(session, name, verdict):
            raise ClausewatchError(f"There is no suggestion {name[:80]}.")
        return f"{name} is {verdict}."

    return do("suggestion", name[:200], work, "/operator/suggestions")


ROUTES: Routes = [
    ("/suggestions", "suggestions", suggestions, ["GET"]),
    ("/suggestions", "decide", decide, ["POST"]),
]
