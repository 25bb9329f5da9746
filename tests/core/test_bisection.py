"""Choosing captures: every lasting change is found in few fetches, and a fetch never repeats."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.core.bisection import Candidate, choose, promising

START = datetime(2020, 1, 1, tzinfo=UTC)


def listed(wordings: str, sizes: dict[str, int] | None = None) -> list[Candidate]:
    """One capture a day; "-" is a capture that is no policy."""
    return [Candidate(START + timedelta(days=n), (sizes or {}).get(one, 5000)) for n, one in enumerate(wordings)]


def fetched(wordings: str, budget: int, sizes: dict[str, int] | None = None) -> dict[int, str]:
    """What is known after `budget` fetches."""
    captures, known = listed(wordings, sizes), {}
    first = promising(captures)
    while len(known) < budget and (n := choose(captures, first, known)) is not None:
        assert n not in known
        known[n] = wordings[n].replace("-", "")
    return known


def pinned(wordings: str, known: dict[int, str]) -> int:
    """How many changes are known to the very capture."""
    read = [n for n in sorted(known) if known[n]]
    pairs = pairwise(read)
    return sum(known[a] != known[b] and not wordings[a + 1 : b].replace("-", "") for a, b in pairs)


@pytest.mark.parametrize(
    ("wordings", "budget", "changes"),
    [
        pytest.param("A" * 500 + "B" * 500, 13, 1, id="one change among a thousand captures"),
        pytest.param("A" * 300 + "B" * 10 + "C" * 290, 24, 2, id="two changes close together"),
        pytest.param("---" + "A" * 60 + "--B" * 30 + "----", 30, 1, id="useless captures at the ends and between"),
        pytest.param("A", 1, 0, id="a single capture"),
        pytest.param("", 5, 0, id="none at all"),
        pytest.param("-" * 50, 50, 0, id="nothing but walls"),
    ],
)
def test_changes_are_pinned_within_the_budget(wordings: str, budget: int, changes: int) -> None:
    assert pinned(wordings, fetched(wordings, budget)) == changes


def test_a_wording_that_came_and_went_is_found_by_its_size() -> None:
    wordings = "A" * 160 + "B" * 3 + "A" * 240
    assert "B" in fetched(wordings, 6, {"A": 5000, "B": 5400}).values()
    assert "B" not in fetched(wordings, 6, {"A": 5000, "B": 5001}).values()


def test_captures_that_look_like_walls_wait_until_the_others_are_read() -> None:
    wordings = "AA-" * 15
    assert "" not in fetched(wordings, 30, {"A": 5000, "-": 300}).values()


def test_a_policy_that_grew_tenfold_is_promising_from_its_beginning() -> None:
    captures = listed("A" * 20 + "-" + "A" * 9 + "B" * 30, {"A": 3000, "B": 30000, "-": 500})
    assert sorted(set(range(60)) - set(promising(captures))) == [20]


@given(st.text(alphabet="ABC-", max_size=60))
@settings(max_examples=60)
def test_with_budget_enough_everything_is_read_once(wordings: str) -> None:
    known = fetched(wordings, 1000)
    assert known == {n: one.replace("-", "") for n, one in enumerate(wordings)}
