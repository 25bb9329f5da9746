"""/quiet 22-7 Europe/Berlin: hours in which nothing is sent, for all that this chat follows."""

from __future__ import annotations

from bot.command import Command
from bot.commands.settings import clock
from bot.message import escape
from bot.talk import Talk
from server.flows import subscribe
from server.store import chats, follows


async def run(talk: Talk) -> None:
    """Sets or ends quiet hours; the time zone may stand behind them."""
    w = talk.w
    if not talk.args:
        await talk.say(escape(w.t("Write the hours and your time zone: /quiet 22-7 Europe/Berlin, or /quiet off.")))
        return
    try:
        hours = subscribe.quiet_hours(talk.args[0])
        zone = subscribe.time_zone(talk.args[1]) if len(talk.args) > 1 else ""
    except subscribe.NotUnderstood as unknown:
        said = w.t("That is no time or time zone that I know. Example: /quiet 22-7 Europe/Berlin")
        await talk.say(escape(" ".join([said, *unknown.near])))
        return
    with talk.here.write() as session:
        chat = chats.ensure(session, talk.place.chat, talk.place.kind, talk.place.language, talk.now)
        chat.time_zone = zone or chat.time_zone
        zone = chat.time_zone
        for row in follows.of_chat(session, talk.place.chat, talk.place.thread):
            row.quiet_from, row.quiet_to = hours or (None, None)
    if hours is None:
        await talk.say(escape(w.t("No quiet hours any more.")))
    else:
        begin, end = map(clock, hours)
        await talk.say(escape(w.t("Nothing is sent from {begin} to {end} ({zone}).", begin=begin, end=end, zone=zone)))


COMMAND = Command("quiet", lambda w: w.t("Hours without messages"), run, changes=True)
