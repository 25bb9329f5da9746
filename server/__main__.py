"""The door of the command line: every error we raise on purpose becomes one line and exit code 1."""

from __future__ import annotations

import sys

import click

from server.cli import main as commands
from server.core.errors import ClausewatchError


def main() -> None:
    """Run `clausewatch`; never shows a traceback for what a person can put right."""
    try:
        commands(prog_name="clausewatch")
    except ClausewatchError as error:
        click.echo(f"clausewatch: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
