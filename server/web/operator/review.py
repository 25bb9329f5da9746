"""/operator/review: publish, correct or withdraw a change, as the bot's /review does."""

from __future__ import annotations

from datetime import datetime

from flask import Response, request
from sqlalchemy.orm import Session

from server.core.errors import ClausewatchError
from server.core.model import Stance
from server.flows import announce
from server.store import changes
from server.web.api.show import show_change
from server.web.context import context
from server.web.operator.guard import Routes, do
from server.web.signing import form_page

MOST = 20


def review() -> Response:
    """Held changes first, then the newest."""
    here = context()
    before = request.args.get("before", 0, int)
    with here.read() as session:
        rows = announce.to_review(session, MOST, before)
        shown = [
            (row.state, here.catalogue.platforms.get(row.platform), show_change(row, here.public_url)) for row in rows
        ]
    stances = [stance.value for stance in Stance]
    return form_page("operator/review.html", shown=shown, stances=stances, held=changes.HELD, most=MOST)


def act(change: int) -> Response:
    """One decision on one change."""
    verb = request.form.get("verb", "")

    def work(session: Session, now: datetime) -> str:
        if verb == "approve":
            number = announce.approve(session, change, context().catalogue, now)
            return f"Change {change} is published; {number} notices are queued."
        if verb == "withdraw":
            number = announce.withdraw(session, change, request.form.get("words", "").strip()[:1000], now)
            return f"Change {change} is withdrawn; {number} corrections are queued."
        if verb == "correct":
            field, stance = request.form.get("field", ""), request.form.get("stance", "")
            number = announce.correct_reading(session, change, field, stance, now)
            return f"Change {change}: {field} now reads {stance}; {number} corrections are queued."
        raise ClausewatchError("Choose to publish, correct or withdraw.")

    return do(f"review {verb}"[:40], f"change {change}", work, "/operator/review", wake=True)


ROUTES: Routes = [("/review", "review", review, ["GET"]), ("/review/<int:change>", "review_act", act, ["POST"])]
