"""/start: hello. Links: ?start=soundcloud shows a status, ?start=follow_soundcloud follows, ?start=diff_17 a change."""

from __future__ import annotations

from bot import phrases
from bot.command import Command
from bot.commands.diff import show_change
from bot.commands.follow import follow_scope
from bot.commands.status import platform_of, show_status
from bot.message import Button, Message, data, escape
from bot.talk import Talk
from server.flows.subscribe import DIFF_LINK, FOLLOW_LINK


async def run(talk: Talk) -> None:
    """Says what this is; or does what a deep link says."""
    asked = talk.asked.removeprefix(FOLLOW_LINK)
    if not asked:
        await _hello(talk)
    elif number := _number_of(asked):
        await show_change(talk, number)
    else:
        if asked != talk.asked:
            await _follow(talk, asked)
        await show_status(talk, asked)


def _number_of(asked: str) -> int | None:
    number = asked.removeprefix(DIFF_LINK)
    return int(number) if number != asked and number.isdecimal() and len(number) < 10 else None


async def _follow(talk: Talk, asked: str) -> None:
    platform = platform_of(talk, asked)
    if platform and not await talk.may_change():
        await talk.say(escape(phrases.admins_only(talk.w)))
    elif platform:
        await follow_scope(talk, f"platform:{platform.id}")


async def _hello(talk: Talk) -> None:
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
