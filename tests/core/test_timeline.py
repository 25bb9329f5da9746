"""Histories from sightings: one letter a wording, one digit a day; each change with a look-alike that is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.timeline import Seen, Step, steps

START = datetime(2024, 1, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def told(line: str, source: str = "archive") -> list[Seen]:
    """Sightings from a line such as "A1 A5 B9": wording and day; small letters are texts a tenth as long."""
    return [Seen(day(int(w[1:])), w[0].upper(), 100 if w[0].islower() else 1000, source) for w in line.split()]


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        pytest.param("A1 A9 B20 B30", "AB", id="a change"),
        pytest.param("A1 A9 A30", "", id="nothing changed"),
        pytest.param("A1 B20 C40", "AB BC", id="each wording seen once, and the page moved on"),
        pytest.param("A1 B20 A40", "", id="seen once and gone again"),
        pytest.param("A1 B2 C3 A4", "", id="two passing wordings before the page is as it was"),
        pytest.param("A1 B20 B25 A40 A60", "AB BA", id="changed, and taken back for good"),
        pytest.param("A1 B20 B25 A40 A45 B50 B70", "AB", id="to and fro within two weeks"),
        pytest.param("A1 b20 C40", "AC", id="a text that lost nine tenths, seen once"),
        pytest.param("A1 b20 b30 C40", "AB BC", id="a short text that stood"),
        pytest.param("", "", id="nothing seen"),
    ],
)
def test_which_wordings_count(line: str, changes: str) -> None:
    assert " ".join(step.before + step.after for step in steps(told(line))) == changes


def test_a_change_lies_between_the_last_sighting_of_the_old_and_the_first_of_the_new() -> None:
    assert steps(told("A1 A9 B20 B30")) == (Step("A", "B", day(9), day(20)),)


def test_a_passing_wording_does_not_hide_how_long_the_old_one_stood() -> None:
    [step] = steps(told("A1 B5 A9 C20"))
    assert (step.last_before, step.first_after) == (day(9), day(20))


def test_a_recorder_of_changes_says_how_long_a_wording_stood() -> None:
    seen = [
        Seen(day(1), "A", 1000, "ota", day(10)),
        Seen(day(10), "B", 1000, "ota", day(12)),
        Seen(day(12), "A", 1000, "ota", day(30)),
    ]
    assert [step.before + step.after for step in steps(seen)] == ["AB", "BA"]


def test_another_extraction_counts_only_where_we_have_none() -> None:
    own = told("B20 B30 C40 C50")
    others = told("A1 A10 X25 X27 X45", "ota")
    assert [step.before + step.after for step in steps([*own, *others])] == ["AB", "BC"]


def test_a_wording_that_both_sources_show_narrows_the_interval() -> None:
    [step] = steps([*told("B20 B30 C40 C50"), *told("B35", "ota")])
    assert step.last_before == day(35)


SIGHTINGS = st.lists(
    st.builds(
        Seen,
        st.integers(0, 400).map(day),
        st.sampled_from("ABCDE"),
        st.integers(1, 2000),
        st.sampled_from(["archive", "prior", "ota", "live"]),
    ),
    max_size=30,
)


@given(SIGHTINGS)
def test_changes_follow_one_another_whatever_was_seen(seen: list[Seen]) -> None:
    found = steps(seen)
    assert all(step.before != step.after and step.last_before <= step.first_after for step in found)
    for one, following in pairwise(found):
        assert one.after == following.before
        assert one.first_after <= following.last_before
