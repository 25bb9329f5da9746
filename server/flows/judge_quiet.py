"""Judge quiet: link each change to what announced it, or find that nothing did."""

from __future__ import annotations

from server.core.announcements import WINDOW, nearest, quiet
from server.flows.ports import Clock
from server.flows.read_feeds import FAMILY
from server.store import announcements
from server.store.session import Transaction


def judge_quiet(write: Transaction, clock: Clock) -> int:
    """Looks at the changes that are not judged yet; gives how many are now. Harmless when it runs twice."""
    now, judged = clock.now(), 0
    with write() as session:
        for change in announcements.unjudged_changes(session):
            heard = announcements.relevant(session, change.platform)
            found = nearest(change.happened_from, change.happened_to, heard)
            since = announcements.listening_since(session, change.platform, FAMILY, change.happened_to + WINDOW)
            change.quiet = quiet(change.happened_from, change.happened_to, found, listening_since=since, now=now)
            change.announcement_id = found.id if found else None
            judged += change.quiet is not None
    return judged
