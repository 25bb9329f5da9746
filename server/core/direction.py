"""For better or worse: what a shift in a rule on training or sharing means for what people provide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from server.core.forms import ages, switches, tokens
from server.core.meaning import Point, refuses, sentences, stance_of
from server.core.model import Direction, Stance
from server.core.reach import reach

ALIKE = 55
"""Two sentences this alike (0 to 100) are one that was changed."""

_WORTH = {Stance.PERMITS: 2.0, Stance.OPT_OUT: 1.0, Stance.PROHIBITS: -2.0}
_CHOICE = re.compile(
    r"^\W*(?:opt|you (?:can|may|have)|if you (?:wish|want|do not|don[’']t|would)|to (?:opt|object|stop))\b"
    r"|\byou (?:can|may|have the (?:right|option|ability) to) (?:also |always )?"
    r"(?:opt|object|exclude|choose|turn|disable|control|decline)"
    r"|\b(?:users?|members?|customers?|contributors?|creators?|artists?) (?:can|may) (?:also |always )?"
    r"(?:opt|object|exclude|choose|turn|disable|decline|refuse|withdraw)"
    r"|\bin control of\b",
    re.IGNORECASE,
)
"""A sentence that gives people a choice: better when it comes, worse when it goes."""
_LIMITS = re.compile(
    r"\b(?:only|solely|most|some|certain|limited|unless|except\w*|consent\w*|opt\w*|applicable|default|object\w*"
    r"|not|never"
    r"|anonymi[sz]ed|aggregated?|de-?identified|while|moment|(?<!even )if|until|within)\b"
)
_KINDS = re.compile(
    r"\b(?:public(?:ly)?|private|personal|free|paid|enterprise|business|adults?|minors?|currently|presently)\b"
)
"""Words that narrow what they stand before, unless they join it as one thing more."""
_WIDENS = re.compile(r"\b(?:any|all|every|whatever|always)\b")
_JOINS = re.compile(r"\b(?:and|or|nor|also|plus|includ\w+|as well as)\b")
"""What comes with such a word comes on top and narrows nothing."""
_EXCEPT = re.compile(r"\b(?:except\w*|unless|other than)\b", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"\b(?:publicly available|public (?:internet|datasets?)|third[- ]part(?:y|ies)|licen[sc]ed|proprietary"
    r"|synthetic)\b",
    re.IGNORECASE,
)
_PROVIDED = re.compile(r"\b(?:you|your|users?|customers?|members?|consumers?)\b", re.IGNORECASE)
"""Data from elsewhere, data from people: only the latter takes something from them."""
_NARROW = frozenset(("contrast", "deadline", "for now"))
"""What makes a rule narrower wherever it stands (`server.core.reach`)."""
_THEIR_WORKS = re.compile(
    r"\b(?:user|member|creator|artist|customer|contributor|author|uploader)s?['’]?s? (?:generated )?"
    r"(?:content|data|works?|posts?|uploads?|photographs?|images?|submissions?)\b|\bmessage content\b"
    r"|\b(?:content|works?|posts|images|photographs|data) (?:of|from|by|(?:posted|uploaded|submitted|shared) by) "
    r"(?:other |our |its )?(?:users|members|artists|creators|contributors|authors)\b|\byour (?:content|works?|posts"
    r"|uploads?)\b",
    re.IGNORECASE,
)
FEW_WORDS = 2
"""A sentence that grew or shrank by fewer words, none of them limiting, is as wide as it was."""
_CARVES_OUT = re.compile(r"^\W*(?:notwithstanding|despite|except for) the (?:foregoing|above)\b", re.IGNORECASE)
"""An exception from the rule before it."""
AGAIN = 0.2
"""The part of its weight that a sentence keeps when the text says the same elsewhere."""
_TRAINS = re.compile(r"\btrain|\bmodels?\b|\bAI\b|artificial|machine|algorithm|\bLLM", re.IGNORECASE)


def direction(shifts: Iterable[tuple[Point | None, Point | None]], *, kept: Stance = Stance.SILENT) -> Direction:
    """Where (before, after) pairs of sentences lead, taken together; no point on a side: only came, or only went.

    `kept`: what the whole text said before and says still; saying it once more, or once less, weighs little.
    """
    pairs = list(shifts)
    reworked = [_changed(before.text, after.text) for before, after in pairs if before and after]
    total = sum(reworked)
    came = {_weight(after, kept) for before, after in pairs if after and not before}
    went = {_weight(before, kept) for before, after in pairs if before and not after}
    total += sum(came - went) - sum(went - came)
    total = total or _exchanged([(before, after) for before, after in pairs if not (before and after)])
    if total == 0:  # what is lost is told before what is gained
        exchanged = any(weight > 0 for weight in came & went)
        return Direction.WORSE if exchanged or any(reworked) else Direction.NEUTRAL
    return Direction.WORSE if total > 0 else Direction.BETTER


def guards(text: str) -> bool:
    """Whether a rule for others keeps them from what people provide, not just from the service's own works."""
    return bool(_THEIR_WORKS.search(text))


def _exchanged(alone: Sequence[tuple[Point | None, Point | None]]) -> float:
    """Where one sentence in place of one that it does not resemble leads."""
    went, came = [before for before, _ in alone if before], [after for _, after in alone if after]
    if len(went) != 1 or len(came) != 1:
        return 0.0
    was, now = (_NARROW & reach(points[0].text) for points in (went, came))
    narrower = bool(now) - bool(was)
    return narrower * (0.5 if _keeps(went[0].text) and _keeps(came[0].text) else -0.5)


def _weight(point: Point, kept: Stance) -> float:
    """How much a sentence that came or went takes or keeps."""
    if _CARVES_OUT.search(point.text) and not point.denied:
        return -0.5
    worth = _worth(point.text, point.stance, denied=point.denied)
    if worth > 0 and not point.denied and _ELSEWHERE.search(point.text) and not _PROVIDED.search(point.text):
        return 0.0
    return worth * AGAIN if point.stance is kept and not _CHOICE.search(point.text) else worth


def _worth(text: str, stance: Stance | None = None, *, denied: bool = False) -> float:
    """How much a sentence takes (above 0) or keeps (below 0)."""
    stance = stance or stance_of(text)
    if stance in (Stance.OPT_OUT, Stance.OPT_IN) and _CHOICE.search(text):
        return -1.0
    if stance is Stance.OPT_IN:
        return -1.0 if denied or refuses(text) else 0.5
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
    was, now = ages(before), ages(after)
    if was != now and len(was) == len(now):
        return 0.5 if sum(now) < sum(was) else -0.5  # who is spared, or may be taken from, is younger now
    generative = ("generative" in reach(after)) - ("generative" in reach(before))
    if generative:  # a promise for them alone is narrower, and a permission for them is what people fear
        return 0.5 * generative
    if switched := _switched(before, after):
        return switched
    (was_rule, was_except), (rule, excepted) = _parted(before), _parted(after)
    if was_rule == rule and was_except != excepted:
        longer = len(excepted.split()) - len(was_except.split())
        return (0.5 if _keeps(was_rule) else -0.5) * ((longer > 0) - (longer < 0))
    went, came = _moved_words(before, after)
    limits = _limits(came) - _limits(went)
    keeps = _keeps(before) and _keeps(after)
    if limits:
        return (0.5 if keeps else -0.5) * max(-1, min(1, limits))
    size = len(came) - len(went)
    return 0.0 if abs(size) < FEW_WORDS else (-0.5 if keeps else 0.5) * (1 if size > 0 else -1)


def _limits(run: Sequence[str]) -> int:
    """How many words of a run narrow a sentence, less those that widen it."""
    said = " ".join(run)
    kinds = 0 if _JOINS.search(said) else len(_KINDS.findall(said))
    return len(_LIMITS.findall(said)) + kinds - len(_WIDENS.findall(said))


def _moved_words(before: str, after: str) -> tuple[Sequence[str], Sequence[str]]:
    x, y = ([w.lower() for w in tokens(text)] for text in (before, after))
    went, came = list[str](), list[str]()
    for op in Indel.opcodes(x, y):
        went += x[op.src_start : op.src_end] if op.tag == "delete" else []
        came += y[op.dest_start : op.dest_end] if op.tag == "insert" else []
    return went, came


def _switched(before: str, after: str) -> float:
    """Whether a setting that was off at first is on now, or the other way round."""
    on, off = (switches(after).count(state) - switches(before).count(state) for state in ("on", "off"))
    return 0.5 if on > 0 > off else -0.5 if on < 0 < off else 0.0


def _parted(text: str) -> tuple[str, str]:
    """The rule, and its exceptions."""
    mark = _EXCEPT.search(text)
    return (text[: mark.start()], text[mark.start() :]) if mark else (text, "")
