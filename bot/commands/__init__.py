"""Commands: one file each, named like the command, registered in ALL and told to Telegram in every language."""

from __future__ import annotations

from importlib import import_module

from bot.command import Command

EVERYBODY: tuple[str, ...] = ("start", "follow", "unfollow", "list", "status", "history", "why", "diff", "optout")
EVERYBODY += ("settings", "quiet", "digest", "lang", "suggest", "export", "import", "delete", "privacy", "help")
OPERATORS = ("stats", "sources", "review", "broadcast")
ALL = EVERYBODY + OPERATORS


def command(name: str) -> Command:
    """The command of that name."""
    # "import" cannot be imported by its name in a statement, and its file is named like the command all the same.
    found: Command = import_module(f"bot.commands.{name}").COMMAND
    return found


def every() -> list[Command]:
    """All commands, in the order in which /help and Telegram's menu show them."""
    return [command(name) for name in ALL]
