"""`clausewatch web`: the web process."""

from __future__ import annotations

import os
import sys

import click

from server import settings
from server.cli.up import web_command


@click.command()
def web() -> None:
    """Serve the API and the pages with gunicorn."""
    config = settings.read()
    command = web_command(config)
    os.execv(sys.executable, command)  # nosec B606: becomes gunicorn, so that signals reach it
