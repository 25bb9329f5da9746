"""`clausewatch settings`: what can be set, and what is in force."""

from __future__ import annotations

from dataclasses import fields

import click

from server import settings as reader
from server.settings import Settings

_HEAD = """# Settings

Clausewatch reads environment variables and nothing else. This table is made by `clausewatch settings --markdown`
(`make docs`). A wrong value stops the start with one line that names the variable and what to write instead.

| Variable | Default | What it does |
|---|---|---|
"""


@click.command()
@click.option("--markdown", is_flag=True, help="The table of docs/configuration.md.")
def settings(markdown: bool) -> None:
    """Show each setting in force; secrets only as … ."""
    click.echo(table() if markdown else in_force(reader.read()), nl=not markdown)


def table() -> str:
    """docs/configuration.md."""
    rows = (spec.metadata for spec in fields(Settings))
    return _HEAD + "".join(
        f"| `{row['variable']}` | {_code(row['default'])} | {row['says']}{' *Secret.*' if row['secret'] else ''} |\n"
        for row in rows
    )


def _code(value: str) -> str:
    return f"`{value}`" if value else ""


def in_force(config: Settings) -> str:
    """One line a setting: variable and value."""
    found = reader.environment(config)
    lines = []
    for spec in fields(Settings):
        name = spec.metadata["variable"]
        lines.append(f"{name:26} {'…' if spec.metadata['secret'] and found[name] else found[name]}".rstrip())
    return "\n".join(lines)
