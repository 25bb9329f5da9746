"""`clausewatch restore`: a backup into an empty database."""

from __future__ import annotations

from pathlib import Path

import click

from server import settings, wiring
from server.store import dumps, session


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Fill an empty database (SQLite or PostgreSQL, whichever made it) from FILE."""
    service = wiring.build(settings.read())
    session.check(service.engine)
    click.echo(f"{dumps.restore(service.engine, file)} rows restored.")
