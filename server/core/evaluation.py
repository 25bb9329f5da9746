"""Scores of answers against labels: accuracy, precision, recall and F1 by value, and what was taken for what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.core.model import Reading, Stance

Pair = tuple[str, str]
"""A label and the answer given for it."""


@dataclass(frozen=True, slots=True)
class ValueScore:
    """How well one value was found. All between 0 and 1; 1 where nothing was to be found or said."""

    value: str
    precision: float
    recall: float
    f1: float
    labelled: int


@dataclass(frozen=True, slots=True)
class Score:
    """How well one field was answered."""

    field: str
    accuracy: float
    macro_f1: float
    """Mean F1 over the values that occur among the labels."""
    values: tuple[ValueScore, ...]
    confusion: dict[Pair, int]
    """(label, answer) → how often."""

    def of(self, value: str) -> ValueScore:
        """The score of one value; a value that never occurs scores 1 on nothing."""
        return next((each for each in self.values if each.value == value), ValueScore(value, 1.0, 1.0, 1.0, 0))


def answer(reading: Reading, field: str) -> str:
    """Our answer on a field as labels write it; a text we cannot read counts as silent, for labels know no unknown."""
    value = getattr(reading, field)
    return str(Stance.SILENT if value is Stance.UNKNOWN else value).lower()


def score(field: str, pairs: Iterable[Pair]) -> Score:
    """The score of one field over (label, answer) pairs."""
    confusion = Counter(pairs)
    total = sum(confusion.values())
    names = sorted({name for pair in confusion for name in pair})
    values = tuple(_value(name, confusion) for name in names)
    labelled = [each.f1 for each in values if each.labelled]
    right = sum(count for (label, answer), count in confusion.items() if label == answer)
    return Score(field, _share(right, total), _share(sum(labelled), len(labelled)), values, dict(confusion))


def _value(name: str, confusion: Counter[Pair]) -> ValueScore:
    hits = confusion[name, name]
    labelled = sum(count for (label, _), count in confusion.items() if label == name)
    given = sum(count for (_, answer), count in confusion.items() if answer == name)
    return ValueScore(name, _share(hits, given), _share(hits, labelled), _share(2 * hits, labelled + given), labelled)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def folds(names: Iterable[str], count: int) -> list[frozenset[str]]:
    """The names dealt into so many groups, the same on every run."""
    ordered = sorted(set(names))
    return [frozenset(ordered[start::count]) for start in range(count)]


def spread(figures: Sequence[float]) -> tuple[float, float]:
    """The lowest and the highest of some figures."""
    return (min(figures), max(figures)) if figures else (1.0, 1.0)
