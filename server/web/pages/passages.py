"""Passages of a diff, cut to what a reader needs: the words that differ and some around them."""

from __future__ import annotations

from dataclasses import dataclass

from server.core.diff import words
from server.web.api.models import EditAnswer

AROUND = 14
"""Equal words kept on either side of a difference."""


@dataclass(frozen=True, slots=True)
class Run:
    """Some words: same, removed, added, or gap (equal words left out)."""

    op: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage that differs. `op` is added, removed or changed."""

    op: str
    old_line: int
    new_line: int
    runs: tuple[Run, ...]


def shorten(edit: EditAnswer) -> Passage:
    """The passage with long equal stretches left out."""
    last = len(edit.words) - 1
    runs: list[Run] = []
    for at, span in enumerate(edit.words):
        if span.op == "same":
            runs += _around(span.text, first=at == 0, last=at == last)
        else:
            runs.append(Run(span.op, span.text))
    return Passage(edit.op, edit.old_line, edit.new_line, tuple(runs))


def _around(text: str, *, first: bool, last: bool) -> list[Run]:
    """Equal words: their end when they come first, their begin when they come last, else both."""
    each = words(text)
    head = 0 if first else AROUND
    tail = 0 if last else AROUND
    if len(each) <= head + tail + 3:
        return [Run("same", text)]
    kept = [Run("same", "".join(each[:head])), Run("gap", "… "), Run("same", "".join(each[len(each) - tail :]))]
    return [run for run in kept if run.text]
