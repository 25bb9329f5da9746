"""`clausewatch migrate`: the release phase."""

from __future__ import annotations

import click

from server import settings, wiring
from server.store import schema, session


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema: the release phase."""
    service = wiring.build(settings.read())
    session.check(service.engine)
    schema.migrate(service.engine)
    _ = service.catalogue  # a broken file is told now, not by every process
    click.echo(f"The database is at migration {schema.current(service.engine)}.")
