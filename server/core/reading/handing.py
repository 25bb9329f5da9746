"""Handing over: does the platform train itself, or do others get what people provide for models of their own?"""

from __future__ import annotations

import re

from server.core.reading import vocabulary as say
from server.core.reading.events import Event
from server.core.reading.patterns import any_of
from server.core.reading.sentences import Sentence

_NOBODYS = any_of(
    r"\bowned by [^.;|\n]{1,40}? or (?:by )?(?:an(?:y|other) |a )?third",
    r"\b(?:(?:ours|us),? (?:or|nor|and not)|ours,? and) (?:by |of )?<others>\b",
)
"""… not our models, nor anybody else's"""
_OTHER_MODELS = any_of(
    r"\b(?:external|third[\s-]part(?:y|ies['’]?)|other compan\w+|3rd[\s-]part\w+|publicly available|others['’]?"
    r"|their own"
    r"|<vendors>['’])\s+(?:(?:AI|artificial|intelligence|machine|learning|large|language|generative|foundation|or|and"
    r"|publicly|available|other|own|external|commercial)\s+){0,4}?(?:models?|AI|LLMs?|algorithms?|artificial"
    r"|machine)\b",
    r"\bfor their own\b",
    r"\bother (?:compan(?:ies|y)|organi[sz]ations|people|firms|businesses)['’]s? (?:\w+ ){0,3}?"
    r"(?:models?|AI|algorithms?)\b",
    r"\bthird[\s-]part(?:y|ies)['’]s?\s+(?:\w+\s+){1,4}?models?\b",
    r"\b<labs>(?:['’]s?)? (?:[\w-]+ ){0,2}?models?\b",
    r"\bmodels? of (?:(?:the|these|those|our|any|such|AI|other) )*(?:third part\w+|(?:\w+ )?(?:services|<vendors>))\b",
    r"\b(?:disable|block|stop|prevent|discourage|keep|allow|let)\w* (?:\w+ )?AI (?:bots|tools|crawlers|scrapers"
    r"|agents)\b",
    _NOBODYS.pattern,
)
_HAND_OVER = any_of(
    r"\b(?:share[sd]?|sharing|rout(?:e|ed|es|ing)|pass\w*|expos\w+|disclos\w+|transfer\w*|deliver\w*|suppl(?:y|ied)"
    r"|distribut\w+)\b",
    r"\b(?:not|never) (?:\w+ )?send\b",
    r"\b(?:sells?|sold|selling|rent|trade|monetiz\w+|licen[sc]e|licenses|licensed|licensing|sublicen\w+|syndicat\w+)\b",
    r"\bhand(?:s|ed|ing)?\b[^.;|]{0,20}? (?:over|to)\b|\b(?:give|giving|given to|provided to|provide (?:it"
    r"|them|your|access|this|the|such)|provid(?:e|ing) (?:\w+\s+){0,8}?to)\b",
    r"\b(?:mak(?:e|es|ing) (?:\w+\s+){0,6}?available|made available|open(?:ed|ing)? (?:up )?to)\b",
    r"\b(?:grant(?:s|ed|ing)? (?:\w+\s+){0,4}?access|partner(?:ed|ing)? with)\b",
    r"\b(?:allow(?:s|ed|ing)?|permit(?:s|ted|ting)?|authori[sz]\w+|let(?:s|ting)?|enabl(?:e|es|ed|ing))\b",
)
_EXAMPLE = re.compile(
    r"(?i:for example|for instance|e\.g\.|this (?:licen[sc]e |right )?(?:also )?includes|in particular)\b"
)
_TAKEN_IN = re.compile(
    r"(?i:\b(?:collect|licen[sc]e|obtain|receiv|acquir|purchas|buy|access|get|gather|come|source)\w*\b[^.;"
    r"|\n]{0,60}?\bfrom (?:\w+ ){0,2}?(?:third|other|providers?|partners?|publishers?|data)"
    r"|\bprovided by (?:third|other|our partners)|\bthird parties that provide)"
)
_BOTH = re.compile(
    r"(?i:\b(?:use|used|using|uses|process)\b[^.;]{0,20}?\b(?:or|and|nor|\(or)\b(?! (?:retain|stor|kept|keep))"
    r"|\b(?:public|internal|proprietary|shared|general|global|common) or third|\b(?:and|or) (?:(?:do|will) not "
    r"|don[’']t |won[’']t |never )?(?:used?|using|process|feed)\b|(?:\b(?:our|its|their|(?-i:[A-Z])\w+)|[’']s) or "
    r"(?:its |their |any |our )?third|\b(?:our|its|my) own (?:models? )?(?:or|and|nor)\b|\bneither\b|\bensure "
    r"that\b[^.;]{0,60}?\b(?:do|does|will|may) not\b)"
)
_GIVEN_FOR = re.compile(
    r"\b(?:not|never)\b (?:\w+ )?(?:share|disclose|provide|transfer)\b (?:[\w'’-]+ ){1,5}?(?:for|to) (?:\w+ )?"
    r"(?:AI|model|machine[\s-]learning|artificial intelligence) (?:model )?train",
    re.IGNORECASE,
)
"""We never share your data for AI training: to whom is not said."""
_BUT = re.compile(r", but |; ", re.IGNORECASE)
_OWN = re.compile(r"\b(?:our|its) own\b", re.IGNORECASE)
_GOES_TO = re.compile(r"\b(?:shared|provided|given|licen[sc]ed|disclosed|sold) (?:with|to)\b", re.IGNORECASE)
_USED_FIRST = re.compile(r"\bused? (?:by us )?(?:for|to) (?:\w+ )?train", re.IGNORECASE)
"""May be used for training, and shared with others for theirs."""
_USED_APART = re.compile(
    r"\b(?<!to )(?<!to, )(?<!may )(?<!can )us(?:e|es|ed|ing)(?! or\b| and\b) (?:(?!to\b|for\b|in\b)[\w/'’&-]+ ){0,5}?"
    r"(?:in order )?(?:to|for|in)(?: [\w,]+){0,4}? ?$",
    re.IGNORECASE,
)
"""We do not sell your data, and do not use it to train: the training is the platform's, whatever is not sold."""
_AND_NOT = re.compile(
    r"(?:,|\band|\bnor) (?:we |it )?(?:(?:do|will|shall|would) )?(?:not|never) (?:ever )?$", re.IGNORECASE
)
"""… and we never: the same, where training itself follows."""
_TRAIN = re.compile(say.TRAIN)
_REFUSED = re.compile(r"\b(?:not|never|no|nor|neither)\b|n[’']t\b", re.IGNORECASE)
_MAKERS = any_of(r"\b<makers>\b")
_NOR_LET = re.compile(
    r"(?:\b(?:not|never)\b,? (?:and|nor|or)|,? nor) (?:\w+ ){0,3}?(?:allow|permit|authori[sz]e|let|enable)\b",
    re.IGNORECASE,
)
"""We shall not, and shall not let others: both."""
_AND_LET = any_of(
    r"\b(?:use|train|create|build|develop|improve|AI|models|technolog\w+),? (?:and|or) (?:may |will |to )?"
    r"(?:allow|permit|authori[sz]e|let|enable) (?:our |its |any |other |these )?(?:<others>|affiliates)\b",
)
"""We may use it, and let our partners do likewise: both."""
_SOLD = any_of(
    r"\b(?:data[\s-]licensing|sell|sold|selling|sale of|rent|licens(?:e|es|ing) (?:it |your |them |user |this "
    r"|such |customer )|right to (?:sub-?)?licen[sc]e (?!to\b)|your \w+ (?:sub-?)?licen[sc]ed\b"
    r"|(?:licen[sc]ed|offered) for (?:use in )?(?:AI|training|machine)|offer\w* [^.;|\n]{0,40}?\bto <makers>)\b"
)
_WORKS_FOR_US = re.compile(
    r"(?i:\b(?:group compan\w+|compan\w+ (?:in|of) (?:our|the) group|service providers?|vendors?|processors?"
    r"|contractors?|affiliates?|subsidiaries|suppliers?|on our behalf|acting for us|for us\b(?! to)"
    r"|our (?:ai |artificial intelligence )?(?:models?|systems?|technolog\w+))\b)"
)
"""Whoever gets the material to work for us; not all vendors: partners and providers of AI may train for themselves."""
_THIRD = any_of(
    r"\b(?:<makers>|licensed AI \w+|third[\s-]part(?:y|ies)|(?:AI|model|LLM|technology|service|other|external|outside"
    r"|unaffiliated|data|commercial|trusted) (?:licensing |model )?(?:<vendors>|compan(?:y|ies)|developers?"
    r"|organi[sz]ations?|businesses|brokers|buyers|labs?)|sub-?processors?|vendors?|our partner|partners|others"
    r"|any ?(?:one|body)|licensees|(?:to|by|for) (?:our )?customers (?:for|who|that|engaged)|compan(?:y|ies) "
    r"(?:that|which|who|you (?:select|choose)|developing|building|training)|<vendors> that train|institutions"
    r"|researchers|universities|<labs>)\b",
)
_THEIR_MODELS = re.compile(
    r"\btheir (?:[\w-]+ ){0,3}?(?:models?|AI|LLMs?|algorithms?|artificial|machine)\b", re.IGNORECASE
)


def hands_over(whole: str, event: Event, sentence: Sentence) -> bool:
    """Whether the sentence, read with its lead as `whole`, lets others have the material for their own models."""
    if _TAKEN_IN.search(whole):
        return False
    own = _OWN.search(event.words)
    if own and not _OTHER_MODELS.search(event.words) and not _GOES_TO.search(whole, 0, event.start):
        return False
    if _OTHER_MODELS.search(whole) or (_THEIR_MODELS.search(whole) and _THIRD.search(whole)):
        return True
    if _GIVEN_FOR.search(whole):
        return True
    before = whole[: event.end].rpartition("; ")[2]
    if _used_apart(whole, event) and not _MAKERS.search(before):
        return False
    if _SOLD.search(before):
        return True
    if _EXAMPLE.match(sentence.text):
        before = f"{sentence.before} {before}"
    return bool(_HAND_OVER.search(before) and _THIRD.search(before) and not _WORKS_FOR_US.search(before))


def _used_apart(whole: str, event: Event) -> bool:
    if not _REFUSED.search(whole):
        return False
    apart = _USED_APART.search(whole, max(0, event.start - 90), event.start)
    return bool(apart or (_TRAIN.match(event.words) and _AND_NOT.search(whole, max(0, event.start - 30), event.start)))


def own_models_too(whole: str, event: Event) -> bool:
    """Whether "use or sell", "shared with others and used": both the platform's use and a hand-over."""
    if _THEIR_MODELS.search(event.words):
        return bool(_USED_FIRST.search(whole, 0, event.start))
    return bool(
        (_used_apart(whole, event) and not _OTHER_MODELS.search(event.words))
        or _BOTH.search(_BUT.split(whole[: event.end])[-1])
        or _NOR_LET.search(whole[: event.start])
        or _NOBODYS.search(whole, event.end)
        or _AND_LET.search(whole)
        or _EXAMPLE.search(whole)
    )
