"""/digest daily 9:00 Europe/Berlin, /digest weekly, /digest off: changes together, for all that is followed."""

from __future__ import annotations

from bot.command import Command
from bot.commands.settings import clock
from bot.message import escape
from bot.talk import Talk
from server.flows import subscribe
from server.store import chats, follows, outbox

WORDS = {"daily": "daily", "weekly": "weekly", "off": "instant", "instant": "instant"}


async def run(talk: Talk) -> None:
    """Sets how often, and at which time of day."""
    w = talk.w
    try:
        often, minute, zone = _parts(list(talk.args))
    except (KeyError, IndexError, subscribe.NotUnderstood):
        await talk.say(escape(w.t("Write /digest daily 9:00 Europe/Berlin, /digest weekly 9:00 or /digest off.")))
        return
    with talk.here.write() as session:
        chat = chats.get(session, talk.place.chat)
        if zone and chat is not None:
            chat.time_zone = zone
        rows = follows.of_chat(session, talk.place.chat, talk.place.thread)
        for row in rows:
            row.digest = often
            row.digest_minute = row.digest_minute if minute is None else minute
        outbox.wait_anew(session, talk.place.chat, talk.now)
        at = clock(rows[0].digest_minute) if rows else ""
    if not rows:
        await talk.say(escape(w.t("You follow nothing yet. Try /follow soundcloud, or /follow all music.")))
    elif often == "instant":
        await talk.say(escape(w.t("You are told at once.")))
    elif often == "daily":
        await talk.say(escape(w.t("You are told once a day, at {time} ({zone}).", time=at, zone=talk.zone)))
    else:
        await talk.say(escape(w.t("You are told once a week, on Mondays at {time} ({zone}).", time=at, zone=talk.zone)))


def _parts(given: list[str]) -> tuple[str, int | None, str]:
    """How often, at which minute of the day, in which time zone; raises NotUnderstood, KeyError or IndexError."""
    often = WORDS[given.pop(0).lower()]
    minute = subscribe.minute_of(given.pop(0)) % 1440 if given and given[0][0].isdecimal() else None
    return often, minute, subscribe.time_zone(" ".join(given)) if given else ""


COMMAND = Command("digest", lambda w: w.t("Once a day or week instead of at once"), run, changes=True)
