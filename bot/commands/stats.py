"""/stats (operators): chats, subscriptions, and what is on its way."""

from __future__ import annotations

from bot.command import Command
from bot.delivery import bot_id
from bot.message import Button, Message, Rows, data, escape
from bot.talk import Talk
from server.store import chats, follows, leases, outbox, suggestions


async def run(talk: Talk) -> None:
    """Shows the numbers."""
    await talk.reply(_message(talk))


def _message(talk: Talk) -> Message:
    with talk.here.read() as session:
        kinds, popular = chats.numbers(session), follows.numbers(session)
        waiting, age = outbox.depth(session, talk.now)
        notices, dead = outbox.progress(session, 5), outbox.dead_letters(session, 3)
        paused, why = leases.paused_until(session, f"sender:{bot_id(talk.here.settings)}")
        wanted = suggestions.most_wanted(session, 5)
    lines = [
        "Chats: " + ", ".join(f"{kind} {number}" for kind, number in kinds.items()),
        "Followed: " + ", ".join(f"{scope} {number}" for scope, number in popular),
        f"Due: {waiting}, the oldest for {age.total_seconds():.0f} s",
        *([f"Paused until {paused:%H:%M:%S} UTC: {why}"] if paused and paused > talk.now else []),
        *(progress_line(notice) for notice in notices),
        *(f"Refused: № {notice}: {error}" for notice, _, error in dead),
        *(f"Suggested {row.times}×: {row.name}" for row in wanted),
    ]
    return Message("\n".join(escape(line[:300]) for line in lines), _rows(notices))


def progress_line(notice: dict[str, object]) -> str:
    """One notice's progress on a line."""
    counts = ", ".join(f"{state} {notice[state]}" for state in ("sent", "due", "held", "sending", "dead"))
    return f"№ {notice['id']} {notice['kind']} ({notice['state']}): {counts}"


def _rows(notices: list[dict[str, object]]) -> Rows:
    rows: list[tuple[Button, ...]] = []
    for notice in notices:
        number = notice["id"]
        if notice["state"] == outbox.OPEN and notice["due"]:
            rows.append((Button(f"Pause № {number}", data("p", number, outbox.PAUSED)),))
        elif notice["state"] == outbox.PAUSED:
            go_on = Button(f"Go on № {number}", data("p", number, outbox.OPEN))
            rows.append((go_on, Button(f"Abandon № {number}", data("p", number, outbox.ABANDONED))))
    return tuple(rows)


async def press(talk: Talk, given: tuple[str, ...]) -> None:
    """Pauses, goes on with, or abandons a notice."""
    if given[1] in (outbox.PAUSED, outbox.OPEN, outbox.ABANDONED):
        with talk.here.write() as session:
            outbox.set_state(session, int(given[0]), given[1])
    await talk.show(_message(talk))


COMMAND = Command("stats", lambda w: "Numbers, and what is on its way", run, operator=True, presses={"p": press})
