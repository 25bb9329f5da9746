"""/why soundcloud: the sentences a status rests on, and the rules that fired."""

from __future__ import annotations

from bot import cards
from bot.command import Command
from bot.commands.status import look, named
from bot.message import escape
from bot.talk import Talk


async def run(talk: Talk) -> None:
    """Shows the evidence of the platform that was named."""
    if not talk.asked:
        await talk.say(escape(talk.w.t("Name a platform: /why soundcloud.")))
    elif platform := await named(talk, talk.asked):
        await talk.reply(cards.why(talk.w, look(talk, platform).status))


async def press(talk: Talk, given: tuple[str, ...]) -> None:
    """The button under cards and notices."""
    platform = await named(talk, given[0])
    if platform:
        await talk.reply(cards.why(talk.w, look(talk, platform).status))


COMMAND = Command("why", lambda w: w.t("The sentences behind a status"), run, presses={"y": press})
