"""What came, went or changed between the points of two versions, restatements left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

from server.core.clauses import all_words
from server.core.forms import ages, plain, switches, tokens
from server.core.meaning import Point, objects, points
from server.core.mentions import near_ai
from server.core.model import Clause, Kind, Stance
from server.core.reach import reach

ALIKE = 62
"""Two sentences this alike (0 to 100) are one sentence that was changed."""
ALIKER = 75
"""The same for two sentences of which only one speaks of training, sharing or scraping."""
RESTATED = 0.85
"""A sentence whose words stand to this share in another one of the same stance says nothing new."""
SAME_RULE = 0.6
"""The same, by the shorter one, for rules whose reach matters less than that of a rule on training."""
RECAST = 88
"""Two sentences less alike than this that reach equally far are one rule, worded anew: no surgery on some words."""
MUCH_LONGER = 2.5
"""Rules that so many times more words came to than went from, or the other way round, do not say the same."""
FEW_WORDS = 3
"""A sentence that grew or shrank by fewer words than this, none of them about scope, says the same."""
WHOLE = 40
"""Characters: a sentence this long that stands whole inside another one was added to."""

HEAVIEST = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Shift:
    """One thing said about AI that came (no old), went (no new) or changed."""

    old: Point | None
    new: Point | None

    @property
    def topic(self) -> Kind:
        """What it is about: the heavier of both sides."""
        return min((p.topic for p in (self.old, self.new) if p), key=HEAVIEST.index)

    @property
    def weighty(self) -> bool:
        """Whether it speaks of training, sharing or scraping."""
        return any(p.weighty for p in (self.old, self.new) if p)

    @property
    def chooses(self) -> bool:
        """Whether a way to object to the use of AI came or went."""
        alone = self.new if self.old is None else self.old if self.new is None else None
        return alone is not None and not alone.weighty and alone.stance is Stance.OPT_OUT and objects(alone.text)

    @property
    def size(self) -> int:
        """Characters on both sides."""
        return sum(len(p.key) for p in (self.old, self.new) if p)


def shifts(old: Sequence[Clause], new: Sequence[Clause]) -> list[Shift]:
    """Everything that the two versions say differently about AI."""
    if not any(points(_only(old, new))) and not any(points(_only(new, old))):
        return []  # as of most changes: what is not in both says nothing about it
    was, now = list(points(old)), list(points(new))
    gone, come = _missing(was, now, new), _missing(now, was, old)
    pairs = _pairs(gone, come)
    gone, come = _less(gone, (a for a, _ in pairs)), _less(come, (b for _, b in pairs))
    grown = list(_grown(was, come, now))
    shrunk = [(whole, part) for part, whole in _grown(now, gone, was)]
    gone, come = _less(gone, (a for a, _ in shrunk)), _less(come, (b for _, b in grown))
    changed = [Shift(a, b) for a, b in (*pairs, *grown, *shrunk) if _differs(a, b)]
    gone, come = _unmatched(gone, come, was, now)
    told = changed + [Shift(p, None) for p in gone] + [Shift(None, p) for p in come]
    reworded = {topic for topic in HEAVIEST if _reworded(told, topic)}
    return [shift for shift in told if shift.topic not in reworded]


def _reworded(told: Sequence[Shift], topic: Kind) -> bool:
    """Whether all that came and went of one kind of rule is the same rules in other words, as far-reaching."""
    went = [s.old for s in told if s.topic is topic and s.old]
    came = [s.new for s in told if s.topic is topic and s.new]
    if not went or {p.stance for p in came} != {p.stance for p in went}:
        return False
    was, now = (" ".join(p.text for p in side) for side in (went, came))
    few, many = sorted(map(len, _changed_words(was, now)))
    return few > 1 and many <= MUCH_LONGER * few and _reach(was) == _reach(now)


def _only(clauses: Sequence[Clause], others: Sequence[Clause]) -> list[Clause]:
    """The passages that do not stand in the other text, below the same words."""
    known = {(c.text, c.lead, c.heading) for c in others}
    return [c for c in clauses if (c.text, c.lead, c.heading) not in known]


def _less(found: Iterable[Point], taken: Iterable[Point]) -> list[Point]:
    gone = {id(point) for point in taken}
    return [point for point in found if id(point) not in gone]


def _missing(found: Iterable[Point], others: Iterable[Point], clauses: Sequence[Clause]) -> list[Point]:
    """Points whose words do not stand in the other text, whatever lines they are broken into."""
    told = list(others)
    said = {point.key for point in told}
    seen: dict[str, Point] = {}
    for point in found:
        if point.key and point.key not in said:
            seen.setdefault(point.key, point)
    text = f" {all_words(clauses)}" if seen else ""
    return [point for key, point in seen.items() if f" {key} " not in text or _grew(point, told)]


def _grew(point: Point, others: Iterable[Point]) -> bool:
    """Whether a whole sentence stands in the others' text only as part of a longer one: more was added to it."""
    if not (point.weighty and point.text[:1].isupper() and point.text.endswith((".", "!"))):
        return False
    return any(point.key in other.key and other.topic is point.topic for other in others)


def _pairs(gone: list[Point], come: list[Point]) -> list[tuple[Point, Point]]:
    """Sentences of the two sides that are one sentence, most alike first."""
    keys = [p.key for p in come]
    hits = [
        (-score, i, j)
        for i, p in enumerate(gone)
        for _, score, j in process.extract(p.key, keys, scorer=fuzz.ratio, limit=None, score_cutoff=ALIKE)
        if p.weighty == come[j].weighty or score >= ALIKER
    ]
    pairs: list[tuple[Point, Point]] = []
    left, right = set[int](), set[int]()
    for _, i, j in sorted(hits):
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            pairs.append((gone[i], come[j]))
    return pairs


def _grown(parts: list[Point], wholes: list[Point], kept: Iterable[Point]) -> Iterator[tuple[Point, Point]]:
    """Sentences that stand whole inside a longer one of the other side and nowhere by themselves."""
    alone = {p.key for p in kept}
    wanted = [p for p in parts if len(p.key) > WHOLE and p.key not in alone]
    for whole in wholes:
        part = next((p for p in wanted if p.topic is whole.topic and p.key in whole.key), None)
        if part:
            yield part, whole


def _unmatched(
    gone: list[Point], come: list[Point], was: list[Point], now: list[Point]
) -> tuple[list[Point], list[Point]]:
    """Points without a partner, less those that only say again what the other side says too."""
    lost = [p for p in gone if not _said(p, now) and not any(_same_rule(p, other) for other in come)]
    won = [p for p in come if not _said(p, was) and not any(_same_rule(p, other) for other in gone)]
    return lost, won


def _said(point: Point, others: Iterable[Point]) -> bool:
    told = set(point.key.split())
    return any(
        other.topic is point.topic
        and other.stance is point.stance
        and (not point.weighty or "condition" not in reach(other.text) - reach(point.text))
        and len(told & set(other.key.split())) >= RESTATED * len(told)
        for other in others
    )


def _same_rule(a: Point, b: Point) -> bool:
    if a.topic is not b.topic or a.stance is not b.stance or a.topic in (Kind.TRAINING, Kind.SHARING):
        return False
    x, y = ({w for w in p.key.split() if not _TRIFLE.match(w)} for p in (a, b))
    return len(x & y) >= SAME_RULE * min(len(x), len(y))


# --- one sentence beside its changed self -------------------------------------------------------------------------

_SCOPE = re.compile(
    r"(?:any|most|all|some|only|solely|unless|except|default|consent\w*|opt\w*|applicable|certain|not|no|free|paid"
    r"|teams?|enterprise|business|consumers?|voice|audio|video|photos?|images?|messages?|emails?|prompts?|inputs?"
    r"|outputs?|interactions?|conversations?|chats?|third|partners?|affiliates?|vendors?|providers?|foundation|train\w*"
    r"|develop\w*|improv\w*|object\w*|settings?|choose|without|may|will|public|private|personal|aggregat\w*|anonym\w*"
    r"|deidentified|minors?|children|adults?|teens?|students?|files?|documents?|music|recordings?|songs?|tracks?|lyrics"
    r"|art|artworks?|posts?|comments?|designs?|likeness|faces?|code|listings?|transcripts?|location|biometric\w*"
    r"|recommend\w*|currently|presently|moment|yet|never|always|ask\w*|inform\w*|notif\w*)$"
)
"""Words that decide how far a rule reaches."""
_TRIFLE = re.compile(
    r"(?:a|an|the|that|this|these|those|is|are|of|to|in|on|for|and|or|our|your|its|we|you|it|as|with|by|at|from|which"
    r"|also|such|see|here|section|including|\d+\w*|devices?|equipment|browsers?|cookies?|identifiers?|ip|log)$"
)
_PARTY = re.compile(
    r"(?:we|ours?|us|yo(?:u|urs?)|(?:users?|members?|customers?|subscribers?)(?:[’']s?)?|they|their|its?|the|company|do|does|has"
    r"|have|is|are)$"
)
"""Words for the two sides of a contract, and the verbs that go with another word for one."""
_TIER = re.compile(r"(?:free|plus|pro|paid|premium|teams?|enterprise|business|education|consumers?)$", re.IGNORECASE)


def _differs(a: Point, b: Point) -> bool:
    """Whether a changed sentence says something else, not the same in other words."""
    if a.weighty or b.weighty or a.stance is not b.stance:
        went, came = _changed_words(a.text, b.text)
    else:
        went, came = _changed_words(near_ai(a.text), near_ai(b.text))
    if a.topic is not b.topic or a.stance is not b.stance:
        return bool(went or came)
    if a.weighty and b.weighty and any(told(a.text) != told(b.text) for told in (ages, switches)):
        return True
    lopsided = abs(len(went) - len(came)) >= FEW_WORDS
    if lopsided or ((went or came) and a.weighty and _reach(a.text) != _reach(b.text)):
        return True
    recast = went and came and fuzz.ratio(a.key, b.key) < RECAST
    return not recast and any(_SCOPE.match(w) for w in went + came)


def _reach(text: str) -> frozenset[str]:
    return reach(plain(text))


def _changed_words(a: str, b: str) -> tuple[list[str], list[str]]:
    """The words that went and came, less trifles, renamed things and other spellings."""
    x, y = tokens(a), tokens(b)
    went, came = list[str](), list[str]()
    for old, new in _runs(x, y):
        if not (_party(old) and _party(new)):
            went += [w.lower() for w in old if not _TRIFLE.match(w.lower())]
            came += [w.lower() for w in new if not _TRIFLE.match(w.lower())]
    return _unlike(went, came), _unlike(came, went)


def _runs(x: list[str], y: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """The runs of words that differ, old beside new."""
    i = j = 0
    for block in Indel.opcodes([w.lower() for w in x], [w.lower() for w in y]).as_matching_blocks():
        if block.a > i or block.b > j:
            yield x[i : block.a], y[j : block.b]
        i, j = block.a + block.size, block.b + block.size


def _party(run: list[str]) -> bool:
    """Whether a run of words is a name, or who speaks or is spoken to: what it is replaced by is the same."""
    named = (w[:1].isupper() or w in ("of", "the", "and") or _PARTY.match(w) for w in run)
    return 0 < len(run) <= 4 and all(named) and not any(_TIER.match(w) for w in run)


def _unlike(these: list[str], others: list[str]) -> list[str]:
    """Words that did not only change their spelling or their place."""
    return [w for w in these if not any(_same_word(w, other) for other in others)]


def _same_word(a: str, b: str) -> bool:
    """Whether two words are one in another spelling or form: train and training."""
    short, long = sorted((a, b), key=len)
    return fuzz.ratio(a, b) >= 80 or (len(short) >= 4 and long.startswith(short))
