"""/optout soundcloud: the steps to object."""

from __future__ import annotations

from bot import cards
from bot.command import Command
from bot.commands.status import named
from bot.message import escape
from bot.talk import Talk


async def run(talk: Talk) -> None:
    """Shows the steps of the platform that was named."""
    if not talk.asked:
        await talk.say(escape(talk.w.t("Name a platform: /optout soundcloud.")))
    elif platform := await named(talk, talk.asked):
        await talk.reply(cards.optout(talk.w, platform))


async def press(talk: Talk, given: tuple[str, ...]) -> None:
    """The button under cards and notices."""
    platform = await named(talk, given[0])
    if platform:
        await talk.reply(cards.optout(talk.w, platform))


COMMAND = Command("optout", lambda w: w.t("How to object to AI training"), run, presses={"o": press})
