"""/suggest example.com: ask for a platform to be watched."""

from __future__ import annotations

from bot.command import Command
from bot.commands.status import show_status
from bot.message import escape
from bot.talk import Talk
from server.flows import subscribe
from server.store import suggestions


async def run(talk: Talk) -> None:
    """Counts the wish, without who has it; a platform that is watched already is shown."""
    w = talk.w
    if not talk.asked:
        await talk.say(escape(w.t("Write the platform's address: /suggest example.com")))
        return
    try:
        platform = subscribe.find_platform(talk.catalogue, talk.asked)
    except subscribe.NotUnderstood:
        with talk.here.write() as session:
            kept = suggestions.add(session, talk.asked, talk.now)
        thanks = w.t("Thank you. The suggestion is kept, without who made it.")
        await talk.say(escape(thanks if kept else w.t("There are too many suggestions at the moment.")))
        return
    await show_status(talk, platform.id)


COMMAND = Command("suggest", lambda w: w.t("Ask for another platform"), run)
