"""`clausewatch platforms`: what is watched, as the catalogue and its overlay say."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

import click

from server import settings
from server.catalogue import load
from server.core.model import Platform


@click.command()
@click.argument("platform", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON array with everything that is known.")
def platforms(platform: str | None, as_json: bool) -> None:
    """List the platforms of the catalogue, or show all about one PLATFORM."""
    catalogue = load(settings.read().catalogue)
    found = [catalogue.platform(platform)] if platform else list(catalogue.platforms.values())
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
    elif platform:
        click.echo("\n".join(_details(found[0])))
    else:
        click.echo("\n".join(_table(found)))


def _table(found: Iterable[Platform]) -> Iterator[str]:
    rows = [
        (one.id, one.category, f"{len(one.documents)} documents", ", ".join(one.hosts))
        for one in sorted(found, key=lambda one: (one.category, one.id))
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        yield "  ".join(text.ljust(width) for text, width in zip(row, [*widths, 0], strict=True)).rstrip()
    yield f"{len(rows)} platforms. `clausewatch platforms NAME` shows one; docs/catalogue.md says how to add one."


def _details(one: Platform) -> Iterator[str]:
    yield f"{one.name} ({one.id}), {one.category}: {', '.join(one.hosts)}"
    for document in one.documents:
        region = f" [{document.region}]" if document.region else ""
        doubt = "" if document.verified else "  (address not verified)"
        yield f"  {document.key}{region}  {document.type}  {' + '.join(document.urls)}{doubt}"
    for statement in one.statements:
        yield f"  {statement.date}  {statement.speaker} says: {statement.says}  {statement.source}"
    for event in one.events:
        yield f"  {event.date}  {event.what}  {event.source}"
    for choice in one.choices:
        yield f"  {choice.kind.replace('_', '-')}: {choice.scope}. {' '.join(choice.steps)} {choice.url}".rstrip()
    if one.notes:
        yield f"  {one.notes}"
