"""Announcements: words that speak of a platform and AI beside look-alikes; and which changes were quiet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from server.core.announcements import (
    Announced,
    Item,
    heard_back_to,
    missed,
    named,
    nearest,
    quiet,
    speaks_of_ai,
    speaks_of_terms,
)

NAMES = {
    "tunery": ("Tunery", "tunery.example", "m.tunery.example"),
    "medium": ("Medium", "medium.com"),
    "x": ("X", "x.com", "twitter.com"),
    "paint-hub": ("Paint Hub", "painthub.example"),
}


@pytest.mark.parametrize(
    ("title", "ai"),
    [
        ("How we use AI at Tunery", True),
        ("Our approach to A.I. and artists", True),
        ("What generative models may do with your songs", True),
        ("Tunery's new AI's first song", True),
        ("Machine learning finds similar songs", True),
        ("KI und künstliche Intelligenz bei Tunery", True),
        ("Ai Weiwei opens a show in Vienna", False),
        ("We paid our dues and said it aloud", False),
        ("Open .ai files in your editor", False),
        ("Fly with Air AI to the fair", False),
        ("Maintenance on Sunday", False),
        ("The email team at hello@ai.example", False),
    ],
)
def test_whether_a_title_speaks_of_ai(title: str, ai: bool) -> None:
    assert speaks_of_ai(Item(title)) is ai


@pytest.mark.parametrize(
    ("title", "terms"),
    [
        ("We are updating our Terms of Use", True),
        ("Changes to our privacy policy", True),
        ("Our terms are changing", False),
        ("Terms updated for sellers", True),
        ("How to opt out", True),
        ("In terms of style, this song is new", False),
        ("A policy of kindness", False),
        ("Long-term loans for venues", False),
    ],
)
def test_whether_a_title_speaks_of_terms(title: str, terms: bool) -> None:
    assert speaks_of_terms(Item(title)) is terms


@pytest.mark.parametrize(
    ("title", "platforms"),
    [
        ("Tunery trains AI on songs", ["tunery"]),
        ("Artists leave Tunery’s platform", ["tunery"]),
        ("See https://tunery.example/blog for AI news", ["tunery"]),
        ("Tuneryland opens its AI garden", []),
        ("notunery.example sells AI", []),
        ("Write to ai@tunery.example", []),
        ("Medium bans AI writing", ["medium"]),
        ("Writers on Medium block AI crawlers", ["medium"]),
        ("Medium's AI rules", ["medium"]),
        ("A happy medium between AI and craft", []),
        ("How to Find a Happy Medium in AI", []),
        ("Medium-sized AI models", []),
        ("Read it at medium.com/ai", ["medium"]),
        ("Model X of the AI car", []),
        ("Posts on x.com feed an AI", ["x"]),
        ("The fax.com AI machine", []),
        ("Paint Hub and Tunery sign an AI deal", ["tunery", "paint-hub"]),
    ],
)
def test_which_platforms_a_title_names(title: str, platforms: list[str]) -> None:
    assert sorted(named(Item(title), NAMES)) == sorted(platforms)


@pytest.mark.parametrize(
    ("name", "title", "meant"),
    [
        ("SongCrate", "Songcrate quietly lets AI learn from songs", True),
        ("SongCrate", "SONGCRATE AND AI", True),
        ("SongCrate", "a songcrate full of AI records", False),
        ("TIDAL", "Tidal bans AI music", True),
        ("TIDAL", "AI forecasts for tidal power, and Tidal Basin in bloom", False),
        ("Paint Hub", "Paint hub of an AI", False),
    ],
)
def test_the_press_writes_names_in_other_capitals(name: str, title: str, meant: bool) -> None:
    assert bool(named(Item(title), {"it": (name, "it.example")})) is meant


CHANGED = datetime(2026, 3, 1, tzinfo=UTC)


def heard(days: float, *, own: bool = True, id_: int = 1) -> Announced:
    return Announced(id_, CHANGED + timedelta(days=days), own)


@pytest.mark.parametrize(("days", "linked"), [(-29, True), (29, True), (0, True), (-31, False), (31, False)])
def test_an_announcement_counts_within_thirty_days(days: float, linked: bool) -> None:
    assert (nearest(None, CHANGED, [heard(days)]) is not None) is linked


def test_the_window_opens_before_the_interval_of_the_change() -> None:
    assert nearest(CHANGED - timedelta(days=20), CHANGED, [heard(-45)]) is not None


def test_the_platforms_own_words_go_before_the_press() -> None:
    found = nearest(None, CHANGED, [heard(1, own=False, id_=1), heard(-20, id_=2), heard(9, id_=3)])
    assert found is not None
    assert found.id == 3


@pytest.mark.parametrize(
    ("days", "back_to"),
    [([], None), ([-5], -5), ([-5, -90, -400], -400), ([-400, -5, -90, -3000], -400), ([-3000, -3100], -3100)],
)
def test_we_hear_back_to_the_first_gap_of_a_year(days: list[int], back_to: int | None) -> None:
    found = heard_back_to(CHANGED + timedelta(days=day) for day in days)
    assert found == (None if back_to is None else CHANGED + timedelta(days=back_to))


@pytest.mark.parametrize(
    ("silent_days", "shows", "may_have"),
    [
        (5, [-1, -4], True),  # its oldest item came after its last answer: others may have dropped out before it
        (5, [-1, -6], False),
        (0.9, [-0.1], False),  # a busy feed, looked at as often as ever
        (5, [-1, -4, -900], True),  # a pinned item
        (5, [], True),  # without dates nobody knows
    ],
)
def test_items_may_have_come_and_gone_while_a_feed_was_silent(
    silent_days: float, shows: list[float], may_have: bool
) -> None:
    dates = [CHANGED + timedelta(days=day) for day in shows]
    assert missed(CHANGED - timedelta(days=silent_days), CHANGED, dates) is may_have


@pytest.mark.parametrize(
    ("found", "listening", "days", "verdict"),
    [
        pytest.param(None, -100, 31, True, id="nobody said a word for thirty days"),
        pytest.param(None, -100, 29, None, id="too early to say"),
        pytest.param(heard(2), -100, 3, False, id="announced"),
        pytest.param(None, None, 99, None, id="no feed is read"),
        pytest.param(None, 5, 99, None, id="we began to listen afterwards"),
        pytest.param(heard(2), None, 3, False, id="announced, whoever told us"),
    ],
)
def test_quiet(found: Announced | None, listening: float | None, days: float, verdict: bool | None) -> None:
    since = None if listening is None else CHANGED + timedelta(days=listening)
    assert quiet(None, CHANGED, found, listening_since=since, now=CHANGED + timedelta(days=days)) is verdict
