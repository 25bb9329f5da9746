"""/operator: numbers, alarms, and what was done."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response

from server.store import alarms, chats, follows, heartbeats, measures, operators, outbox
from server.web.context import context
from server.web.operator.guard import Routes
from server.web.signing import form_page


def overview() -> Response:
    """Subscribers, processes, sources, the outbox, alarms."""
    here = context()
    with here.read() as session:
        now = datetime.now(UTC)
        depth, age = outbox.depth(session, here.clock.now())
        return form_page(
            "operator/overview.html",
            chats=chats.numbers(session),
            follows=follows.numbers(session),
            processes=[(name, int((now - at).total_seconds())) for name, at in heartbeats.newest(session).items()],
            families=measures.families(session),
            changes=measures.changes(session),
            depth=depth,
            age=int(age.total_seconds()),
            alarms=alarms.newest(session),
        )


def audit() -> Response:
    """What operators did."""
    with context().read() as session:
        return form_page("operator/audit.html", done=operators.audit(session))


ROUTES: Routes = [("", "overview", overview, ["GET"]), ("/audit", "audit", audit, ["GET"])]
