"""The change judge: two versions compared by what they mean, not by how they are worded."""

from __future__ import annotations

from collections.abc import Sequence

from server.core.clauses import words
from server.core.direction import direction, guards
from server.core.explanation import explain
from server.core.meaning import Point, fingerprint, points
from server.core.model import Change, Clause, Direction, Kind, Level, Reading, Stance
from server.core.reading import read
from server.core.shifts import HEAVIEST, Shift, shifts
from server.core.turning import aim, turn
from server.core.wholeness import kept, technical

REST = 0.7
WORD_FOR_WORD = 0.99
"""A text that shrank to REST of its size, WORD_FOR_WORD as it was, lost menus and the like."""


def meaning(clauses: Sequence[Clause], *, weighty: bool = False) -> str:
    """Hash of what a text says about AI, or about training, sharing and scraping only: changes elsewhere keep it."""
    return fingerprint(point for point in points(clauses) if point.weighty or not weighty)


def judge(
    old: Sequence[Clause], new: Sequence[Clause], *, before: Reading | None = None, after: Reading | None = None
) -> Change:
    """The transition from one version to the next: how heavy, about what, and for better or worse.

    What differs passage by passage is told by `server.core.diff.edits`.
    """
    before, after = before or read(old), after or read(new)
    if technical(old, new):
        return Change(Level.NOISE, Kind.TECHNICAL, Direction.NEUTRAL, before, after, _TECHNICAL)
    told = shifts(old, new)
    if not told and _cut_down(old, new):
        return Change(Level.NOISE, Kind.TECHNICAL, Direction.NEUTRAL, before, after, _TECHNICAL)
    told += _turned(before, after)
    if not told:
        return Change(Level.NOISE, Kind.WORDING, Direction.NEUTRAL, before, after, _WORDING)
    kind = _kind(told)
    way = turn(kind, before, after) or _direction(told, kind, _kept_stance(kind, before, after))
    way = way if way is not Direction.NEUTRAL else aim(kind, before, after)
    lead = _leading(told, kind, way)
    was, now = (point.text if point else "" for point in (lead.old, lead.new))
    meant = explain(kind, lead, way, before, after)
    return Change(_level(told), kind, way, before, after, meant, was, now, _confidence(told, kind))


def _turned(before: Reading, after: Reading) -> list[Shift]:
    """What makes the two texts as a whole say different things on training or sharing, by what their readings rest on.

    A way out may be told in a sentence that names neither AI nor training: no point of its own.
    """
    if not (before.known and after.known):
        return []
    kinds = [kind for kind in (Kind.TRAINING, Kind.SHARING) if getattr(before, kind) is not getattr(after, kind)]
    pairs = ((_basis(kind, before, after), _basis(kind, after, before)) for kind in kinds)
    return [Shift(was, now) for was, now in pairs if was or now]


def _basis(kind: Kind, reading: Reading, other: Reading) -> Point | None:
    """The first sentence that only this one of two readings rests on."""
    known = {e.text for e in other.evidence}
    alone = next((e for e in reading.evidence if e.field == kind and e.text not in known), None)
    stance: Stance = getattr(reading, kind)
    return Point(kind, stance, words(alone.text), alone.text, alone.line) if alone else None


def _kind(told: Sequence[Shift]) -> Kind:
    """The heaviest topic; between features and conduct the one that more is said of."""
    heaviest = min((shift.topic for shift in told), key=HEAVIEST.index)
    if heaviest is not Kind.AI_FEATURES:
        return heaviest
    conduct, features = (sum(s.size for s in told if s.topic is topic) for topic in (Kind.CONDUCT, Kind.AI_FEATURES))
    return Kind.CONDUCT if conduct > features else heaviest


def _level(told: Sequence[Shift]) -> Level:
    if not told:
        return Level.NOISE
    return Level.MATERIAL if any(shift.weighty for shift in told) else Level.NOTABLE


_TECHNICAL = "The page broke, was repaired or shows another text; this says nothing about your uploads."
_WORDING = "Nothing about AI changed in meaning."


def _cut_down(old: Sequence[Clause], new: Sequence[Clause]) -> bool:
    """Whether menus and the like left the page: a third of it went and not a word of the rest changed."""
    was, now = (sum(len(c.text) for c in clauses) for clauses in (old, new))
    return now < was * REST and kept(new, old) > WORD_FOR_WORD


def _kept_stance(kind: Kind, before: Reading, after: Reading) -> Stance:
    """What both texts say on that kind of rule as a whole; silent when they differ."""
    if kind not in (Kind.TRAINING, Kind.SHARING):
        return Stance.SILENT
    was, now = (getattr(reading, kind) for reading in (before, after))
    return Stance(was) if was == now else Stance.SILENT


def _direction(told: Sequence[Shift], kind: Kind, kept: Stance = Stance.SILENT) -> Direction:
    """More permission or a promise dropped is worse; a rule for others is neither, unless it is dropped."""
    heavy = [s for s in told if s.topic is kind or s.topic in (Kind.TRAINING, Kind.SHARING) or s.chooses]
    if kind is Kind.ANTI_SCRAPING:
        if all(s.new is None for s in heavy):
            return Direction.WORSE
        guarded = any(s.new and guards(s.new.text) for s in heavy) and not any(s.old for s in heavy)
        return Direction.BETTER if guarded else Direction.NEUTRAL
    if kind not in (Kind.TRAINING, Kind.SHARING):
        return Direction.NEUTRAL
    return direction(((s.old, s.new) for s in heavy), kept=kept)


def _leading(told: Sequence[Shift], kind: Kind, way: Direction) -> Shift:
    """The shift to quote: of the heaviest kind, going the way of the whole change, the longest."""
    heavy = [s for s in told if s.topic is kind]
    along = [s for s in heavy if way is Direction.NEUTRAL or _direction([s], kind) is way]
    return max(along or heavy, key=lambda shift: shift.size)


def _confidence(told: Sequence[Shift], kind: Kind) -> str:
    """High when a rule came or went whole, medium when a sentence was reworked."""
    return "high" if any(s.topic is kind and not (s.old and s.new) for s in told) else "medium"
