"""Stream scenarios: what each sighting of a document means. The cases are in streams.toml."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from server.core.model import CaptureKind, Sighting
from server.core.stability import Stream, lasts

START = datetime(2026, 1, 1, tzinfo=UTC)
SCENARIOS = tomllib.loads(Path(__file__).with_name("streams.toml").read_text())["scenario"]


def sighting(hours: float, wording: str, kind: str = "policy", source: str = "live") -> Sighting:
    return Sighting(START + timedelta(hours=hours), wording, CaptureKind(kind), source)


@pytest.mark.parametrize("case", SCENARIOS, ids=lambda case: str(case["name"]))
def test_scenario(case: dict[str, Any]) -> None:
    stream = Stream()
    assert [str(stream.see(sighting(*seen))) for seen in case["sightings"]] == case["verdicts"]
    assert stream.since and stream.since.at == START + timedelta(hours=case["since"])


@pytest.mark.parametrize("case", SCENARIOS, ids=lambda case: str(case["name"]))
def test_state_can_be_stored_and_given_back_between_sightings(case: dict[str, Any]) -> None:
    stream, verdicts = Stream(), []
    for seen in case["sightings"]:
        verdicts.append(str(stream.see(sighting(*seen))))
        stream = Stream(
            confirmed=stream.confirmed, since=stream.since, candidate=stream.candidate, known=set(stream.known)
        )
    assert verdicts == case["verdicts"]


@pytest.mark.parametrize(
    ("before", "first", "now", "still_there"),
    [
        pytest.param("ab0", "abc1", "abc2", True, id="a clause came and stayed"),
        pytest.param("ab0", "ab1", "ab2", False, id="one clause differs from look to look"),
        pytest.param("ab0", "ab1", "ab", False, id="one that is not always there"),
        pytest.param("ab0", "a1", "a2", True, id="a clause went and stays away"),
        pytest.param("ab012", "ab345", "ab678", False, id="a list of links that differs from look to look"),
        pytest.param("ab0", "abc1", "ab2", False, id="a clause came and went"),
        pytest.param("ab0", "ac1", "ac2", True, id="a clause was replaced"),
    ],
)
def test_what_lasts_on_a_page_that_never_reads_the_same_twice(
    before: str, first: str, now: str, still_there: bool
) -> None:
    assert lasts(set(before), set(first), set(now)) is still_there


def test_a_candidate_that_lasts_in_other_words_is_confirmed_in_its_latest_and_dated_by_its_first() -> None:
    stream = Stream()
    verdicts = [stream.see(sighting(0, "a"))]
    verdicts += [stream.see(sighting(hours, f"b{hours}"), lasts=hours > 10) for hours in (10, 20, 30, 40)]
    assert verdicts == ["confirmed", "candidate", "candidate", "candidate", "confirmed"]
    assert stream.confirmed == "b40"
    assert stream.since and stream.since.at == START + timedelta(hours=10)
