"""/operator/queue: what waits, who works, and jobs that failed."""

from __future__ import annotations

from datetime import datetime

from flask import Response, request
from redis import Redis
from sqlalchemy.orm import Session

from server import queues
from server.core.errors import QueueError
from server.web.context import context
from server.web.operator.guard import Routes, do
from server.web.signing import form_page


def queue() -> Response:
    """The queues."""
    try:
        redis = _redis()
        waiting, failed, workers = context().queue.waiting(), queues.failed(redis), queues.workers(redis)
        return form_page("operator/queue.html", away="", waiting=waiting, failed=failed, workers=workers)
    except QueueError as why:
        return form_page("operator/queue.html", away=str(why), waiting={}, failed=[], workers=[])


def again() -> Response:
    """Queues a failed job once more, or forgets it."""
    job, verb = request.form.get("job", ""), request.form.get("verb", "")

    def work(_session: Session, _now: datetime) -> str:
        done = queues.retry(_redis(), job) if verb == "retry" else queues.forget(_redis(), job)
        if not done:
            return "It is gone already."
        return f"{job[:60]} waits again." if verb == "retry" else f"{job[:60]} is forgotten."

    return do(f"job {verb}"[:40], job[:60], work, "/operator/queue")


def _redis() -> Redis:
    redis = context().redis
    if redis is None:
        raise QueueError("This process has no Redis.")
    return redis


ROUTES: Routes = [("/queue", "queue", queue, ["GET"]), ("/queue", "queue_again", again, ["POST"])]
