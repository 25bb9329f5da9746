"""What single sentences say about AI: the points that the change judge compares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from server.core.clauses import unwrapped, words
from server.core.mentions import either, masked, may_speak, says_something, speaks
from server.core.model import Clause, Kind, Stance
from server.core.reading import bodies, findings
from server.core.reading.choice import on_another_matter
from server.core.reading.finding import OPERATION, SCRAPING, SHARING, TRAINING, Finding
from server.core.reading.providers import speaking
from server.core.reading.sentences import MOST as PARTS

ROW = 3000
"""Characters: the cells of a table row this long or shorter are read as one sentence."""
MOST = 150_000
"""Characters of sentences on AI that are compared; no real policy has half of it, and what is longer takes minutes."""
LONGEST = 20_000
"""Characters looked at of one sentence; no sentence of a policy has a quarter of it."""
LEAD = 300
"""Characters of an introduction that the parts of a list are read with."""


_WEIGHTY = (Kind.TRAINING, Kind.SHARING)
_HEAVY = (*_WEIGHTY, Kind.ANTI_SCRAPING)
_FIELDS = (TRAINING, SHARING, SCRAPING)


_Told = tuple[Kind, Stance, str, str, bool, str]
"""Of a point: topic, stance, key, text, whether it denies, and the company that it names."""


@dataclass(frozen=True, slots=True)
class Point:
    """One sentence about AI: what it is about, which way it goes, and its words."""

    topic: Kind
    stance: Stance
    key: str
    """The sentence's words, for comparing."""
    text: str
    line: int
    denied: bool = False
    """Whether the sentence, or what introduces it, denies something."""

    @property
    def weighty(self) -> bool:
        """Whether it speaks of training, sharing or scraping."""
        return self.topic in (Kind.TRAINING, Kind.SHARING, Kind.ANTI_SCRAPING)


def points(clauses: Iterable[Clause]) -> Iterator[Point]:
    """Every sentence of a text that speaks of AI, in order; a heading says nothing by itself, as for the reader."""
    rows = list(clauses)
    found = list(_found(rows))
    own = speaking((provider for _, (*_, provider) in found), rows)
    for line, (topic, stance, key, text, denied, provider) in found:
        topic = Kind.TRAINING if topic is Kind.SHARING and provider in own else topic
        yield Point(topic, stance, key, text, line, denied)


def _found(clauses: Sequence[Clause]) -> Iterator[tuple[int, _Told]]:
    """Line and content of the first points of a text, MOST characters of them."""
    left = MOST
    for clause in bodies(clauses):
        for told in _points(clause.text, clause.lead, clause.heading):
            left -= len(told[3])
            if left < 0:
                return
            yield clause.line, told


def fingerprint(found: Iterable[Point]) -> str:
    """Hash of what a text says about AI, whatever else it says and in whatever order."""
    return blake2b("\n".join(sorted({point.key for point in found})).encode(), digest_size=12).hexdigest()


def essence(text: str) -> str:
    """The paragraphs that may speak of AI with what introduces them: all that `points` needs."""
    kept: list[str] = []
    above: list[str] = []
    within = False
    for block in _GAPS.split(unwrapped(text)):
        told, heading, opens, item = _block(block)
        within = (told and opens) or (within and item)
        if told or within:
            kept += [*above, block]
            above = []
        elif heading:
            above = [block]
        elif opens or not above or _block(above[-1])[1:3] != (False, False):
            above.append(block)
        else:
            above[-1] = block
    return "\n\n".join(kept)


@lru_cache(maxsize=1 << 15)
def _block(block: str) -> tuple[bool, bool, bool, bool]:
    """Whether a paragraph may speak of AI, is a heading, introduces what follows, goes on with a list."""
    mark = block.lstrip()[:2]
    heading = mark[:1] == "#" or (mark == "**" and len(block) < 120) or block.rstrip().endswith(("---", "==="))
    return may_speak(block), heading, block.rstrip(" *_\n").endswith(":"), bool(_ITEM.match(block))


def stance_of(text: str) -> Stance:
    """Which way one sentence on training goes."""
    if _CONSENT.search(text) and not _NOT_OPTED_OUT.search(text):
        return Stance.OPT_IN
    if _OPT_OUT.search(text):
        return Stance.OPT_OUT
    return Stance.PROHIBITS if _NEGATION.search(text) else Stance.PERMITS


def objects(text: str) -> bool:
    """Whether a sentence tells people how to object to the use of AI."""
    return bool(_OBJECTS.search(text))


def refuses(text: str) -> bool:
    """Whether a sentence denies something."""
    return bool(_NEGATION.search(text))


def sentences(text: str) -> list[str]:
    """The sentences, lines and cells of one passage."""
    return [part for part in _END.split(text) if part.strip()]


_GAPS = re.compile(r"\n\s*\n")
_ITEM = re.compile(r"\s*(?:[-*+•|]|\(?\w{1,4}[.)])\s|\s{2,}|\s*$")
_USED = either(r"\b(?:us(?:e|ed|ing)|process\w*|settings?|object|opt)\b")
_BACK = either(
    r"\b(?:notwithstanding|despite|except for) the (?:foregoing|above)\b",
    r"\b(?:in this way|for (?:this|these|that|such) purposes?|this (?:use|processing|training)|such (?:use"
    r"|training))\b",
)
"""Goes on with the rule before it."""
_BOUNDS = either(
    r"\b(?:exclude[sd]?|excluding|left out|leave out|does not (?:apply|include|cover)|applies (?:only|also|to)"
    r"|limited to)\b",
    r"\b(?:not|never|n[’']t|only) (?:\w+ )?(?:used?|included?|covered|affected|sent)\b[^.;]{0,60}?"
    r"\b(?:this|these|that|such|it|them|purposes?|way)\b",
    r"\b(?:turn(?:s|ed|ing)?|switch(?:es|ed|ing)?) (?:\w+ ){0,4}?(?:off|on)\b|\b(?:un)?tick(?:ed)?\b|\btoggles?\b",
    r"\bopt(?:s|ed|ing)?[- ]?(?:out|in)\b|\b(?:you|users?|contributors?|customers?|members?) (?:can|may) (?:\w+ )?"
    r"(?:object|exclude|withdraw|decline|refuse)\b",
    r"\b(?:on|off|enabled|disabled) (?:by default|until|unless|at first|to begin with)\b|\bby default\b",
)
"""Says how far the rule before it reaches: what is left out, and the switch for it."""

# --- who must not, and who does not -------------------------------------------------------------------------------

_BARRED = either(
    r"\byou(?: and \w+| or \w+)? (?:also |further |agree |will |may |must |shall |can |do |are |represent "
    r"|undertake |hereby )*(?:not|never|cannot)\b",
    r"\byou (?:may|must|shall|can|agree|will|represent)\b.{0,80}\b(?:not|nor)\b|\byou (?:can|don|mustn|shouldn)[’']t\b",
    r"\b(?:agree|undertake|permitted|allowed|authori[sz]ed|entitled) not to\b|\b(?:is|are) not (?:permitted"
    r"|allowed|authori[sz]ed)\b",
    r"\b(?:users?|members?|customers?|developers?|anyone|third part(?:y|ies)|no one|nobody|licensees?|visitors?"
    r"|subscribers?)"
    r"(?: \w+)? (?:may|must|shall|can|will|are) not\b",
    r"\bprohibit(?:ed|s|ion|ions)\b|\bforbidden\b|\bnot permitted\b|\brestrictions\b",
    r"\b(?:do(?:es)? not|don[’']t) (?:grant|permit|allow|authori[sz]e|include|extend)\b",
    r"\breserv\w+ (?:all )?(?:of )?(?:our |its |the )?rights?\b|\bagainst text and data mining\b",
    r"^\W*(?:do not|don[’']t|never|not)\b|\bwithout (?:the |our |its |any )?(?:prior|express|written|explicit)\b",
    r"\b(?:content|materials?|data|works|outputs?|part of the \w+) (?:may|must|shall|can) not\b|\bcannot\b",
)
_OWNER = either(
    r"\b(?:we|us|[Oo]ur (?:partners?|vendors?|providers?|affiliates)|they|it|such (?:use|data)"
    r"|(?!You\b|Users?\b|Members?\b|Customers?\b|Developers?\b|Licensees?\b|Visitors?\b|Anyone\b|Subscribers?\b"
    r"|Services?\b|Content\b)"
    r"\w*[A-Z][\w.’'-]*(?: AI)?) (?:also |further |\w+ly )?(?:do|does|will|shall|may|is|are|would|has|have)"
    r"(?: not|n[’']t| never)\b(?! (?:grant|permit|allow|authori))",
    r"\b(?:is|are|be|will|would)(?: not| never|n[’']t)(?: be)?(?: \w+)? used\b|\b[Nn]ever (?:used|train|sell|share)\b",
    r"\b[Nn]o (?:\w+ )?(?:data|content|information) (?:will|is|are)\b|\bnot for (?:marketing|training|AI)\b",
    r"\b[Yy]ou (?:can|may) (?:opt|choose|object|decline|turn|disable)|\bmay use your\b",
    flags=0,
)
"""The platform speaks of what it does, or does not do, itself."""
_NEGATION = either(
    r"\b(?:not(?! (?:limited|only|oblig(?:at)?ed|required|bound)\b)|never|no|nor"
    r"|without(?! (?:limit|restrict|further|notice))|neither|cannot"
    r"|prohibited|excluded)\b|n[’']t\b"
)
_CONSENT = either(
    r"\b(?:unless|only (?:if|when|where|with)|without|with|upon|until|subject to)\b.{0,60}"
    r"\b(?:consent|permission|opt(?:ed)?[- ]in|agree|authori[sz]|direct us|instruct|approv|choose|chosen)",
    r"\bask(?:s|ed|ing)? (?:for )?(?:you|your|them|members|users)\b.{0,60}\b(?:before|first)\b"
    r"|\b(?:off|disabled) (?:by default|unless|until)\b",
    r"\bopt(?:ed|s)?[- ]?in\b|\bexplicit(?:ly)? (?:consent|opt)|\bif you (?:choose|agree|consent|allow)"
    r"|\|\s*consent\b",
)
_OBJECTS = either(
    r"\b(?:object|opt[- ]?out)\b[^.;]{0,120}\b(?:us(?:e|ing)|process\w*)\b[^.;]{0,80}\b(?:AI|artificial intelligence)\b"
)
_NOT_OPTED_OUT = either(r"\bnot (?:yet )?opted[- ]?out\b|\bunless\b[^.;]{0,60}\bopt(?:ed|s)?[- ]?out\b")
_OPT_OUT = either(
    r"\bopt(?:ed|ing|s)?[- ]?out\b|\bobject\b|\bturn(?:ed)? (?:it |this )?off\b|\bdisabl\w+\b|\bsettings?\b"
    r"|\bcontrols?\b",
    r"\b(?:can|may) (?:\w+ )?(?:exclude|withdraw|refuse)\b|\bunticks?\b",
    r"\btoggle\b|\bin control of\b|\bdeactivat\w+\b|\bchoose whether\b|\bdecline\b",
)

# --- the other matters --------------------------------------------------------------------------------------------

_DECIDES = either(r"\bautomated (?:decision|individual)\w*|\bprofiling\b")
_MADE = either(
    r"\b(?:AI|artificial\w* intelligence|machine|digitally|synthetically)[- ](?:and[- ]\w+[- ])?(?:generated"
    r"|created|manipulated|altered|modified|edited)",
    r"\bgenerated (?:in whole or in part )?(?:by|with|using) (?:AI|artificial)|\bdeep-?fakes?\b|\bsynthetic\b",
    r"\bAI (?:agents?|bots?|tools?|content|media|imagery|images)|\bgenerative AI\b|\bAI-based\b",
)
_RULE = either(
    r"\b(?:must|prohibit\w*|not (?:allowed|permitted|acceptable|monetiz\w+|eligible)|may not|do not|don[’']t"
    r"|shall not|never)\b",
    r"\b(?:disclos\w+|label\w*|ban(?:ned)?|violat\w+|forbid\w*|allow(?:ed)?|remove|guidelines?|require\w*"
    r"|deceptive\w*|abuse)\b",
    r"\b(?:harass\w*|nud\w+|sexual\w*|exploit\w*|CSAM|impersonat\w*|mislead\w*|deceiv\w*)\b",
)
_KEPT = either(r"\b(?:expir|delet|retain|retention)\w*\b")
"""How long something is kept is another matter than what it is used for."""
_LINK = either(
    r"\W*(?:learn more|read more|find out more|see (?:also|our|here)|for (?:more|further) (?:information|details?)"
    r"|to learn more"
    r"|more information|you can (?:read|review|find|learn)\b[^.]{0,80}\bhere|this (?:article|page|note|document) "
    r"(?:describes|explains))\b"
)
"""A sentence that only leads to another page, or says what this one is about."""
_RESULT = either(r"\boutputs?\b|\binputs?\b")


# --- reading one passage ------------------------------------------------------------------------------------------

_END = re.compile(
    r"(?<=[.!?;])(?<!\bNo[.!;])(?<!\bYes[.!;])[\"”’)]?\s+(?=[\"“(‘]?[A-Z(])"
    r"|\n+|\s[|•·]\s|(?<=;)\s+(?:or |and )?(?=[a-z(])"
    r"|(?<=:)\s+(?=\((?:i|a|1)\)\s)"
)

_BARE = re.compile(r"\W*(?:no|yes|never|not at all)\W*", re.IGNORECASE)
"""An answer that says nothing without its question."""
_PREFACE = re.compile(
    r"^\W*(?:please note(?: that)?|note that|however|in addition|additionally|to be clear|for the avoidance of doubt)"
    r"\b,?\s+",
    re.IGNORECASE,
)
"""What a sentence begins with and does not say."""


@lru_cache(maxsize=1 << 15)
def _points(text: str, lead: str, heading: str) -> tuple[_Told, ...]:
    if not may_speak(text) and not (lead and may_speak(lead)):
        return ()
    found = []
    whole = " | " in text and len(text) <= ROW
    parts = [text] if whole else [part[:LONGEST] for part in sentences(text)[:PARTS]]
    last: Kind | None = None
    read_as = findings(Clause("", text, 0, heading, lead))
    for n, part in enumerate(parts):
        above = lead if n == 0 else f"{lead} {parts[0][:LEAD]}" if _continues(part) else ""
        here = [f for f in read_as if f.sentence in part or (part in f.sentence and _tells(part, above, f))]
        topic = _heard(here) or (_topic(part, above) if says_something(part) else None)
        if topic in (None, Kind.AI_FEATURES) and any(f.field == OPERATION for f in here):
            topic = Kind.OPERATION
        if topic not in _HEAVY and last in _WEIGHTY and _goes_on(part):
            topic = last
        last = topic if topic in _WEIGHTY else None if topic in _HEAVY else last
        if topic is not None:
            said = f"{above} {part}" if above else part
            provider = next((f.provider for f in here if f.provider), "")
            told = f"{lead} {part.strip()}" if _BARE.fullmatch(part) and lead.endswith("?") else part.strip()
            key = words(_PREFACE.sub("", part))
            found.append((topic, _stance(topic, said, here), key, told, refuses(said), provider))
    return tuple(found)


def _tells(part: str, above: str, finding: Finding) -> bool:
    """Whether a part of a longer sentence can be what the reader heard in it: not a part without a word on AI."""
    return may_speak(part) or may_speak(above) or not any(map(may_speak, sentences(finding.sentence)))


def _heard(here: list[Finding]) -> Kind | None:
    """The heaviest rule that the reader heard in a sentence."""
    return min((Kind(f.field) for f in here if f.field in _FIELDS), key=_HEAVY.index, default=None)


def _stance(topic: Kind, said: str, here: list[Finding]) -> Stance:
    """Which way a rule goes; where the reader heard a refusal and the words alone tell none, or not, the reader."""
    if topic is Kind.ANTI_SCRAPING:
        return Stance.PROHIBITS
    stance = stance_of(said)
    told = min((f for f in here if f.field in (TRAINING, SHARING)), key=lambda f: f.field != topic, default=None)
    return told.stance if told and told.stance.takes is not stance.takes else stance


def _goes_on(part: str) -> bool:
    """Whether a sentence that follows a rule belongs to it, without naming AI itself."""
    if _BACK.search(part) and _USED.search(part):
        return True
    return bool(_BOUNDS.search(part)) and not (on_another_matter(part) or _KEPT.search(part))


def _continues(part: str) -> bool:
    """Whether a part only goes on with what an earlier one began: "(b) …", "or …"."""
    return part.lstrip()[:1] in "(abcdefghijklmnopqrstuvwxyz"


def _topic(sentence: str, lead: str) -> Kind | None:
    """What a sentence is about that gives no rule on training, sharing or mining; None: not AI, or a link to it."""
    if _LINK.match(sentence) and "train" not in sentence:
        return None
    own = masked(sentence)
    context = f"{masked(lead)} {own}" if lead else own
    if not speaks(context):
        return None
    if _MADE.search(context) and _RULE.search(context):
        return Kind.CONDUCT
    if _BARRED.search(context) and not _OWNER.search(context) and not _RESULT.search(own):
        return Kind.CONDUCT
    return Kind.OPERATION if _DECIDES.search(own) else Kind.AI_FEATURES
