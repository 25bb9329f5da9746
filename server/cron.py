"""The clock process's door: RQ's cron queues what is to be done now and then.

A job only looks at what is due in the database, so a second clock, a late one or a restart does no harm.
"""

from __future__ import annotations

import contextlib
import logging
import time
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from rq.cron import CronScheduler
from rq.exceptions import SchedulerNotFound, StopRequested

from server import queues, settings

log = logging.getLogger(__name__)

EVERY = {
    queues.POLL_DUE: 30,
    queues.SIGNALS_DUE: 300,
    queues.FEEDS_DUE: 300,
    queues.DELIVER_DUE: 20,
    queues.SWEEP: 300,
}
"""Seconds between two ticks of a job."""


def tick(job: str, period: int) -> None:
    """Runs in a worker: queues `job` at most once in each period, however many clocks tick."""
    redis = queues.open_redis_of(settings.read())
    slot = int(time.time()) // period
    if redis.set(f"cw:tick:{job}:{slot}", 1, nx=True, ex=4 * period):
        queues.RedisQueue(redis).enqueue(job)


class Scheduler(CronScheduler):
    """RQ's cron, which remembers that it was asked to stop."""

    asked = False

    def _request_stop(self, signum: int, frame: Any) -> None:
        self.asked = True
        super()._request_stop(signum, frame)  # type: ignore[no-untyped-call]


def schedule(redis: Redis) -> Scheduler:
    """A scheduler with every tick on it."""
    scheduler = Scheduler(connection=redis, logging_level="WARNING")
    for job, period in EVERY.items():
        queue = queues.QUEUE_OF.get(job, queues.POLL)
        scheduler.register(
            tick, queue, args=(job, period), interval=period, name=job, job_timeout=30, result_ttl=0, failure_ttl=60
        )
    return scheduler


def run(redis: Redis) -> None:
    """Ticks until SIGTERM. RQ's cron ends with an error when Redis drops; we wait and start it anew."""
    with contextlib.suppress(StopRequested):  # it comes out of our own pause
        wait = 1
        while True:
            began, scheduler = time.monotonic(), schedule(redis)
            try:
                scheduler.start()  # type: ignore[no-untyped-call]
                return
            except (RedisError, SchedulerNotFound) as why:  # the latter: Redis came back empty
                if scheduler.asked:
                    return
                wait = 1 if time.monotonic() - began > 60 else min(wait * 2, 30)
                log.warning("Redis broke off (%s); trying again in %d s", why, wait)
                time.sleep(wait)
