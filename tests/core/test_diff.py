"""Differences by clause and by word."""

from __future__ import annotations

import time
from hashlib import blake2b
from itertools import pairwise
from resource import RUSAGE_SELF, getrusage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core import diff
from server.core.diff import edits, word_diff
from server.core.model import Clause


def clauses(*texts: str) -> list[Clause]:
    return [Clause(blake2b(text.lower().encode()).hexdigest(), text, line) for line, text in enumerate(texts, 1)]


def ops(old: list[Clause], new: list[Clause]) -> list[tuple[str, str, str]]:
    return [(edit.op, edit.old, edit.new) for edit in edits(old, new)]


def test_equal_texts_have_no_edits() -> None:
    text = clauses("One rule.", "Another rule.", "One rule.")
    assert ops(text, text) == []


def test_a_changed_passage_is_one_edit_with_both_lines() -> None:
    old = clauses("You keep your songs.", "We may play them to your listeners.", "Bye.")
    new = clauses("Hello.", "You keep your songs.", "We may play them to all your listeners.", "Bye.")
    assert ops(old, new) == [
        ("added", "", "Hello."),
        ("changed", "We may play them to your listeners.", "We may play them to all your listeners."),
    ]
    changed = edits(old, new)[1]
    assert (changed.old_line, changed.new_line) == (2, 3)


def test_unlike_passages_are_removed_and_added() -> None:
    found = ops(clauses("Cookies expire after a year."), clauses("Your songs train nothing here."))
    assert found == [("added", "", "Your songs train nothing here."), ("removed", "Cookies expire after a year.", "")]


def test_a_passage_that_only_changed_its_place_has_moved() -> None:
    assert ops(clauses("A one.", "B two.", "C three."), clauses("C three.", "A one.", "B two.")) == [
        ("moved", "C three.", "C three.")
    ]


def test_repeated_passages_pair_one_to_one() -> None:
    assert ops(clauses("Yes.", "Yes."), clauses("Yes.", "Yes.", "Yes.")) == [("added", "", "Yes.")]


def test_a_rewritten_book_is_compared_in_seconds() -> None:
    old = clauses(*(f"Passage {i} speaks of matter {i * 7} and of nothing else at all." for i in range(3000)))
    new = clauses(*(f"Clause {i} treats the subject {i * 11}, which nobody had in mind before." for i in range(3000)))
    start = time.process_time()
    edits(old, new)
    assert time.process_time() - start < 20


def test_words_that_stay_go_and_come() -> None:
    assert word_diff("We do not train models.", "We may train our models.") == [
        ("same", "We "),
        ("removed", "do not "),
        ("added", "may "),
        ("same", "train "),
        ("added", "our "),
        ("same", "models."),
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "host and store it",
            "copy and sell it",
            [("removed", "host and store "), ("added", "copy and sell "), ("same", "it")],
        ),
        ("host the works", "copy the works", [("removed", "host "), ("added", "copy "), ("same", "the works")]),
        ("we and you", "they and you", [("removed", "we "), ("added", "they "), ("same", "and you")]),
        (
            "host works now",
            "copy works here",
            [("removed", "host "), ("added", "copy "), ("same", "works "), ("removed", "now"), ("added", "here")],
        ),
        ("a of", "b of", [("removed", "a "), ("added", "b "), ("same", "of")]),
    ],
)
def test_a_small_word_between_two_differences_does_not_tear_them_to_shreds(
    old: str, new: str, expected: list[tuple[str, str]]
) -> None:
    assert word_diff(old, new) == expected


@pytest.mark.parametrize(
    ("old", "new", "differs"),
    [
        (
            "作品を人工知能の学習に使用しません。",
            "作品を人工知能の学習に使用します。",
            [("removed", "せん"), ("added", "す")],
        ),
        ("我们不会使用您的作品训练人工智能。", "我们会使用您的作品训练人工智能。", [("removed", "不")]),
        ("Wir nutzen nichts", "Wir nutzen einiges", [("removed", "nichts"), ("added", "einiges")]),
    ],
)
def test_scripts_without_spaces_are_compared_letter_by_letter(
    old: str, new: str, differs: list[tuple[str, str]]
) -> None:
    assert [run for run in word_diff(old, new) if run[0] != "same"] == differs


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a b c d e", "a b x d e", [("same", "a b "), ("removed", "c "), ("added", "x "), ("same", "d e")]),
        ("a b", "a b c", [("same", "a b "), ("added", "c")]),
        ("b a", "c b a", [("added", "c "), ("same", "b a")]),
        ("a a", "a a a", [("same", "a a "), ("added", "a")]),
        ("x", "y", [("removed", "x"), ("added", "y")]),
    ],
)
def test_passages_too_long_to_compare_word_by_word_differ_between_their_equal_ends(
    monkeypatch: pytest.MonkeyPatch, old: str, new: str, expected: list[tuple[str, str]]
) -> None:
    monkeypatch.setattr(diff, "LARGEST", 0)
    assert word_diff(old, new) == expected


@pytest.mark.parametrize("letter", ["word ", "漢"], ids=["words", "letters"])
def test_a_book_in_one_passage_costs_neither_minutes_nor_the_machine(letter: str) -> None:
    book = "".join(f"{letter}{n % 977} " for n in range(150_000))
    before = getrusage(RUSAGE_SELF).ru_maxrss
    runs = word_diff("Old. " + book + "End.", "New! " + book[::-1] + "End.")
    assert getrusage(RUSAGE_SELF).ru_maxrss - before < 500_000  # KiB; word by word it would be 11 GB
    assert "".join(text for op, text in runs if op != "removed") == "New! " + book[::-1] + "End."


@given(st.text(alphabet="ab c\n.", max_size=60), st.text(alphabet="ab c\n.", max_size=60))
def test_what_is_gone_stands_before_what_came_instead(old: str, new: str) -> None:
    ops = [op for op, _ in word_diff(old, new)]
    assert ("added", "removed") not in pairwise(ops)


@given(st.text(alphabet="ab 漢字\n.", max_size=60), st.text(alphabet="ab 漢字\n.", max_size=60))
def test_same_and_added_words_give_the_new_text(old: str, new: str) -> None:
    assert "".join(text for op, text in word_diff(old, new) if op != "removed") == new
