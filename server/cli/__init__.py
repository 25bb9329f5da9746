"""The command line: one module a command, named like it, registered here and imported only when it is called."""

from __future__ import annotations

from importlib import import_module
from keyword import iskeyword

import click

COMMANDS: dict[str, str] = {
    "up": "Start everything on this machine.",
    "demo": "See a quiet change being found, in under a minute.",
    "status": "Show what is known of a platform.",
    "poll": "Look at policy pages now.",
    "backfill": "Find a platform's past changes in a web archive.",
    "import": "Take in histories that others recorded.",
    "backup": "Write the whole database to one file.",
    "restore": "Fill an empty database from a backup.",
    "move": "Copy everything to another database.",
    "reread": "Read stored texts with the present reader.",
    "settings": "Show what is set, and what can be.",
    "suggest": "Ask for a platform to be watched.",
    "outbox": "Show what is to be sent; pause, resume or give up a notice.",
    "password": "Make a hash of a password for the operator's pages.",
    "doctor": "Find out what does not work here, and what to do.",
    "read": "Read one policy text: what may happen to what you upload.",
    "compare": "Judge the change from one text to another.",
    "history": "Replay recorded histories and print the alerts they would have given.",
    "evaluate": "Measure the reader and the change judge on labelled texts.",
    "platforms": "List the platforms of the catalogue, or show one.",
    "web": "The web process (Procfile).",
    "worker": "A worker process (Procfile).",
    "clock": "The clock process (Procfile).",
    "migrate": "Bring the database to the newest schema (release phase).",
}
"""Command → its line in `clausewatch --help`. The module server/cli/<command>.py holds a function of that name."""


class Commands(click.Group):
    """A group that imports a command when it is called, so that reading a text does not load a web server."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_") + ("_" if iskeyword(cmd_name) else "")
        command: click.Command = getattr(import_module(f"server.cli.{name}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="clausewatch")
def main() -> None:
    """Watch what platforms' terms let AI do with what creators upload."""
