"""/start: hello; with a platform (t.me/bot?start=soundcloud) its status."""

from __future__ import annotations

from bot.command import Command
from bot.commands.status import show_status
from bot.message import Button, Message, data, escape
from bot.talk import Talk


async def run(talk: Talk) -> None:
    """Says what this is, or shows the platform of a deep link."""
    if talk.args:
        await show_status(talk, talk.asked)
        return
    w = talk.w
    text = "\n\n".join(
        [
            f"<b>{escape(w.t('Clausewatch watches what platforms may let AI do with what you upload.'))}</b>",
            escape(w.t("I tell you when the terms change, and show the sentence.")),
            escape(w.t("Write a platform's name or address, or choose:")),
        ]
    )
    rows = (
        (
            Button(w.t("All music platforms"), data("F", "category:music")),
            Button(w.t("All platforms"), data("F", "all")),
        ),
    )
    await talk.reply(Message(text, rows))


COMMAND = Command("start", lambda w: w.t("What this is"), run)
