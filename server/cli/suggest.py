"""`clausewatch suggest`: ask for a platform to be watched."""

from __future__ import annotations

import click

from server import settings, wiring
from server.flows.suggest import Suggestions
from server.store import schema, session


@click.command()
@click.argument("url")
def suggest(url: str) -> None:
    """Queue the platform at URL for the operator; nothing is fetched from it."""
    service = wiring.build(settings.read())
    session.check(service.engine)
    schema.migrate(service.engine)
    found = Suggestions(service.catalogue, service.write, service.clock, service.reach).take(url)
    if found.platform:
        click.echo(f"{found.host} is watched already: clausewatch status {found.platform}")
    else:
        click.echo(f"{found.host} is queued for the operator.")
