"""/quiet 22-7 Europe/Berlin, /quiet 10pm - 7am: hours in which nothing is sent, for all that this chat follows."""

from __future__ import annotations

import re

from bot.command import Command
from bot.commands.settings import clock
from bot.message import escape
from bot.talk import Talk
from server.flows import subscribe
from server.store import chats, follows, outbox

_PARTS = re.compile(r"(off|none|0|[^-–—]+[-–—]\s*\S+(?:\s+[ap]m\b)?)(?:\s+(.+))?", re.IGNORECASE)
"""Hours, and perhaps a time zone."""


async def run(talk: Talk) -> None:
    """Sets or ends quiet hours; the time zone may stand behind them."""
    w = talk.w
    if not talk.args:
        await talk.say(escape(w.t("Write the hours and your time zone: /quiet 22-7 Europe/Berlin, or /quiet off.")))
        return
    try:
        hours, zone = _parts(talk.asked)
    except subscribe.NotUnderstood as unknown:
        said = w.t("That is no time or time zone that I know. Example: /quiet 22-7 Europe/Berlin")
        await talk.say(escape(" ".join([said, *unknown.near])))
        return
    with talk.here.write() as session:
        chat = chats.ensure(session, talk.place.chat, talk.place.kind, talk.place.language, talk.now)
        chat.time_zone = zone or chat.time_zone
        zone = chat.time_zone
        rows = follows.of_chat(session, talk.place.chat, talk.place.thread)
        for row in rows:
            row.quiet_from, row.quiet_to = hours or (None, None)
        nothing = not rows
        outbox.wait_anew(session, talk.place.chat, talk.now)
    if nothing:
        await talk.say(escape(w.t("You follow nothing yet. Try /follow soundcloud, or /follow all music.")))
    elif hours is None:
        await talk.say(escape(w.t("No quiet hours any more.")))
    else:
        begin, end = map(clock, hours)
        await talk.say(escape(w.t("Nothing is sent from {begin} to {end} ({zone}).", begin=begin, end=end, zone=zone)))


def _parts(asked: str) -> tuple[tuple[int, int] | None, str]:
    """Hours and time zone; raises NotUnderstood."""
    match = _PARTS.fullmatch(asked)
    if match is None:
        raise subscribe.NotUnderstood(asked)
    return subscribe.quiet_hours(match.group(1)), subscribe.time_zone(match.group(2)) if match.group(2) else ""


COMMAND = Command("quiet", lambda w: w.t("Hours without messages"), run, changes=True)
