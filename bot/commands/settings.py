"""/settings: how each subscription is told: level, kinds, direction, how often, quiet hours, language."""

from __future__ import annotations

from collections.abc import Callable

from bot import cards, phrases
from bot.command import Command
from bot.commands.list import show_list
from bot.i18n import LANGUAGES, Words, words
from bot.message import Button, Message, Rows, data, escape
from bot.talk import Talk
from server.flows import subscribe
from server.store import follows, outbox
from server.store.tables_people import FollowRow

HOURS = {"": None, "22-7": (1320, 420), "23-8": (1380, 480), "20-9": (1200, 540)}
"""Quiet hours that a button offers; /quiet takes any."""


async def run(talk: Talk) -> None:
    """Shows what is followed, to choose from."""
    await show_list(talk, 0)


def clock(minute: int) -> str:
    """A minute of the day as a clock shows it."""
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def quiet(w: Words, row: FollowRow) -> str:
    """A subscription's quiet hours in words."""
    if row.quiet_from is None or row.quiet_to is None:
        return w.t("No quiet hours")
    return w.t("Quiet from {begin} to {end}", begin=clock(row.quiet_from), end=clock(row.quiet_to))


def card(w: Words, row: FollowRow, name: str, zone: str) -> Message:
    """A subscription's settings, each with a button that changes it."""
    kinds = phrases.kinds(w)
    heard = ", ".join(kinds[kind] for kind in subscribe.kinds_of(row)) if row.kinds else w.t("All kinds of change")
    often = phrases.digests(w)[row.digest]
    if row.digest != "instant":
        often += f" ({clock(row.digest_minute)})"
    lines = [
        f"<b>{escape(phrases.scope(w, row.scope, name))}</b>",
        escape(phrases.levels(w)[row.level]),
        escape(heard),
        escape(phrases.directions(w)[row.direction]),
        escape(often),
        escape(f"{quiet(w, row)} ({zone})"),
    ]
    if zone == "UTC" and (row.quiet_from is not None or row.digest != "instant"):
        lines.append(escape(w.t("Set your time zone, as in /quiet 22-7 Europe/Berlin.")))
    if row.language:
        lines.append(escape(LANGUAGES[row.language]))
    return Message("\n".join(lines), _rows(w, row))


def _rows(w: Words, row: FollowRow) -> Rows:
    def choices(field: str, texts: dict[str, str]) -> tuple[Button, ...]:
        now = getattr(row, field)
        return tuple(_tick(value == now, text, data("x", row.id, field, value)) for value, text in texts.items())

    heard = subscribe.kinds_of(row)
    kinds = [
        _tick(kind in heard, text, data("k", row.id, kind, int(kind not in heard)))
        for kind, text in phrases.kinds(w).items()
    ]
    now = None if row.quiet_from is None else (row.quiet_from, row.quiet_to)
    hours = (_tick(now == of, name or w.t("No quiet hours"), data("q", row.id, name)) for name, of in HOURS.items())
    return (
        choices("level", phrases.levels(w)),
        choices("direction", phrases.directions(w)),
        choices("digest", phrases.digests(w)),
        tuple(hours),
        *(tuple(kinds[i : i + 2]) for i in range(0, len(kinds), 2)),
        tuple(_tick(code == row.language, code, data("w", row.id, code)) for code in LANGUAGES),
        (Button(w.t("Unfollow"), cards.unfollow_data(row.scope)),),
        (Button("‹ " + w.t("Back"), data("l", 0)),),
    )


def _tick(chosen: bool, text: str, pressed: str) -> Button:
    return Button(("✓ " if chosen else "") + text, pressed)


async def show(talk: Talk, id_: str) -> None:
    """Shows a subscription of this chat."""
    with talk.here.read() as session:
        row = follows.get(session, talk.place.chat, int(id_))
        message = _card(talk, row) if row else None
    await talk.show(message or Message(escape(talk.w.t("You do not follow that any more."))))


def _card(talk: Talk, row: FollowRow) -> Message:
    return card(
        words(row.language or talk.place.language), row, subscribe.scope_name(talk.catalogue, row.scope), talk.zone
    )


async def press_show(talk: Talk, given: tuple[str, ...]) -> None:
    """A subscription was chosen from the list."""
    await show(talk, given[0])


async def press_choice(talk: Talk, given: tuple[str, ...]) -> None:
    """Level, direction or how often."""
    id_, field, value = given
    await _change(talk, id_, lambda row: subscribe.choose(row, field, value))


async def press_kind(talk: Talk, given: tuple[str, ...]) -> None:
    """A kind of change, on or off."""
    id_, kind, wanted = given  # not a toggle: pressed twice, or handled twice, it stays as it was shown
    await _change(talk, id_, lambda row: subscribe.want_kind(row, kind, wanted == "1"))


async def press_hours(talk: Talk, given: tuple[str, ...]) -> None:
    """Quiet hours."""
    hours = HOURS.get(given[1])

    def change(row: FollowRow) -> None:
        row.quiet_from, row.quiet_to = hours or (None, None)

    await _change(talk, given[0], change)


async def press_language(talk: Talk, given: tuple[str, ...]) -> None:
    """The language of one subscription."""
    await _change(talk, given[0], lambda row: subscribe.choose(row, "language", given[1]))


async def _change(talk: Talk, id_: str, change: Callable[[FollowRow], None]) -> None:
    with talk.here.write() as session:
        row = follows.get(session, talk.place.chat, int(id_))
        if row is not None:
            change(row)
            outbox.wait_anew(session, talk.place.chat, talk.now)
    await show(talk, id_)


COMMAND = Command(
    "settings",
    lambda w: w.t("How you are told"),
    run,
    presses={"g": press_show, "x": press_choice, "k": press_kind, "q": press_hours, "w": press_language},
    presses_change=True,
)
