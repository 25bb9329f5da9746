"""Stream scenarios: what each sighting of a document means. The cases are in streams.toml."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from server.core.model import CaptureKind, Sighting
from server.core.stability import Stream

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
