"""The door of the command line: every error we raise on purpose becomes one line and exit code 1."""

from __future__ import annotations

import logging
import sys

import click

from server.cli import main as commands
from server.core.errors import ClausewatchError


def main() -> None:
    """Run `clausewatch`; never shows a traceback for what a person can put right."""
    try:
        commands(prog_name="clausewatch")
    except ClausewatchError as error:
        _say(str(error))
        sys.exit(1)


def _say(line: str) -> None:
    """For people as it is; a process that has begun to log says it there."""
    if logging.root.handlers:
        logging.getLogger("clausewatch").critical("%s", line)
    else:
        click.echo(f"clausewatch: {line}", err=True)


if __name__ == "__main__":
    main()
