"""/operator/sources: what cannot be fetched, why, and trying again."""

from __future__ import annotations

from datetime import datetime

from flask import Response, request
from sqlalchemy.orm import Session

from server import queues
from server.core.errors import ClausewatchError, QueueError
from server.store import sources as stored
from server.web.context import context
from server.web.operator.guard import Routes, do
from server.web.signing import form_page

JOBS = {"page": queues.POLL_DUE, "signals": queues.SIGNALS_DUE, "feed": queues.FEEDS_DUE}
"""The job that looks at sources of a family."""


def sources() -> Response:
    """Broken sources, the oldest trouble first."""
    with context().read() as session:
        return form_page("operator/sources.html", broken=stored.broken(session))


def retry() -> Response:
    """Makes a source due now."""
    key = request.form.get("key", "")

    def work(session: Session, now: datetime) -> str:
        row = stored.find(session, key)
        if row is None:
            raise ClausewatchError(f"There is no source {key[:80]}.")
        row.next_check_at = now
        return f"{key} is due now."

    response = do("retry", key[:200], work, "/operator/sources")
    _hurry(key)
    return response


def _hurry(key: str) -> None:
    """Without Redis the next tick finds it."""
    try:
        if job := JOBS.get(key.partition(":")[0]):
            context().queue.enqueue(job)
    except QueueError:
        return


ROUTES: Routes = [("/sources", "sources", sources, ["GET"]), ("/sources", "retry", retry, ["POST"])]
