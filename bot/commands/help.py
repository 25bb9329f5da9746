"""/help: the commands."""

from __future__ import annotations

from bot import commands
from bot.command import Command
from bot.message import escape
from bot.talk import Talk


async def run(talk: Talk) -> None:
    """Lists what this chat may use."""
    shown = [c for c in commands.every() if not c.operator or talk.is_operator]
    lines = [f"/{command.name} – {escape(command.says(talk.w))}" for command in shown]
    tail = talk.w.t("Or just write a platform's name or address.")
    await talk.say("\n".join([*lines, "", escape(tail)]))


COMMAND = Command("help", lambda w: w.t("The commands"), run)
