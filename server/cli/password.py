"""`clausewatch password`: a hash for CLAUSEWATCH_OPERATOR_PASSWORD."""

from __future__ import annotations

import click

from server.core.errors import ClausewatchError
from server.core.passwords import LEAST, hash_of


@click.command()
@click.password_option(help="Asked for when it is not given.")
def password(password: str) -> None:
    """Print the hash that may stand in CLAUSEWATCH_OPERATOR_PASSWORD in place of the password."""
    if len(password) < LEAST:
        raise ClausewatchError(f"Take a password of at least {LEAST} characters.")
    click.echo(hash_of(password))
