"""Who is spoken of, and whether they may or may not: the last subject with a modal verb before a use decides."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from server.core.reading.patterns import any_of
from server.core.reading.providers import named
from server.core.reading.signs import ANCHORS
from server.core.reading.vocabulary import ADVICE, OURS, SERVICE_MATERIAL, THIRDS_MAY_NOT, USER_MATERIAL


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
    named: bool = False
    """Whether the one who may or may not is named, and not just guessed."""
    provider: str = ""
    """The AI company that is meant, by the first word of its name; empty when it is none that is known."""


BARRED = Saying(Actor.USER, refused=True, named=True)
"""Others may not."""
PROMISED = Saying(Actor.PLATFORM, refused=True, named=True)
"""The platform may not."""
THIRDS_BARRED = Saying(Actor.THIRD, refused=True, named=True)
"""Those who get it from the platform may not."""
UNSAID = Saying(Actor.NOBODY, refused=False)
"""Nobody is told that they may, or may not."""
_VENDORS = any_of(r"\b<vendors>\b", r"\bused <by them>")
_JOINED = re.compile(r"(?:and|or|nor|but)\s", re.IGNORECASE)
_AND_SO_ON = re.compile(r"[,;]\s*(?:do not|don['’]t|never)\b", re.IGNORECASE)
"""We do not sell it, do not rent it: the same who, and no command."""
_UNDER_WHICH = any_of(
    r"\b(?:under which|by which|so that|allowing|enabling|letting) (?:\w+ ){0,3}?(?:<others>|they|these)\b"
    r"[^.;|\n]{0,30}?$"
)
"""No deals under which others may: they may not."""
_SCRAPED = re.compile(r"\b(?:scrap|crawl|harvest|spider|robot)(?:s|ed|er|ers|ing|ped|ping)?\b|\bbots?\b", re.IGNORECASE)
_BY_US = re.compile(r"\b(?:used|trained|processed|fed|kept) by us\b", re.IGNORECASE)
_COPIED = re.compile(r"\b(?:(?:reproduc|redistribut|republish|ingest)\w*|entered into|uploaded to)\b", re.IGNORECASE)
"""What readers and buyers do with a work."""
_LEAVE = re.compile(
    r"\b(?:consent|permission) of the \w+|\bthe \w+['’]s (?:\w+ ){0,2}?(?:consent|permission)", re.IGNORECASE
)
"""Whose leave is asked: that makes it nobody's upload."""
_SHORTENED = re.compile(r"(?<=[a-z])['’](ll|re|ve)\b")
_SPELLED = {"ll": " will", "re": " are", "ve": " have"}
_ON_SITE = re.compile(
    r"\b(?:found|available|displayed|hosted|shown|published|posted) (?:on|in|at|through) (?:this|the|our) "
    r"(?:\w+ )?(?:site|website|service|platform|archive|app)\b",
    re.IGNORECASE,
)
_NO_REFUSAL = re.compile(
    r"\bor not\b(?<=whether or not)|\bnot affiliated\b|\b(?:where|if|when|to the extent)\b[^,.;]{0,80}?\bnot\b"
    r"[^,.;]{0,30}?\b(?:permitted|allowed|possible|valid|enforceable|effective|recogni[sz]ed)\b[^,.;]{0,40},",
    re.IGNORECASE,
)
"""Whether or not …; where that is not permitted by law, you grant us …"""
REACH = 1500
"""Characters before a use in which its subject is looked for."""


@lru_cache(maxsize=64)
def saying(before: str, sentence: str) -> Saying:
    """Who may or may not do what comes after `before`, the start of `sentence`.

    The last ones are kept: several families of rules ask the same of one sentence.
    """
    last, phrase, before = "", "", _SHORTENED.sub(lambda mark: _SPELLED[mark[1]], before)
    before = _NO_REFUSAL.sub(" ", before)
    for mark in ANCHORS.finditer(before, max(0, len(before) - REACH)):
        label = (mark.lastgroup or "").rpartition("_")[0]
        if last.startswith("user") and label == "someone_no" and _JOINED.match(mark.group()):
            label = "user_no"
        if last == "platform_no" and label == "user_no" and _AND_SO_ON.match(mark.group()):
            continue
        if last == "third_may" and label == "someone_no" and _JOINED.match(mark.group()):
            label = "third_no"
        if last.endswith("_no") and label == "third_may" and _UNDER_WHICH.search(before, 0, mark.end()):
            label = "third_no"
        if last == "user_no" and (label.startswith(("third", "user_may")) or _JOINED.match(mark.group())):
            continue
        if label in ("someone_may", "grant_may") and last.endswith("_no"):
            continue
        last, phrase = label, mark.group()
    who, _, may = last.rpartition("_")
    refused = may == "no"
    if who == "someone":
        return Saying(_guessed(sentence, refused=refused), refused)
    return Saying(Actor.PLATFORM if who == "grant" else Actor(who or "nobody"), refused, bool(who), named(phrase))


def headed(heading: str) -> Saying:
    """Who may not, or may, by the heading; what it asks, says of third parties, or lets users do, is no rule."""
    if heading.endswith("?"):
        return UNSAID
    who = saying(heading + ": ", heading)
    other = who.actor is Actor.THIRD or (who.actor is Actor.USER and not who.refused)
    return UNSAID if other else who


def own_promise(training: str, sentence: str) -> bool:
    """Whether a ban on `training` is the platform's promise: its own models may not learn from what people provide."""
    return bool(OURS.search(training) and USER_MATERIAL.search(sentence) and not ADVICE.search(sentence))


def kept_from_others(before: str, sentence: str) -> bool:
    """Whether third parties are barred from what people provide: that is a promise, too, not to share it."""
    return bool(THIRDS_MAY_NOT.search(before) and USER_MATERIAL.search(sentence))


def anybody(who: Saying, sentence: str) -> bool:
    """Whether third parties that may not are just anybody, and not vendors that are handed what people provide."""
    if who.actor is not Actor.THIRD or not who.refused or who.provider:
        return False
    theirs = SERVICE_MATERIAL.search(sentence) and not USER_MATERIAL.search(sentence)
    return bool(theirs and not _VENDORS.search(sentence))


def _guessed(sentence: str, *, refused: bool) -> Actor:
    """Whose material it is tells who is meant when no subject is named."""
    if _BY_US.search(sentence):
        return Actor.PLATFORM
    if refused and _SCRAPED.search(sentence) and (_ON_SITE.search(sentence) or not USER_MATERIAL.search(sentence)):
        return Actor.USER
    if refused and _COPIED.search(sentence) and not USER_MATERIAL.search(_LEAVE.sub(" ", sentence)):
        return Actor.USER
    if refused and SERVICE_MATERIAL.search(sentence) and not USER_MATERIAL.search(sentence):
        return Actor.USER
    return Actor.PLATFORM
