"""`clausewatch clock`: the clock process."""

from __future__ import annotations

import click

from server import cron, logs, pulse, queues, settings


@click.command()
def clock() -> None:
    """Queue what is to be done now and then."""
    config = settings.read()
    logs.start(config, "clock")
    redis = queues.open_redis_of(config)
    queues.check(redis)
    pulse.start(config, "clock")
    cron.run(redis)
