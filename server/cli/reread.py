"""`clausewatch reread`: stored texts with the present reader."""

from __future__ import annotations

import click

from server import settings, wiring
from server.flows import reread as rereading
from server.store import session


@click.command()
def reread() -> None:
    """Read every stored version with the present reader. Nothing is announced: the platforms changed nothing."""
    service = wiring.build(settings.read())
    session.check(service.engine)
    done = differ = 0
    for item in rereading.reread(service.read, service.write, service.clock):
        done += 1
        differ += item.differs
        if item.differs:
            click.echo(f"{item.document:32} version {item.version}: {item.before} → {item.after}")
    click.echo(f"{done} versions read anew, {differ} of them otherwise than before.")
