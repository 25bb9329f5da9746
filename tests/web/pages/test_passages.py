"""Passages are cut to the words that differ and some around them."""

from __future__ import annotations

import pytest

from server.web.api.models import EditAnswer, Span
from server.web.pages.passages import AROUND, shorten

LONG = "word " * 100


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([("same", "We may "), ("removed", "not "), ("same", "train.")], ["same", "removed", "same"]),
        ([("same", LONG), ("added", "never ")], ["gap", "same", "added"]),
        ([("added", "never "), ("same", LONG)], ["added", "same", "gap"]),
        ([("added", "a "), ("same", LONG), ("removed", "b")], ["added", "same", "gap", "same", "removed"]),
        ([("added", LONG)], ["added"]),
        ([("same", "作品" * 100), ("added", "不"), ("same", "作品" * 100)], ["gap", "same", "added", "same", "gap"]),
    ],
)
def test_long_equal_stretches_are_left_out(spans: list[tuple[str, str]], expected: list[str]) -> None:
    edit = EditAnswer(op="changed", old_line=1, new_line=1, words=[Span(op=op, text=text) for op, text in spans])
    shown = shorten(edit)
    assert [run.op for run in shown.runs] == expected
    differing = [(op, text) for op, text in spans if op != "same"]
    assert [(run.op, run.text) for run in shown.runs if run.op in {"added", "removed"}] == differing
    assert all(len(run.text.split()) <= AROUND * 2 + 3 for run in shown.runs if run.op == "same")
