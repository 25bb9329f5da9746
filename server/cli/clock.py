"""`clausewatch clock`: the clock process."""

from __future__ import annotations

import click

from server import cron, queues, settings


@click.command()
def clock() -> None:
    """Queue what is to be done now and then."""
    config = settings.read()
    redis = queues.open_redis_of(config)
    queues.check(redis)
    cron.run(redis)
