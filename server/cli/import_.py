"""`clausewatch import`: take in histories that others recorded."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from server import settings, wiring
from server.flows.import_ota import Imported, import_ota
from server.sources.ota import named, opened
from server.store import schema, session


@click.group(name="import")
def import_() -> None:
    """Take in histories that others recorded; their changes are never sent as news."""


@import_.command()
@click.argument("place", metavar="PATH-or-URL")
@click.option("--platform", "platforms", multiple=True, metavar="ID", help="Only this platform; may be given again.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a document.")
def ota(place: str, platforms: tuple[str, ...], as_json: bool) -> None:
    """Import a collection of Open Terms Archive: a git repository, a bundle, or the https address of one."""
    service = wiring.build(settings.read())
    session.check(service.engine)
    schema.migrate(service.engine)
    count = 0
    with opened(place, allow_private=service.settings.allow_private) as history:
        for imported in import_ota(
            history, service.catalogue, service.write, service.clock, place=named(place), platforms=platforms
        ):
            count += 1
            click.echo(json.dumps(asdict(imported)) if as_json else _line(imported))
    if not count and not as_json:
        click.echo("Nothing in it belongs to a document of the catalogue; `aliases` in the catalogue say what does.")


def _line(imported: Imported) -> str:
    told = f"{imported.records} recorded, {imported.stored} new, {imported.changes} changes in its past"
    if imported.left_out:
        told += f", {imported.left_out} left out: of a time that another collection covers"
    return f"{imported.document:32} {told}  ({imported.recorded}; Open Terms Archive, ODC-By 1.0)"
