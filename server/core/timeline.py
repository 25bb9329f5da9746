"""The history of a document from scattered sightings: which wordings were in force, and between which moments.

An archive looks at a page when it pleases, so a change is an interval: after the last sighting of the old wording and
not later than the first of the new one. Nothing here says "on".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

OWN = ("live", "archive", "prior")
"""Sources whose text we extract ourselves, so that equal pages have equal wordings."""
SUSPECT_SHARE = 0.5
"""A text below this share of the wording in force, seen once, was cut or is another page."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A wording seen at a moment; `until` when it is known to have stood (a recorder that tells changes only)."""

    at: datetime
    wording: str
    size: int
    source: str = "archive"
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A change of wording: it came after `last_before`, and not later than `first_after`."""

    before: str
    after: str
    last_before: datetime
    first_after: datetime


@dataclass(slots=True)
class Run:
    """One wording seen several times in a row."""

    wording: str
    size: int
    first: datetime
    last: datetime
    stood_until: datetime
    count: int = 1

    @property
    def stood(self) -> timedelta:
        """How long it stood at least."""
        return self.stood_until - self.first


def steps(
    seen: Iterable[Seen], interval: timedelta = timedelta(hours=24), settle: timedelta = timedelta(days=14)
) -> tuple[Step, ...]:
    """The changes that the sightings amount to, oldest first.

    A new wording counts when it stood for `interval`, or when the page never went back to the one before; a wording
    that was in force earlier counts again when it stood for `settle`. The rest is silent, as in a live stream.
    """
    runs = _runs(_layered(seen))
    last_shown = {run.wording: run.first for run in runs}
    found: list[Step] = []
    force: Run | None = None
    known: set[str] = set()
    for run in runs:
        if force is None:
            force = run
        elif run.wording == force.wording:
            force.last = run.last
        elif _counts(run, force, run.wording in known, last_shown, interval, settle):
            found.append(Step(force.wording, run.wording, force.last, run.first))
            force = run
        known.add(force.wording)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Stood:
    """A wording that was in force, from its first sighting to its last."""

    wording: str
    first: datetime
    last: datetime


def standing(seen: Iterable[Seen]) -> tuple[Stood, ...]:
    """The wordings that were in force, oldest first. Between two of them, and outside of all, nobody knows."""
    ordered = sorted(seen, key=lambda one: one.at)
    if not ordered:
        return ()
    found = steps(ordered)
    begins = [(ordered[0].wording, ordered[0].at), *((step.after, step.first_after) for step in found)]
    latest = max(one.at for one in ordered if one.wording == begins[-1][0])
    ends = [*(step.last_before for step in found), latest]
    return tuple(Stood(wording, first, last) for (wording, first), last in zip(begins, ends, strict=True))


def _counts(
    run: Run, force: Run, known: bool, last_shown: dict[str, datetime], interval: timedelta, settle: timedelta
) -> bool:
    if known:
        return run.stood >= settle
    if run.stood >= interval and run.count > 1:
        return True
    return last_shown[force.wording] < run.first and run.size >= force.size * SUSPECT_SHARE


def _runs(seen: Sequence[Seen]) -> list[Run]:
    runs: list[Run] = []
    for one in seen:
        until = max(one.at, one.until or one.at)
        if runs and runs[-1].wording == one.wording:
            run = runs[-1]
            run.last, run.stood_until, run.count = one.at, max(run.stood_until, until), run.count + 1
        else:
            runs.append(Run(one.wording, one.size, one.at, one.at, until, 2 if one.until else 1))
    return runs


def _layered(seen: Iterable[Seen]) -> list[Seen]:
    """Our own sightings, and others' where we have none: elsewhere their different extraction would read as changes."""
    ordered = sorted(seen, key=lambda one: (one.at, one.source))
    own = [one for one in ordered if one.source in OWN]
    if not own:
        return ordered
    first, last, wordings = own[0].at, own[-1].at, {one.wording for one in own}
    return [one for one in ordered if one.source in OWN or one.wording in wordings or not first <= one.at <= last]
