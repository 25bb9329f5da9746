"""Scores against labels, on numbers small enough to check by hand."""

from __future__ import annotations

import pytest

from server.core.evaluation import answer, folds, score, spread
from server.core.model import Reading, Stance


def test_scores_of_a_small_table() -> None:
    found = score("training", [("permits", "permits")] * 3 + [("permits", "silent")] + [("silent", "silent")] * 4)
    assert found.accuracy == pytest.approx(7 / 8)
    permits, silent = found.of("permits"), found.of("silent")
    assert (permits.precision, permits.recall, permits.labelled) == (1.0, 0.75, 4)
    assert (silent.precision, silent.recall) == (0.8, 1.0)
    assert found.macro_f1 == pytest.approx((6 / 7 + 8 / 9) / 2)
    assert found.confusion == {("permits", "permits"): 3, ("permits", "silent"): 1, ("silent", "silent"): 4}


def test_a_value_that_is_only_answered_counts_against_precision_and_not_for_the_mean() -> None:
    found = score("level", [("noise", "material"), ("noise", "noise")])
    assert found.of("material").precision == 0.0
    assert found.macro_f1 == found.of("noise").f1


def test_nothing_to_score_is_no_failure() -> None:
    assert score("level", []).accuracy == 1.0
    assert spread([]) == (1.0, 1.0)


def test_folds_hold_every_name_once() -> None:
    names = [f"service {n}" for n in range(23)]
    dealt = folds(names, 5)
    assert sorted(name for fold in dealt for name in fold) == sorted(names)
    assert dealt == folds(reversed(names), 5)


def test_a_text_that_is_not_read_counts_as_silent_as_labels_have_it() -> None:
    unread = Reading(training=Stance.UNKNOWN, sharing=Stance.PERMITS)
    assert answer(unread, "training") == "silent"
    assert answer(unread, "sharing") == "permits"
    assert answer(unread, "operation") == "false"
