"""When a notice is due, and whose business a change is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.model import Direction, Kind, Level
from server.core.notices import Wish, due_at, in_short, wanted, zone

BERLIN = "Europe/Berlin"
NIGHT = Wish(BERLIN, quiet_from=1320, quiet_to=420)
DUE = [
    ("at once", Wish(), "2026-01-07T12:00", "2026-01-07T12:00"),
    ("quiet hours over midnight, in the evening", NIGHT, "2026-01-07T21:30", "2026-01-08T06:00"),
    ("quiet hours over midnight, in the morning", NIGHT, "2026-01-08T05:59", "2026-01-08T06:00"),
    ("just before quiet hours", NIGHT, "2026-01-07T20:59", "2026-01-07T20:59"),
    ("quiet hours have just ended", NIGHT, "2026-01-08T06:00", "2026-01-08T06:00"),
    ("quiet hours by day", Wish(quiet_from=540, quiet_to=1020), "2026-01-07T12:00", "2026-01-07T17:00"),
    ("daily digest, today", Wish(digest="daily"), "2026-01-07T08:00", "2026-01-07T09:00"),
    ("daily digest, tomorrow", Wish(digest="daily"), "2026-01-07T09:00", "2026-01-08T09:00"),
    ("daily digest in Berlin", Wish(BERLIN, digest="daily"), "2026-01-07T09:00", "2026-01-08T08:00"),
    ("weekly digest comes on Monday", Wish(digest="weekly"), "2026-01-07T12:00", "2026-01-12T09:00"),
    ("weekly digest, on Monday before nine", Wish(digest="weekly"), "2026-01-12T08:00", "2026-01-12T09:00"),
    ("weekly digest, on Monday after nine", Wish(digest="weekly"), "2026-01-12T10:00", "2026-01-19T09:00"),
    (
        "a digest within quiet hours waits for their end",
        Wish(digest="daily", quiet_from=480, quiet_to=660),
        "2026-01-07T12:00",
        "2026-01-08T11:00",
    ),
    ("the night the clocks go forward", Wish(BERLIN, digest="daily"), "2026-03-28T12:00", "2026-03-29T07:00"),
    ("the night the clocks go back", Wish(BERLIN, digest="daily"), "2026-10-24T12:00", "2026-10-25T08:00"),
    (
        "quiet hours that end in the hour that comes twice",
        Wish(BERLIN, quiet_from=1320, quiet_to=150),
        "2026-10-25T01:15",
        "2026-10-25T01:30",
    ),
    (
        "quiet hours that end in the hour that is left out",
        Wish(BERLIN, quiet_from=1320, quiet_to=150),
        "2026-03-29T00:30",
        "2026-03-29T01:30",
    ),
    ("an unknown zone is UTC", Wish("Mars/Base", digest="daily"), "2026-01-07T08:00", "2026-01-07T09:00"),
]


@pytest.mark.parametrize(("case", "wish", "now", "due"), DUE, ids=[case[0] for case in DUE])
def test_when_it_is_due(case: str, wish: Wish, now: str, due: str) -> None:
    assert due_at(wish, at(now)) == at(due)


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001 - hypothesis wants naive bounds
    st.sampled_from(["UTC", BERLIN, "America/St_Johns", "Pacific/Apia", "Asia/Kolkata"]),
    st.integers(0, 1439),
    st.integers(0, 1439),
)
def test_it_is_never_due_in_the_past_nor_in_quiet_hours(moment: datetime, name: str, begin: int, end: int) -> None:
    now = moment.replace(tzinfo=UTC)
    due = due_at(Wish(name, quiet_from=begin, quiet_to=end), now)
    assert due >= now and (due - now).total_seconds() <= 25 * 3600 + 3600
    assert zone(name).key == name


WANTED = [
    ("material, wants material", Level.MATERIAL, {}, True),
    ("notable, wants material", Level.NOTABLE, {}, False),
    ("notable, wants notable", Level.NOTABLE, {"least": Level.NOTABLE}, True),
    ("noise is never wanted", Level.NOISE, {"least": Level.NOTABLE}, False),
    ("one of the kinds", Level.MATERIAL, {"kinds": ("training", "sharing")}, True),
    ("none of the kinds", Level.MATERIAL, {"kinds": ("sharing",)}, False),
    ("the direction", Level.MATERIAL, {"only": "worse"}, True),
    ("the other direction", Level.MATERIAL, {"only": "better"}, False),
]


@pytest.mark.parametrize(("case", "level", "asks", "hears"), WANTED, ids=[case[0] for case in WANTED])
def test_who_wants_a_change_to_worse_training(case: str, level: Level, asks: dict[str, object], hears: bool) -> None:
    asked: dict[str, object] = {"least": Level.MATERIAL} | asks
    assert wanted(level, Kind.TRAINING, Direction.WORSE, **asked) is hears  # type: ignore[arg-type]


def test_in_short() -> None:
    told = in_short("soundcloud", "Worse.", "", "You agree.", True)
    assert told == "soundcloud: Worse. Nobody was told.\nNow: “You agree.”"
    assert in_short("soundcloud", "Better.", "We may.", "", None) == "soundcloud: Better.\nGone: “We may.”"
