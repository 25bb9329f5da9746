"""/start: hello. A link t.me/bot?start=soundcloud shows a status, ?start=follow_soundcloud follows."""

from __future__ import annotations

from bot.command import Command
from bot.commands.follow import follow_scope
from bot.commands.status import platform_of, show_status
from bot.message import Button, Message, data, escape
from bot.talk import Talk
from server.flows.subscribe import FOLLOW_LINK


async def run(talk: Talk) -> None:
    """Says what this is; or follows or shows the platform of a deep link."""
    asked = talk.asked.removeprefix(FOLLOW_LINK)
    if asked != talk.asked:
        platform = platform_of(talk, asked)
        if platform and await talk.may_change():
            await follow_scope(talk, f"platform:{platform.id}")
    if asked:
        await show_status(talk, asked)
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
