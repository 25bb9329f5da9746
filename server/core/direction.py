"""For better or worse: what a shift in a rule on training or sharing means for what people provide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from server.core.meaning import refuses, sentences, stance_of
from server.core.model import Direction, Stance

ALIKE = 55
"""Two sentences this alike (0 to 100) are one that was changed."""

_WORTH = {Stance.PERMITS: 2.0, Stance.OPT_OUT: 1.0, Stance.PROHIBITS: -2.0}
_CHOICE = re.compile(
    r"^\W*(?:opt|you (?:can|may|have)|if you (?:wish|want|do not|don[’']t|would)|to (?:opt|object|stop))\b"
    r"|\byou (?:can|may|have the (?:right|option|ability) to) (?:also |always )?"
    r"(?:opt|object|choose|turn|disable|control|decline)"
    r"|\bin control of\b",
    re.IGNORECASE,
)
"""A sentence that gives people a choice: better when it comes, worse when it goes."""
_LIMITS = re.compile(
    r"\b(?:only|solely|most|some|certain|limited|unless|except\w*|consent\w*|opt\w*|applicable|default|object\w*|not|never"
    r"|anonymi[sz]ed|aggregated?|de-?identified)\b"
)
_EXCEPT = re.compile(r"\b(?:except\w*|unless|other than)\b", re.IGNORECASE)
_TOKEN = re.compile(r"[\w’'-]+")
_TRAINS = re.compile(r"\btrain|\bmodels?\b|\bAI\b|artificial|machine|algorithm|\bLLM", re.IGNORECASE)


def direction(shifts: Iterable[tuple[str, str]]) -> Direction:
    """Where (before, after) pairs of sentences lead, taken together; an empty side: only came, or only went."""
    pairs = list(shifts)
    total = sum(_changed(before, after) for before, after in pairs if before and after)
    came = {_worth(after) for before, after in pairs if not before}
    went = {_worth(before) for before, after in pairs if not after}
    total += sum(came - went) - sum(went - came)
    return Direction.WORSE if total > 0 else Direction.BETTER if total < 0 else Direction.NEUTRAL


def _worth(text: str) -> float:
    """How much a sentence takes (above 0) or keeps (below 0)."""
    stance = stance_of(text)
    if stance in (Stance.OPT_OUT, Stance.OPT_IN) and _CHOICE.search(text):
        return -1.0
    if stance is Stance.OPT_IN:
        return -1.0 if refuses(text) else 0.5
    return _WORTH[stance]


def _keeps(text: str) -> bool:
    """Whether wider words in a sentence are good for people: it promises rather than takes."""
    return _worth(text) < 0 or (refuses(text) and not _EXCEPT.search(text))


def _changed(before: str, after: str) -> float:
    """The same for one sentence that was changed, part by part."""
    old, new = sentences(before), sentences(after)
    total = _worth_of_change(before, after) if len(old) == len(new) == 1 else 0.0
    if total or len(old) == len(new) == 1:
        return total
    gone = [part for part in old if part not in new]
    come = [part for part in new if part not in old]
    for part in list(gone):
        match = max(come, key=lambda other: fuzz.ratio(part, other), default="")
        if match and fuzz.ratio(part, match) >= ALIKE:
            total += _worth_of_change(part, match)
            gone.remove(part)
            come.remove(match)
    lone = [(1.0, part) for part in come] + [(-1.0, part) for part in gone]
    return total + sum(sign * (_worth(part) if _TRAINS.search(part) else 0.5) for sign, part in lone)


def _worth_of_change(before: str, after: str) -> float:
    """A change of stance, or else wider or narrower words in the same stance."""
    step = _worth(after) - _worth(before)
    if step:
        return step
    went, came = _moved_words(before, after)
    limits = len(_LIMITS.findall(" ".join(came))) - len(_LIMITS.findall(" ".join(went)))
    keeps = _keeps(after)
    if limits:
        return (0.5 if keeps else -0.5) * limits
    size = len(came) - len(went)
    return 0.0 if not size else (-0.5 if keeps else 0.5) * (1 if size > 0 else -1)


def _moved_words(before: str, after: str) -> tuple[Sequence[str], Sequence[str]]:
    x, y = ([w.lower() for w in _TOKEN.findall(text)] for text in (before, after))
    went, came = list[str](), list[str]()
    for op in Indel.opcodes(x, y):
        went += x[op.src_start : op.src_end] if op.tag == "delete" else []
        came += y[op.dest_start : op.dest_end] if op.tag == "insert" else []
    return went, came
