"""Rendering stays within Telegram's limits and mark-up, whatever a platform's text holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import cards, render
from bot.commands.settings import card as settings_card
from bot.i18n import LANGUAGES, words
from bot.message import Button, cut, data, escape, joined, length, short
from bot.render import Story
from server.core.model import Choice, Direction, Edit, Kind, Level, Platform, Stance
from server.flows import subscribe
from server.store.tables_people import FollowRow
from tests.botapi.markup import LONGEST as TELEGRAM_LONGEST
from tests.botapi.markup import MOST_ENTITIES, check_keyboard, parse, utf16

CASES = ["<b>", "</blockquote>", "&lt;", "&amp;amp;", "<" * 5000, "🎵" * 5000]
CASES += ["a\x00b\ud800c", "\u202egnp", "<a href='x'>" * 900]
HOSTILE = st.text(max_size=6000) | st.sampled_from(CASES)
DAY = date(2026, 1, 7)
STORIES = st.builds(
    Story,
    change=st.integers(1, 2**31),
    platform=st.from_regex(r"[a-z0-9-]{1,60}", fullmatch=True),
    name=HOSTILE,
    document=HOSTILE,
    level=st.sampled_from(Level),
    kind=st.sampled_from(Kind),
    direction=st.sampled_from(Direction),
    before=st.sampled_from(Stance),
    after=st.sampled_from(Stance),
    quote_before=HOSTILE,
    quote_after=HOSTILE,
    quiet=st.sampled_from([True, False, None]),
    happened=st.dates(max_value=date(9999, 1, 1)),
    found=st.dates(),
    effective=st.none() | st.dates(),
    url=st.sampled_from(["", "https://watch.example/changes/1"]),
    choices=st.booleans(),
)
WORDS = st.sampled_from([words(language) for language in LANGUAGES])


def accepted(message: render.Message) -> str:
    """The text as Telegram shows it; fails where Telegram would refuse the message."""
    plain, entities = parse(message.text, "HTML")
    assert utf16(plain) <= TELEGRAM_LONGEST and len(entities) <= MOST_ENTITIES
    rows = message.rows
    keyboard = [[{"text": b.text} | ({"url": b.url} if b.url else {"callback_data": b.data}) for b in r] for r in rows]
    check_keyboard({"inline_keyboard": keyboard})
    message.text.encode()
    return plain


@given(WORDS, STORIES, st.integers(1, 2**31))
@settings(max_examples=150, deadline=None)
def test_a_notice_is_accepted_and_carries_its_number(w: object, story: Story, number: int) -> None:
    assert f"№ {number}" in accepted(render.notice(w, story, number, DAY))  # type: ignore[arg-type]


@given(WORDS, STORIES, HOSTILE)
@settings(max_examples=60, deadline=None)
def test_a_correction_is_accepted(w: object, story: Story, text: str) -> None:
    assert "№ 9" in accepted(render.correction(w, story, 9, 3, text))  # type: ignore[arg-type]


@given(WORDS, st.lists(STORIES, min_size=1, max_size=20))
@settings(max_examples=40, deadline=None)
def test_a_digest_is_accepted(w: object, stories: list[Story]) -> None:
    text = accepted(render.digest(w, list(enumerate(stories, 1))))  # type: ignore[arg-type]
    assert [number for number in range(1, len(stories) + 1) if f"№ {number}" not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("after", Stance)
@pytest.mark.parametrize("kind", [Kind.TRAINING, Kind.SHARING])
def test_the_longest_digest_names_every_change(language: str, after: Stance, kind: Kind) -> None:
    story = replace(A_STORY, name="W" * 80, kind=kind, after=after, before=Stance.UNKNOWN, quote_after="W " * 200)
    numbers = range(2**31 - 20, 2**31)
    text = accepted(render.digest(words(language), [(number, story) for number in numbers]))
    assert all(f"№ {number}" in text for number in numbers)


def test_many_short_sentences_are_no_more_mark_up_than_telegram_takes() -> None:
    text = accepted(render.Message(joined(["<a href='https://x.example'>t</a>\n<i>a</i>"] * 90)))
    assert text.endswith("…")


@given(WORDS, HOSTILE)
@settings(max_examples=60, deadline=None)
def test_a_broadcast_is_accepted(w: object, text: str) -> None:
    assert "№ 5" in accepted(render.broadcast(w, text, 5))  # type: ignore[arg-type]


@given(STORIES, st.lists(st.tuples(st.sampled_from(["same", "added", "removed"]), HOSTILE), max_size=300))
@settings(max_examples=60, deadline=None)
def test_a_difference_is_accepted(story: Story, spans: list[tuple[str, str]]) -> None:
    accepted(cards.difference(words("en"), story, [(Edit("changed"), spans)]))


@given(WORDS, HOSTILE, st.lists(HOSTILE, max_size=20))
@settings(max_examples=60, deadline=None)
def test_opting_out_is_accepted(w: object, scope: str, steps: list[str]) -> None:
    choice = Choice("opt_out", scope, tuple(steps), url=scope)
    platform = Platform("p", scope or "p", "music", ("p.example",), (), choices=(choice,) * 5)
    accepted(cards.optout(w, platform))  # type: ignore[arg-type]


@given(st.text(), st.integers(1, 50))
def test_cutting_counts_as_telegram_does(text: str, most: int) -> None:
    assert length(cut(text, most)) <= most


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("<b>&", "&lt;b&gt;&amp;"),
        ('"', "&quot;"),
        ("'", "&#39;"),
        ("a\x00b", "a b"),
        ("\u202eabc", " abc"),
        ("naïve 🎵", "naïve 🎵"),
    ],
)
def test_escaping(text: str, safe: str) -> None:
    assert escape(text) == safe


def test_callback_data_fits_for_the_longest_id() -> None:
    assert len(data("h", short("x" * 60), 99)) <= 64
    assert short("x" * 60) != short("x" * 59 + "y")
    with pytest.raises(ValueError, match="64 bytes"):
        data("f", "x" * 70)


def test_every_button_fits_for_the_longest_id_that_the_database_takes() -> None:
    platform = Platform("x" * 71, "X", "music", ("x.example",), (), choices=(Choice("opt_out", "all", ("Go",)),))
    scope, w = f"platform:{platform.id}", words("en")
    row = FollowRow(id=2**31, scope=scope, level="material", kinds="", direction="", digest="daily", digest_minute=540)
    row.language = ""
    for rows in (
        cards.status_buttons(w, platform, followed=True),
        cards.status_buttons(w, platform, followed=False),
        cards.history(w, platform, [], 10**6, True).rows,
        settings_card(w, row, platform.name, "UTC").rows,
        ((Button("Follow", cards.follow_data(scope)), Button("Unfollow", cards.unfollow_data(scope))),),
        render.notice_buttons(w, replace(A_STORY, platform=platform.id, change=2**31)),
    ):
        accepted(render.Message("x", rows))


A_STORY = Story(
    change=1,
    platform="soundcloud",
    name="SoundCloud",
    document="Terms of Use",
    level=Level.MATERIAL,
    kind=Kind.TRAINING,
    direction=Direction.WORSE,
    before=Stance.SILENT,
    after=Stance.PERMITS,
    quote_before="",
    quote_after="You agree that what you upload may train AI.",
    quiet=True,
    happened=DAY,
    found=DAY,
    effective=date(2026, 2, 1),
    url="https://watch.example/changes/1",
    choices=True,
)


@pytest.mark.parametrize(("text", "told"), [("2026-11-24", "24 nov. 2026"), ("2026-11", "nov. 2026"), ("2026", "2026")])
def test_rough_dates(text: str, told: str) -> None:
    assert words("fr").some_day(text) == told


def test_the_languages_of_the_bot_are_those_of_subscriptions() -> None:
    assert tuple(LANGUAGES) == subscribe.LANGUAGES


def test_what_a_notice_says() -> None:
    message = render.notice(words("en"), A_STORY, 17, DAY)
    assert render.preview(message).splitlines() == [
        "SoundCloud · Terms of Use",
        "The terms now let it train AI on what you upload.",
        "",
        "Now:",
        "You agree that what you upload may train AI.",
        "",
        "🔻 Worse for your uploads: more is allowed, or you have less choice.",
        "Quiet: no announcement was found.",
        "Takes effect in 25 days. In force from Feb 1, 2026: until then you can object, download or delete.",
        "",
        "№ 17 · found on Jan 7, 2026",
    ]
    assert [button.text for row in message.rows for button in row] == [
        "Why",
        "Difference",
        "Opt out",
        "Status",
        "Unfollow",
        "Full text",
    ]


def test_a_date_that_has_passed_offers_nothing_any_more() -> None:
    text = render.preview(render.notice(words("en"), A_STORY, 17, date(2026, 3, 1)))
    assert "In force since Feb 1, 2026." in text and "until then" not in text


@pytest.mark.parametrize(
    ("quiet", "today", "told"),
    [
        pytest.param(None, date(2026, 2, 6), "Whether it is announced is not known yet.", id="within 30 days"),
        pytest.param(None, date(2026, 2, 7), "no feed of this platform was read at the time.", id="long ago"),
        pytest.param(True, date(2026, 2, 7), "Quiet: no announcement was found.", id="long ago and judged"),
    ],
)
def test_an_old_change_that_was_never_judged(quiet: bool | None, today: date, told: str) -> None:
    text = render.preview(render.notice(words("en"), replace(A_STORY, quiet=quiet), 17, today))
    assert told in text


def test_a_german_notice() -> None:
    text = render.preview(render.notice(words("de"), A_STORY, 17, DAY))
    assert "Die Bedingungen erlauben jetzt, KI mit Ihren Uploads zu trainieren." in text
    assert "01.02.2026" in text
