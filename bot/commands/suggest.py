"""/suggest example.com: ask for a platform to be watched."""

from __future__ import annotations

import asyncio

from bot.command import Command
from bot.commands.status import show_status
from bot.message import escape
from bot.talk import Talk
from server.core.errors import ClausewatchError
from server.flows import subscribe
from server.flows.suggest import Suggested, Suggestions


async def run(talk: Talk) -> None:
    """Counts the wish, without who has it; a platform that is watched already is shown."""
    w = talk.w
    if not talk.asked:
        await talk.say(escape(w.t("Write the platform's address: /suggest example.com")))
        return
    try:
        platform = subscribe.find_platform(talk.catalogue, talk.asked).id
    except subscribe.NotUnderstood:
        platform = await _suggest(talk)
    if platform:
        await show_status(talk, platform)


async def _suggest(talk: Talk) -> str:
    """Queues the site for the operator and says so; the platform's id when it is watched already."""
    w, here = talk.w, talk.here
    suggestions = Suggestions(talk.catalogue, here.write, here.clock, here.reach)
    found = Suggested("")
    try:
        # The system's resolver is asked whether the name is public: that must not hold up everybody else.
        found = await asyncio.to_thread(suggestions.take, talk.asked)
        said = w.t("Thank you. The suggestion is kept, without who made it.")
    except ClausewatchError as why:
        unsure = w.t("That could not be checked just now; please try again later.")
        said = w.t("Write the address of a public site: /suggest example.com") if why.permanent else unsure
    if not found.platform:
        await talk.say(escape(said))
    return found.platform


COMMAND = Command("suggest", lambda w: w.t("Ask for another platform"), run)
