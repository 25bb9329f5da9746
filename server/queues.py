"""Queue and job names as strings, and the one way to queue a job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from redis import Redis
from rq import Queue, Retry, Worker
from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.job import Job

from server.answering import redis_answers
from server.settings import Settings

POLL, DELIVER = "poll", "deliver"
QUEUES = (DELIVER, POLL)
"""What workers serve, in turn."""

POLL_DUE = "server.tasks.poll_due"
SIGNALS_DUE = "server.tasks.signals_due"
FEEDS_DUE = "server.tasks.feeds_due"
SWEEP = "server.tasks.sweep"
DELIVER_DUE = "bot.tasks.deliver"
HANDLE_UPDATES = "bot.tasks.handle_updates"

QUEUE_OF = {DELIVER_DUE: DELIVER, HANDLE_UPDATES: DELIVER}
WAITING = "waiting"
"""Key in a job's meta: the mark in Redis that the worker takes away when the job begins."""
WAITING_SECONDS = 30
"""How long the mark outlives a worker that died between taking a job and beginning it."""
JOB_SECONDS = 120
"""Hard limit of a job. Jobs are short and resumable; this only ends what hangs."""


class RedisQueue:
    """Queues jobs in Redis. A job of the same name and arguments that still waits is not queued twice."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self.queues = {name: Queue(name, connection=redis) for name in QUEUES}

    def enqueue(self, job: str, *args: str | int) -> None:
        """Queues `job` once; raises QueueError when Redis does not answer."""
        waiting = "cw:waiting:" + ":".join(map(str, (job, *args)))
        with redis_answers():
            # Not RQ's unique=True: that also blocks while a job of that id runs, or has failed.
            if self.redis.set(waiting, 1, nx=True, ex=WAITING_SECONDS):
                self.queues[QUEUE_OF.get(job, POLL)].enqueue(
                    job,
                    args=args,
                    job_timeout=JOB_SECONDS,
                    result_ttl=0,
                    failure_ttl=3600,
                    retry=Retry(max=2),
                    meta={WAITING: waiting},
                )

    def waiting(self) -> dict[str, int]:
        """How many jobs wait, by queue; raises QueueError when Redis does not answer."""
        with redis_answers():
            return {name: queue.count for name, queue in self.queues.items()}


def open_redis(url: str, *, verify: bool = True) -> Redis:
    """A client with deadlines. `verify=False` accepts self-signed certificates on rediss:// addresses."""
    extra = {"ssl_cert_reqs": None} if url.startswith("rediss://") and not verify else {}
    return Redis.from_url(url, socket_connect_timeout=5, health_check_interval=30, **extra)


def open_redis_of(settings: Settings) -> Redis:
    """The client that these settings name."""
    return open_redis(settings.redis, verify=settings.redis_verify)


def check(redis: Redis) -> None:
    """Whether Redis answers. Raises QueueError with one line that says what to do."""
    with redis_answers():
        redis.ping()


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that failed more often than it may, with the last line of its error."""

    id: str
    name: str
    at: datetime | None
    error: str


def failed(redis: Redis, limit: int = 50) -> list[FailedJob]:
    """The failed jobs that are still remembered; raises QueueError."""
    with redis_answers():
        jobs = [job for name in QUEUES for job in _failed_of(redis, name, limit)]
    return [FailedJob(job.id, job.func_name or "", job.ended_at, _last_line(job)) for job in jobs]


def _failed_of(redis: Redis, name: str, limit: int) -> list[Job]:
    ids = Queue(name, connection=redis).failed_job_registry.get_job_ids(0, limit - 1)
    return [job for job in Job.fetch_many(ids, connection=redis) if job is not None]


def _last_line(job: Job) -> str:
    result = job.latest_result()
    return str((result.exc_string if result else "") or "").strip().rpartition("\n")[2][:500]


def retry(redis: Redis, job: str) -> bool:
    """Queues a failed job once more; whether it is still there."""
    return _of_failed(redis, job, lambda found: found.requeue())


def forget(redis: Redis, job: str) -> bool:
    """Deletes a failed job; whether it was still there."""
    return _of_failed(redis, job, lambda found: found.delete())


def _of_failed(redis: Redis, job: str, work: Callable[[Job], object]) -> bool:
    try:
        with redis_answers():
            found = Job.fetch(job, connection=redis)
            if not found.is_failed:
                return False
            work(found)
    except (NoSuchJobError, InvalidJobOperation):
        return False
    return True


def workers(redis: Redis) -> list[str]:
    """The workers there are, each with its machine and what it does; raises QueueError."""
    with redis_answers():
        return [f"{each.hostname}, {each.get_state()}" for each in Worker.all(connection=redis)]
