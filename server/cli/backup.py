"""`clausewatch backup`: everything in one file."""

from __future__ import annotations

from pathlib import Path

import click

from server import settings, wiring
from server.store import dumps, session


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write the whole database to FILE while everything goes on running."""
    service = wiring.build(settings.read())
    session.check(service.engine)
    number = dumps.write(service.engine, file)
    click.echo(f"{number} rows in {file} ({file.stat().st_size // 1024} KiB). It holds chat ids: keep it safe.")
