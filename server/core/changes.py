"""The change judge: two versions compared by what they mean, not by how they are worded."""

from __future__ import annotations

from collections.abc import Sequence

from server.core import walls
from server.core.clauses import words
from server.core.direction import direction
from server.core.explanation import explain
from server.core.language import language
from server.core.meaning import Point, fingerprint, points
from server.core.model import CaptureKind, Change, Clause, Direction, Kind, Level, Reading, Stance
from server.core.reading import read
from server.core.shifts import HEAVIEST, Shift, shifts
from server.core.stability import classify
from server.core.turning import aim, turn

SAME_TONGUE = 0.5
"""Two texts that share this part of their longer words are in one language."""
LONG = 20_000
HALF = 0.5
MOSTLY = 0.7
"""A text of LONG characters or more that lost HALF, and of whose rest MOSTLY all stood there before, was cut."""
REST = 0.7
WORD_FOR_WORD = 0.99
"""A text that shrank to REST of its size, WORD_FOR_WORD as it was, lost menus and the like."""
KEPT_SHARE = 0.2
"""A text that keeps more than this of the other one's passages is no translation of it."""


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


def technical(old: Sequence[Clause], new: Sequence[Clause]) -> bool:
    """Whether the page broke, was repaired, swapped or translated, rather than edited."""
    was, now = (sum(len(c.text) for c in clauses) for clauses in (old, new))
    if {classify(now, known=was), classify(was, known=now)} != {CaptureKind.POLICY}:
        return True
    if _readable(old) is not _readable(new):
        return True
    if was > LONG and now < was * HALF and _kept(new, old) >= MOSTLY:
        return True
    if _kept(old, new) >= KEPT_SHARE or _vocabulary(old, new) >= SAME_TONGUE:
        return False
    tongues = {language("\n".join(c.text for c in clauses)) for clauses in (old, new)} - {""}
    return len(tongues) > 1


def _readable(clauses: Sequence[Clause]) -> bool:
    """Whether it is a policy, as far as its words tell: no error page, and no wall before one, which says little."""
    if clauses and walls.opens_with_error(clauses[0].text):
        return False
    if sum(len(c.text) for c in clauses) >= walls.SHORT:
        return True
    return walls.classify(200, "\n\n".join(c.text for c in clauses), "")[0] is not CaptureKind.WALL


def _cut_down(old: Sequence[Clause], new: Sequence[Clause]) -> bool:
    """Whether menus and the like left the page: a third of it went and not a word of the rest changed."""
    was, now = (sum(len(c.text) for c in clauses) for clauses in (old, new))
    return now < was * REST and _kept(new, old) > WORD_FOR_WORD


def _kept(old: Sequence[Clause], new: Sequence[Clause]) -> float:
    """The share of the old text, by characters, whose passages stand in the new one."""
    ids = {c.id for c in new}
    return sum(len(c.text) for c in old if c.id in ids) / max(1, sum(len(c.text) for c in old))


def _vocabulary(old: Sequence[Clause], new: Sequence[Clause]) -> float:
    """The share of the old text's longer words that the new one uses too."""
    was, now = ({w for c in clauses for w in words(c.text).split() if len(w) > 4} for clauses in (old, new))
    return len(was & now) / max(1, len(was))


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
        return Direction.WORSE if all(s.new is None for s in heavy) else Direction.NEUTRAL
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
