"""`clausewatch worker`: a worker process."""

from __future__ import annotations

import click

from server import logs, pulse, queues, settings
from server.worker import run


@click.command()
@click.option("--burst", is_flag=True, help="Leave when the queues are empty.")
def worker(burst: bool) -> None:
    """Run queued jobs."""
    config = settings.read()
    logs.start(config, "worker")
    redis = queues.open_redis_of(config)
    queues.check(redis)
    pulse.start(config, "worker")
    run(redis, burst=burst)
