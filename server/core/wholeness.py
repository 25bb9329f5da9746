"""Whether two versions are one page, whole in both, or one that broke, was swapped or translated in between."""

from __future__ import annotations

from collections.abc import Sequence

from server.core import walls
from server.core.clauses import all_words, words
from server.core.language import language
from server.core.model import CaptureKind, Clause
from server.core.stability import NEAR_EMPTY, classify

SAME_TONGUE = 0.5
"""Two texts that share this part of their longer words are in one language."""
LONG = 20_000
HALF = 0.5
MOSTLY = 0.7
"""A text of LONG characters or more that lost HALF, and of whose rest MOSTLY all stood there before, was cut."""
KEPT_SHARE = 0.2
"""A text that keeps more than this of the other one's passages is no translation of it."""
OTHER = 0.1
"""Two long texts of which less than this was kept, and which share fewer words than one tongue has, are two pages."""
BROKEN_OFF = 0.85
"""A text that is less than this of the other one, and begins or ends within a sentence, was broken off."""


def technical(old: Sequence[Clause], new: Sequence[Clause]) -> bool:
    """Whether the page broke, was repaired, swapped or translated, rather than edited."""
    was, now = (sum(len(c.text) for c in clauses) for clauses in (old, new))
    if {classify(now, known=was), classify(was, known=now)} != {CaptureKind.POLICY}:
        return True
    if broken_off(old, new) or broken_off(new, old):
        return True
    if _readable(old) is not _readable(new):
        return True
    if was > LONG and now < was * HALF and kept(new, old) >= MOSTLY:
        return True
    if kept(old, new) >= KEPT_SHARE or _vocabulary(old, new) >= SAME_TONGUE:
        return False
    tongues = {language("\n".join(c.text for c in clauses)) for clauses in (old, new)} - {""}
    return len(tongues) > 1 or other_page(old, new)


def other_page(old: Sequence[Clause], new: Sequence[Clause]) -> bool:
    """Whether a page shows another text altogether, though in the same language."""
    if min(sum(len(c.text) for c in clauses) for clauses in (old, new)) < walls.SHORT:
        return False
    if max(kept(old, new), kept(new, old)) >= OTHER:
        return False
    return max(_vocabulary(old, new), _vocabulary(new, old)) < SAME_TONGUE


def broken_off(old: Sequence[Clause], new: Sequence[Clause]) -> bool:
    """Whether the new text is a part of the old one that begins or ends in the middle of a sentence."""
    if not old or not new:
        return False
    known = {c.id for c in old}
    head = new[0].id not in known and not new[0].text[0].isupper()
    tail = new[-1].id not in known and new[-1].text[-1] not in ".!?:;"
    if not (head or tail):
        return False
    was, now = all_words(old), all_words(new)
    return NEAR_EMPTY <= len(now) < len(was) * BROKEN_OFF and now.strip() in was


def _readable(clauses: Sequence[Clause]) -> bool:
    """Whether it is a policy, as far as its words tell: no error page, and no wall before one, which says little."""
    if clauses and walls.opens_with_error(clauses[0].text):
        return False
    if sum(len(c.text) for c in clauses) >= walls.SHORT:
        return True
    return walls.classify(200, "\n\n".join(c.text for c in clauses), "")[0] is not CaptureKind.WALL


def kept(old: Sequence[Clause], new: Sequence[Clause]) -> float:
    """The share of the old text, by characters, whose passages stand in the new one."""
    ids = {c.id for c in new}
    return sum(len(c.text) for c in old if c.id in ids) / max(1, sum(len(c.text) for c in old))


def _vocabulary(old: Sequence[Clause], new: Sequence[Clause]) -> float:
    """The share of the old text's longer words that the new one uses too."""
    was, now = ({w for c in clauses for w in words(c.text).split() if len(w) > 4} for clauses in (old, new))
    return len(was & now) / max(1, len(was))
