"""Readings and changes as JSON objects and as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import shorten
from typing import Any

from server.core.model import Change, Edit, Reading

QUOTE = 160
"""Characters of a quote on a terminal."""


def reading_json(reading: Reading) -> dict[str, Any]:
    """A reading as the command line's contract has it."""
    return {
        "training": reading.training,
        "sharing": reading.sharing,
        "subject": reading.subject,
        "models": reading.models,
        "anti_scraping": reading.anti_scraping,
        "operation": reading.operation,
        "evidence": [
            {"line": each.line, "text": each.text, "rule": each.rule, "field": each.field} for each in reading.evidence
        ],
        "confidence": reading.confidence,
        "language": reading.language,
        "reason": reading.reason,
    }


def change_json(change: Change, edits: Sequence[Edit]) -> dict[str, Any]:
    """A change as the command line's contract has it."""
    return {
        "level": change.level,
        "kind": change.kind,
        "direction": change.direction,
        "explanation": change.explanation,
        "quote_before": change.quote_before,
        "quote_after": change.quote_after,
        "confidence": change.confidence,
        "before": reading_json(change.before),
        "after": reading_json(change.after),
        "edits": [edit_json(edit) for edit in edits],
    }


def edit_json(edit: Edit) -> dict[str, Any]:
    """An edit as a JSON object."""
    return {
        "op": edit.op,
        "old": edit.old,
        "new": edit.new,
        "old_line": edit.old_line,
        "new_line": edit.new_line,
    }


def reading_lines(reading: Reading) -> Iterator[str]:
    """A reading for a terminal."""
    yield f"training       {reading.training}"
    yield f"sharing        {reading.sharing}"
    yield f"subject        {reading.subject}"
    yield f"anti-scraping  {'yes' if reading.anti_scraping else 'no'}"
    yield f"operation      {'yes' if reading.operation else 'no'}"
    yield f"confidence     {reading.confidence}"
    if reading.reason:
        yield f"reason         {reading.reason}"
    for each in reading.evidence:
        yield f"  line {each.line} ({each.field}, {each.rule}): {shorten(each.text, QUOTE)}"


def change_lines(change: Change, edits: Sequence[Edit]) -> Iterator[str]:
    """A change for a terminal."""
    yield f"{change.level} · {change.kind} · {change.direction}"
    if change.explanation:
        yield change.explanation
    if change.quote_before:
        yield f"  before: {shorten(change.quote_before, QUOTE)}"
    if change.quote_after:
        yield f"  after:  {shorten(change.quote_after, QUOTE)}"
    yield f"{len(edits)} passages differ"
