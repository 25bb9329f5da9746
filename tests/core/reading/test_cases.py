"""Each rule family by example, with look-alikes that must stay silent. The cases are data in the .toml files beside."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from server.core.clauses import cut
from server.core.model import Reading, Stance
from server.core.reading import read

HERE = Path(__file__).parent
STANCES = ("permits", "opt_out", "opt_in", "prohibits", "silent")


def cases(name: str) -> list[tuple[str, str]]:
    """(expected value, text) of one file."""
    kept = tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))
    return [(value, text) for value, texts in kept.items() for text in texts]


def reading(text: str) -> Reading:
    return read(cut(text), language="en")


@pytest.mark.parametrize(("value", "text"), cases("training"))
def test_training(value: str, text: str) -> None:
    told = reading(text)
    assert told.training == value, told.evidence
    assert told.sharing == "silent", told.evidence
    assert not told.anti_scraping, told.evidence


@pytest.mark.parametrize(("value", "text"), cases("sharing"))
def test_sharing(value: str, text: str) -> None:
    told = reading(text)
    assert told.sharing == ("prohibits" if value == "both" else value), told.evidence
    if value == "both":
        assert told.training == Stance.PROHIBITS, told.evidence
    assert not told.anti_scraping, told.evidence


@pytest.mark.parametrize(("value", "text"), cases("anti_scraping"))
def test_anti_scraping(value: str, text: str) -> None:
    told = reading(text)
    assert told.anti_scraping == (value == "bars"), told.evidence
    assert told.training == told.sharing == Stance.SILENT, told.evidence


@pytest.mark.parametrize(("value", "text"), cases("operation"))
def test_operation(value: str, text: str) -> None:
    told = reading(text)
    assert told.operation == (value == "runs"), told.evidence
    assert told.training in (Stance.SILENT, Stance.PERMITS), told.evidence


@pytest.mark.parametrize(("value", "text"), cases("subject"))
def test_subject(value: str, text: str) -> None:
    told = reading(text)
    assert told.subject == value, told.evidence


SECTIONS = tomllib.loads((HERE / "sections.toml").read_text(encoding="utf-8"))["section"]
"""Passages with several rules, or with one beside look-alikes: all four answers must be right at once."""


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section["text"][:40])
def test_sections(section: dict[str, Any]) -> None:
    told = reading(section["text"])
    assert told.training == section.get("training", "silent"), told.evidence
    assert told.sharing == section.get("sharing", "silent"), told.evidence
    assert told.anti_scraping == section.get("anti_scraping", False), told.evidence
    assert told.operation == section.get("operation", False), told.evidence


def test_every_value_other_than_silent_names_the_sentence_and_the_rule() -> None:
    for value, text in cases("training"):
        told = reading(text)
        if value != "silent":
            named = [e for e in told.evidence if e.field == "training"]
            assert named
            assert all(e.rule and e.stance in STANCES and e.text in text.replace("\n", " ") + text for e in named)
