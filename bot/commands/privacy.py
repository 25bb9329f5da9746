"""/privacy: what is kept, and what is not."""

from __future__ import annotations

from bot.command import Command
from bot.message import escape
from bot.talk import Talk


async def run(talk: Talk) -> None:
    """Says it."""
    w = talk.w
    lines = [
        w.t("Kept: this chat's number, its language and time zone, what it follows, and which notices it was sent."),
        w.t("Not kept: your name, who you are, what you write here, what you look up."),
        w.t("What Telegram sends us is stored until it is answered, then wiped."),
        w.t("/export shows all of it, /delete removes all of it at once."),
    ]
    await talk.say(escape("\n".join(lines)))


COMMAND = Command("privacy", lambda w: w.t("What is kept of you"), run)
