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
            return announce.approve(session, change, context().catalogue, now)
        if verb == "withdraw":
            return announce.withdraw(session, change, request.form.get("words", "").strip()[:1000], now)
        if verb == "correct":
            return announce.correct(session, change, request.form.get("field", ""), request.form.get("stance", ""), now)
        raise ClausewatchError("Choose to publish, correct or withdraw.")

    return do(f"review {verb}"[:40], f"change {change}", work, "/operator/review", wake=True)


ROUTES: Routes = [("/review", "review", review, ["GET"]), ("/review/<int:change>", "review_act", act, ["POST"])]
