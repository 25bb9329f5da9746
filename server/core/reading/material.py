"""Whose material a rule speaks of: is it what people provide that models learn from, and is it content or data?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from server.core.model import Clause, Subject
from server.core.reading import vocabulary as say
from server.core.reading.conditions import asked_first, unless_objected
from server.core.reading.events import Event
from server.core.reading.patterns import any_of

_GATHERED = re.compile(
    r"\bwe\b[^.;|\n]{0,20}?\b(?:collect|process|analy[sz]e|store|retain|record)\b[^.;|\n]{0,60}?"
    r"\b(?:data|information|content|recordings|materials|audio|clips?|snippets?|images?|texts?|samples)\b",
    re.IGNORECASE,
)
_USED_HERE = re.compile(r"\bwe (?:may |also |will )*use (?:it|them) to\b", re.IGNORECASE)
"""In a text that says so, "it" was told of before: what people gave."""
_GRANTED = any_of(
    r"\b(?:you|<creators>)\b[^.;|\n]{0,80}?\b(?:grant|agree|allow|permit|authori[sz]e|licen[sc]e|consent)s?\b(?! not\b)"
    r"[^.;|\n]{0,80}?\b(?:use[ds]?|using|licen[sc]e|right)\b",
)
"""You agree that we may use it: it is theirs, whatever it is called."""
_FED = any_of(
    r"\b<things>\b[^.;|\n]{0,90}?\b(?:is|are|be|been|being|was|were|gets?)\b[^.;|\n]{0,40}?"
    r"\b(?:used|retained|kept|added|included|fed|processed|analy[sz]ed|taken|part)\b",
    r"\b<things>\b[^.;|\n]{0,60}?\b(?:forms? part|become part|goes? into|contributes?|serves?|feeds?|helps?)\b",
    parts={
        "things": (
            r"(?:content|uploads?|artworks?|works|documents?|boards|pins|photos?|pictures?|images?|videos?|clips"
            r"|tracks|songs"
            r"|recordings|posts?|stories|books|manuscripts|chapters|drafts|listings|messages|comments|reviews"
            r"|designs?|projects|files|scans|conversations|chats|submissions|entries)"
        )
    },
)
"""Documents that are opened here may be used: somebody brought them."""
_DATA_USED = re.compile(
    r"\bus(?:e|es|ed|ing) (?:the |this |all |any |such )?(?:information|data|content) (?:\w+ )?to\b", re.IGNORECASE
)
_PURPOSE = re.compile(
    r"\W*(?:to )?(?:analy[sz]e|maintain|improve|develop|provide|operate|enhance|test|research|personali[sz]e"
    r"|customi[sz]e"
    r"|measure|conduct)\b(?:(?!\byour?\b)[^.;|\n])*[.;]?$",
    re.IGNORECASE,
)
_PROVIDED_HERE = re.compile(
    r"(?i:\b(?:your|(?:data|information|content) we (?:collect|receive|hold|obtain)|you (?:provide|share"
    r"|submit|upload|give|post|create)|users?['’]? |customers?['’]? |inputs?"
    r"|prompts?|conversations|interactions|feedback|activity)\b)"
)
_ALGORITHMS_ONLY = re.compile(r"(?i:(?:\w+ )?algorithms?\b)")
_MATERIAL_USED = re.compile(
    r"(?i:\b(?:data|information|content|inputs?|feedback|interactions?|prompts?|conversations?|recordings?|personal"
    r"|use of|purposes?|legitimate interests?|(?:this|the|such|your) licen[sc]e|(?:may|might|can|could|will|is|are) "
    r"be(?:ing)? used to (?:help )?(?:train|improve|develop|enhance)|results of|reviews?|communications?|selfie"
    r"|activity|your usage|ways (?:in which )?we (?:do|use)|process(?:es|ed|ing)?|collect(?:s|ed)?)\b)"
)
_USES = re.compile(
    r"\b(?:helps?|use|uses|used|using|analy[sz]e|share[sd]?|sold|sells?|licen[sc]ed|made available|(?:models?"
    r"|algorithms?)(?: on|, on))\b",
    re.IGNORECASE,
)
_CONTENT_COLLECTED = any_of(
    r"\b(?:your|users?['’]?) (?:\w+ )?<works>\b",
    r"\b(?:<works>|messages|conversations),? (?:that |which )?(?:you|users) (?:\w+ ){0,2}"
    r"(?:create|upload|post|share|provide|submit|send|make|store|add|enter|record)\b",
    parts={
        "works": (
            r"(?:content|posts|photos|pictures|videos|audio|music|tracks|recordings|files|prompts|inputs"
            r"|creations|designs|stories|artworks)"
        )
    },
)
"""Among what a text collects is what people make: "content you create", "your photos"."""
_NO_CONTENT = re.compile(
    r"\bpersonal(?:ly identifiable)? (?:data|information)|\b(?:usage|activity|behaviou?ral|device|log|location|account"
    r"|transaction|technical|demographic|telemetry) (?:data|information)",
    re.IGNORECASE,
)
"""Data of a kind that is named, and is not what people make."""
_CUSTOMER_DATA = re.compile(r"\b(?i:customer|input|output|inputs|outputs|content) [Dd]ata\b|\b[Yy]our Data\b")
"""Data that is what people put in."""


def uses_material(event: Event, context: str, whole: str) -> bool:
    """Whether the event in `whole`, with the words around it as `context`, feeds on what people provide."""
    if say.PUBLIC_WEB.search(whole) and not _PROVIDED_HERE.search(whole):
        return False
    if (
        not event.strong
        and _ALGORITHMS_ONLY.search(event.words)
        and not say.HAS_AI.search(_ALGORITHMS_ONLY.sub("", whole))
    ):
        return False
    if event.strong:
        before = whole[: event.start]
        told = say.USER_MATERIAL.search(context) or any(
            given.search(before) for given in (_GATHERED, _USED_HERE, _GRANTED, _FED)
        )
        return (
            bool(told)
            or asked_first(whole)
            or unless_objected(whole)
            or (bool(say.OURS.search(whole)) and _purpose(whole, before))
        )
    return bool(_MATERIAL_USED.search(context) or (say.USER_MATERIAL.search(whole) and _USES.search(whole)))


def _purpose(whole: str, before: str) -> bool:
    """Whether it is said what information is used for, or is a purpose by itself: a policy lists those of its own."""
    return bool(_DATA_USED.search(before) or _PURPOSE.match(whole))


def subject(whole: str) -> Subject:
    """Content, data, both or neither, by the words of the sentence."""
    told = say.NEITHER.sub(" ", whole)
    content, data = bool(say.CONTENT.search(told) or _CUSTOMER_DATA.search(whole)), bool(say.DATA.search(told))
    if content and data:
        return Subject.BOTH
    return Subject.CONTENT if content else Subject.DATA if data else Subject.NONE


def covers_content(rules: Iterable[str], clauses: Iterable[Clause]) -> bool:
    """Whether rules on mere "data" are on content, too: the text counts that among what it collects."""
    if all(_NO_CONTENT.search(rule) for rule in rules):
        return False
    return any(_CONTENT_COLLECTED.search(clause.text) for clause in clauses)
