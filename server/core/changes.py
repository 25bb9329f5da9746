"""Two versions and their readings → a change: level, kind, direction, and what it means."""

from __future__ import annotations

from collections.abc import Sequence

from server.core.diff import edits
from server.core.model import Change, Clause, Direction, Kind, Level, Reading, Stance
from server.core.reading import read

_FREEDOM = [Stance.PERMITS, Stance.OPT_OUT, Stance.SILENT, Stance.OPT_IN, Stance.PROHIBITS]


def judge(
    old: Sequence[Clause], new: Sequence[Clause], *, before: Reading | None = None, after: Reading | None = None
) -> Change:
    """The change from `old` to `new`; reads them itself when their readings are not given."""
    before, after = before or read(old), after or read(new)
    kind = _kind(before, after)
    level = {Kind.WORDING: Level.NOISE, Kind.OPERATION: Level.NOTABLE}.get(kind, Level.MATERIAL)
    field = kind.value if kind in {Kind.TRAINING, Kind.SHARING, Kind.ANTI_SCRAPING, Kind.OPERATION} else ""
    return Change(
        level=level,
        kind=kind,
        direction=_direction(before, after, kind),
        before=before,
        after=after,
        edits=edits(old, new),
        explanation=f"The rule on {field.replace('_', ' ')} changed." if field else "Reworded.",
        quote_before=_quote(before, field),
        quote_after=_quote(after, field),
    )


def _kind(before: Reading, after: Reading) -> Kind:
    if not (before.known and after.known):
        return Kind.WORDING
    for kind in (Kind.TRAINING, Kind.SHARING, Kind.ANTI_SCRAPING, Kind.OPERATION):
        if getattr(before, kind.value) != getattr(after, kind.value):
            return kind
    return Kind.WORDING


def _direction(before: Reading, after: Reading, kind: Kind) -> Direction:
    if kind not in {Kind.TRAINING, Kind.SHARING}:
        return Direction.NEUTRAL
    was, now = (_FREEDOM.index(getattr(reading, kind.value)) for reading in (before, after))
    return Direction.BETTER if now > was else Direction.WORSE


def _quote(reading: Reading, field: str) -> str:
    return next((evidence.text for evidence in reading.evidence if evidence.field == field), "")
