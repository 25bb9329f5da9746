"""The worker process's door: an RQ worker that runs jobs in its own process, one after the other.

Jobs are short and resumable, so no fork a job is needed: a fork costs 11 ms of CPU, a poll that finds nothing new
about one. SIGTERM lets the job at hand finish (docs/decisions/0003-workers.md).
"""

from __future__ import annotations

import contextlib
import logging
import time
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested
from rq.executions import Execution
from rq.job import Job
from rq.worker import DequeueStrategy

from server import counters, logs, queues

log = logging.getLogger(__name__)


class Worker(SimpleWorker):
    """Takes away the mark that a job waits, when it begins: from then on the same job may be queued again."""

    asked = False
    """Whether this process was asked to end, whichever worker in it was."""

    def request_stop(self, signum: int, frame: Any) -> None:
        """Ends after the job at hand."""
        Worker.asked = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        """Runs one job; whether it succeeded. What it logs carries its id."""
        if mark := job.meta.get(queues.WAITING):
            self.connection.delete(mark)
        with logs.bound(job=job.id):
            began = time.monotonic()
            done = super().perform_job(job, queue, execution)
            counters.flush(self.connection)
            took = 1000 * (time.monotonic() - began)
            log.debug("%s %s in %.0f ms", job.func_name, "done" if done else "failed", took)
            return done


def run(redis: Redis, *, burst: bool = False) -> None:
    """Serves the queues until SIGTERM (or, in a burst, until they are empty).

    RQ's worker gives up when Redis breaks off in the middle of something; we wait a moment and begin anew.
    """
    with contextlib.suppress(StopRequested):  # it comes out of our own pause
        while not _serve(redis, burst=burst) and not Worker.asked:
            log.warning("Redis broke off; beginning anew")
            time.sleep(1)


def _serve(redis: Redis, *, burst: bool) -> bool:
    """Whether the worker ended because it was asked to, and not because Redis broke off."""
    try:
        # A killed worker's job comes back after worker_ttl, when the next maintenance looks.
        worker = Worker(list(queues.QUEUES), connection=redis, maintenance_interval=20, worker_ttl=45)
        # In turn: a long broadcast, whose job queues itself again and again, must not keep pages waiting.
        in_turn = DequeueStrategy.ROUND_ROBIN
        worker.work(burst=burst, logging_level="WARNING", dequeue_strategy=in_turn)
    except RedisError:
        return False
    return burst or Worker.asked
