"""Who is spoken of, and whether they may or may not: the last subject with a modal verb before a use decides."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from server.core.reading.vocabulary import SERVICE_MATERIAL, USER_MATERIAL


class Actor(StrEnum):
    """Who would use the material."""

    PLATFORM = "platform"
    USER = "user"
    """A user, a crawler, another company: anyone that rules bind, not the one who makes them."""
    THIRD = "third"
    """A vendor, partner or buyer that gets the material from the platform."""
    NOBODY = "nobody"
    """Not said."""


@dataclass(frozen=True, slots=True)
class Saying:
    """Who may (not) do what follows."""

    actor: Actor
    refused: bool
    explicit: bool = True
    """Whether a subject was named, and not only guessed from whose material it is."""


_USERS = (
    r"(?:you|(?:end[\s-]?)?users?|customers?|subscribers?|members?|visitors?|licensees?|developers?"
    r"|recipients?|clients?|participants?|advertisers?|publishers?|sellers?|creators?|buyers?|bots?|crawlers?"
    r"|scrapers?|robots?|spiders?|operators?|apps?|contributors?|applicants?|readers?|players?|any ?(?:one"
    r"|body)|any (?:other )?(?:person|party|entity|individual|third party)|no ?one|nobody|no (?:person|party"
    r"|user|entity|individual|third party)"
    r"|others|account holders?|learners?|partner)"
)
_THIRDS = (
    r"(?:(?:third|other)[\s-]part(?:y|ies)|(?:other|external|outside|partner) (?:compan(?:y|ies)|businesses"
    r"|organi[sz]ations)|(?:\w+ )?(?:providers?|vendors?|sub-?processors?|processors?|suppliers?|contractors?"
    r"|partners)|(?:these|such|those) (?:compan(?:y|ies)|tools|models)|compan(?:y|ies)|they)"
)
_MODAL = (
    r"(?:may|must|shall|will|can|could|should|would|do|does|did|are|is|agree|agrees|undertakes?|warrants?"
    r"|represents?|covenants?)"
)
_MIDDLE = r"(?:,?\s+(?!(?:we|our|us|because|if|when)\b)[\w'’,()/-]+){0,4}?"
_NOT = r"(?:not|never|refrain|only)\b(?!\s+(?:be|used|shared|processed|included|sold|retained)\b)"
_MATERIAL = (
    r"(?!['’]?s?['’]?\s+(?:\w+\s+)?(?:data|content|contents|information|inputs?|prompts?|materials?|submissions?"
    r"|files?|uploads?)\b)"
)
_ANCHORS = re.compile(
    r"(?i:(?P<user_no>\b"
    + _USERS
    + r"\b"
    + _MATERIAL
    + _MIDDLE
    + r",?\s+"
    + _MODAL
    + _MIDDLE
    + r",?\s+"
    + _NOT
    + r"|\b(?:you|users?|customers?|members?|one)\s+(?:cannot|can['’]t|mustn['’]t|won['’]t|don['’]t|shan['’]t"
    r"|shouldn['’]t|may only|can only|aren['’]t)\b"
    + r"|\b(?:no ?one|nobody|no (?:person|party|user|entity|individual|third party))\s+(?:may|shall|can|is|will)\b"
    + r"|\bagrees? (?:that (?:you|it|they) (?:will|shall) )?(?:not|never|to refrain)\b|\brefrain from\b"
    + r"|\b(?:is|are|be|expressly|strictly|hereby|also|explicitly)\s+(?:\w+ly )?(?:prohibited|forbidden"
    r"|disallowed|banned|barred)\b"
    + r"|\b(?:unacceptable|prohibited|restricted|impermissible|forbidden|unauthori[sz]ed) (?:uses?|using|conduct"
    r"|activit\w+|actions?|behaviou?rs?)\b|\brestrictions?\b(?=[^.]{0,40}[:—-])"
    + r"|\bnot\s+(?:be )?(?:allowed|permitted|authori[sz]ed|licensed|entitled)\b(?! (?:our|us))|\b(?:does"
    r"|do) not (?:permit|allow|authori[sz]e|grant|extend|include the right|include any right)\b"
    r"|\bno (?:other )?(?:rights?|licen[sc]es?|permissions?)\b"
    + r"|\breserv(?:e|es|ed|ing|ation)\b[^.;|\n]{0,50}?\brights?\b|\bopt(?:s|ed)?[\s-]out of (?:text|TDM"
    r"|any text)|\bexcept as (?:expressly )?permitted"
    + r"|(?:(?:^|[.:;,•]\s*)(?:do not|don['’]t|never)\b(?!\s+(?:want|wish|like|worry|forget))|\b(?:please|must"
    r"|shall|will|may|to)\s+(?:do not|don['’]t|never|not)\b)(?:,? (?:and|or|directly|indirectly|attempt|permit"
    r"|allow|enable|encourage|any|third|part\w+|else|anyone|others|to|will|shall|not|use))*)"
    + r"|(?P<third_no>\b"
    + _THIRDS
    + r"\b(?:\s*\([^)]{0,60}\))?"
    + _MIDDLE
    + r"\s+(?:"
    + _MODAL
    + r"|have agreed)"
    + _MIDDLE
    + r"\s+"
    + _NOT
    + r"|\b"
    + _THIRDS
    + r"\s+(?:cannot|can['’]t|won['’]t|don['’]t|never)\b"
    + r"|\b(?:prohibit|prohibits|forbid|forbids|restrict|restricts|prevent|prevents|bar|bars|prohibited|barred"
    r"|restricted|contractually (?:prohibit|bar|forbid)\w*)\s+(?:\w+\s+){0,4}?"
    + _THIRDS
    + r"\b"
    + r"|\b(?:not|never|nor)\s+(?:\w+\s+){0,3}?(?:allow|permit|authori[sz]e|let|enable|allowing"
    r"|grant)\s+(?:\w+\s+){0,3}?"
    + _THIRDS
    + r"\b)"
    + r"|(?P<third_may>\b"
    + _THIRDS
    + r"\b"
    + _MIDDLE
    + r"\s+(?:may|can|will|could|might)\b)"
    + r"|(?P<platform_no>\b(?:we|us)\b(?:,[^,.;]{0,60},|\s*\([^)]{0,60}\))?(?:\s+(?:and|or|nor)\s+(?:our|its|any"
    r"|other)\s+[\w\s,]{3,50}?)?\s+(?:\w+ly |also )?(?:(?:do|does|did|will|shall|would|may|can|could|have|are"
    r"|must)\s+(?:\w+ly |also )?(?:not|never)\b|don['’]t|won['’]t|never|cannot|can['’]t|wouldn['’]t|haven['’]t"
    r"|aren['’]t|refuse|commit(?: to)? not|promise not|agree not)"
    + r"|\b(?:nor|neither)\s+(?:do|does|will|shall|can|may|would)?\s*(?:we|is|are|\w+)\b|\bwithout (?:using"
    r"|training|allowing)\b|\bnot train\b)"
    + r"|(?P<someone_no>[\w.’'&)”\"-]+\s+(?:\([^)]{0,60}\)\s+)?(?:\w+ly |also )?(?:(?:do|does|did|will|shall"
    r"|would|may|can|could|have|has|is|are|must)\s+(?:\w+ly |also )?(?:not|never)\b|doesn['’]t|don['’]t"
    r"|won['’]t|isn['’]t|aren['’]t|cannot|can['’]t|never)"
    + r"|\bno\s+(?:[\w-]+\s+){1,5}?(?:is|are|will|shall|may|ever|be)\b|\bnot (?:be )?(?:used|use|processed"
    r"|shared|included|retained|employed|utili[sz]ed|sold|ingest\w*)\b|\bexclud(?:e|es|ed"
    r"|ing) (?:\w+ ){0,3}(?:from|model|training)\b|\bnone of\b)"
    + r"|(?P<platform_may>(?<!that )(?<!which )(?<!than )\b(?:we|us)\b(?:,[^,.;]{0,60},"
    r"|\s*\([^)]{0,60}\))?(?:\s+(?:and|or)\s+(?:our|its|other)\s+[\w\s,]{3,50}?)?\s+(?:may|might|can|will|also"
    r"|could|shall|are|have|\w+ly|use|uses|collect|process|analy[sz]e|leverage|utili[sz]e|train|develop"
    r"|improve|share|disclose|rely|need|take)\b"
    + r"|\b(?:you|user|customer|member)s?\b[^.;|\n]{0,60}?\b(?:grants?|licen[sc]e|authori[sz]e|allow|permit"
    r"|consent|acknowledge|understand|agree)s?\b(?!\s+not)"
    + r"|\b(?:right|licen[sc]e) (?:for|to) (?:us|use)\b)"
    + r"|(?P<user_may>\b(?:you|users?|customers?|members?|developers?)\s+(?:may|can|might|could)\b(?!\s+(?:not"
    r"|never|only)\b))"
    + r"|(?P<someone_may>\b(?:is|are|was|were|may be|will be|can be|be|being)\s+(?:also |then |further "
    r"|\w+ly )?(?:used|processed|analy[sz]ed|leveraged|utili[sz]ed|included|made available)\b"
    r"|\b(?-i:[A-Z])\w+ (?:may|will|can|also|uses|processes|collects)\b))"
)
_JOINED = re.compile(r"(?i:and|or|nor|but)\s")


def saying(before: str, sentence: str) -> Saying:
    """Who may or may not do what comes after `before`, the start of `sentence`."""
    last = ""
    for mark in _ANCHORS.finditer(before[-900:]):
        label = mark.lastgroup or ""
        if last == "user_no" and (label == "third_no" or _JOINED.match(mark.group())):
            continue
        if label == "someone_may" and last.endswith("_no"):
            continue
        last = label
    if not last:
        return Saying(Actor.NOBODY, refused=False, explicit=False)
    who, _, may = last.rpartition("_")
    if who == "someone":
        return Saying(_guessed(sentence, refused=may == "no"), refused=may == "no", explicit=False)
    return Saying(Actor(who), refused=may == "no")


def _guessed(sentence: str, *, refused: bool) -> Actor:
    """Whose material it is tells who is meant when no subject is named."""
    if refused and SERVICE_MATERIAL.search(sentence) and not USER_MATERIAL.search(sentence):
        return Actor.USER
    return Actor.PLATFORM
