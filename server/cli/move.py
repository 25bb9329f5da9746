"""`clausewatch move`: to another database."""

from __future__ import annotations

import click

from server import settings, wiring
from server.store import dumps, schema, session


@click.command()
@click.option("--to", "target", required=True, help="An empty database: postgres://… or sqlite:///…")
def move(target: str) -> None:
    """Copy everything from the database in force to another one. Stop the other processes first."""
    service = wiring.build(settings.read())
    goal = session.open_engine(settings.read({"DATABASE_URL": target}).database)
    session.check(service.engine)
    session.check(goal)
    migration = schema.current(service.engine) or ""
    number = dumps.load(goal, migration, dumps.rows(service.engine))
    click.echo(f"{number} rows copied. Set DATABASE_URL to the new database and start again; the old one is unchanged.")
