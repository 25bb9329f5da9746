"""Anti-scraping rules: others may not mine the service, or build models or rivals with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from server.core.model import Stance
from server.core.reading import vocabulary as say
from server.core.reading.actors import PROMISED, Actor, Saying, anybody, headed, kept_from_others, own_promise, saying
from server.core.reading.finding import SCRAPING, Finding
from server.core.reading.patterns import any_of
from server.core.reading.sentences import Sentence

_RIVAL = re.compile(
    r"(?i:\b(?:develop|build|creat|train|improv|mak|offer|enhanc|support|distil)(?:e|es|ed|ing)?\b[^.;"
    r"|\n]{0,80}?\b(?:compet\w+|similar|substitut\w+|rival)\b[^.;|\n]{0,60}?\b(?:models?|AI"
    r"|artificial intelligence|machine learning|LLMs?|algorithms?)\b|\b(?:models?|AI|artificial intelligence"
    r"|machine learning|LLMs?|algorithms?)\b[^.;|\n]{0,40}?\bthat compet\w+|\b(?:model (?:distillation"
    r"|extraction|scraping|stealing)|distil(?:l|ling|lation)\b))"
)
_FED = re.compile(
    r"(?i:\b(?:input|inputs|inputted|ingest\w*|feed\w*|fed|upload\w*|import\w*|incorporat\w+|submit\w*|enter\w*"
    r"|includ\w+|provid\w+|expos\w+|extract\w*|copy|copies|download\w*|harvest\w*|gather\w*|scrap(?:e|es|ing)"
    r"|collect\w*|us(?:e|es|ed"
    r"|ing))\b[^.;|\n]{0,80}?\b(?:content|data|materials?|works?|text|recordings|outputs?|information|articles"
    r"|images|database|property|portion|part|archive|site|website|pages?|catalogue|feeds?|beats|tracks|songs|lyrics"
    r"|photos|photographs|sounds?|samples|patterns|templates|stories|designs|podcasts?|transcripts?|videos|posts"
    r"|profiles|them|it|licensed \w+)\b(?:\s*\([^()]{0,60}\))?[^.;|\n]{0,30}?(?<!generated )(?<!created )(?<!made "
    r")(?<!produced )(?<!written )\b(?:into|to(?= (?:an?|any|the) )|in|for use (?:with|in|by)|with|for|by|as "
    r"(?:an? )?inputs? (?:to|for|of)|in connection with)\s+(?:any (?:manner|way) (?:for|in) )?(?:[\w,]+[\s-]+){0,3}?)"
    + say.AI
    + r"|(?i:\b(?:content|materials?|works?|images|recordings|data|text|files?)\b[^.;|\n]{0,40}?\b(?:used|utili[sz]ed)"
    r" (?:\w+ )?(?:for|in|with) (?:\w+[\s,]+){0,4}?)"
    + say.AI
    + r"|"
    + say.AI
    + r"(?i:(?: systems?| models?| tools?)? (?:to )?(?:ingest|crawl|scrape|harvest)s?\b)"
)
_MINING = any_of(
    r"\btext[\s-]*(?:and/or|and|&|or|/|-)[\s-]*data[\s-]*mining|\bTDM\b|\bdata[\s-]mining\b",
    r"\b<learning>(?:,? (?:and|or|and/or) (?:\w+ ){0,2}?<learning>)?[\s-]purposes",
    r"\barticle 4(?:\s?\(3\))? of (?:the )?(?:EU )?(?:Directive|DSM|Digital|Copyright)|§\s?44b",
    parts={"learning": r"(?:machine[\s-]learning|artificial intelligence|AI)"},
)
_DATA_MINING = re.compile(r"data[\s-]mining", re.IGNORECASE)
"""By itself just another word in a list of robots and scrapers."""
MOST = 4
"""Candidates looked at in one sentence."""
_RESERVED = re.compile(
    r"\b(?:exclusive|sole) rights? to (?:authori[sz]e|permit|license) $"
    r"|\b(?:opted[\s-]out of|reserves?) (?:\w+ ){0,3}$|\b(?:object|oppose|objects) (?:to )?(?:\w+ ){0,9}$",
    re.IGNORECASE,
)
_KEPT = re.compile(r"\b(?:is|are|remains?) (?:\w+ly )?reserved\b", re.IGNORECASE)
_LOOSE = re.compile(
    say.TRAIN
    + r"(?! is (?:needed|required))[^.;|\n]{0,150}?"
    + say.AI
    + r"|"
    + say.AI
    + r"[^.;|\n]{0,100}?"
    + say.TRAIN
)


def scraping(sentence: Sentence) -> Iterator[Finding]:
    """A rule that bars others from mining, or from feeding or building models."""
    whole = sentence.whole
    start = len(whole) - len(sentence.text)
    for name, pattern in (
        ("training on it", _LOOSE),
        ("mining", _MINING),
        ("rival models", _RIVAL),
        ("fed to models", _FED),
    ):
        for mark in islice(pattern.finditer(whole), MOST):
            if mark.end() > start and _barred(mark, sentence, whole, name):
                yield Finding(SCRAPING, Stance.PROHIBITS, f"others may not: {name}", sentence.text)
                return


def _barred(mark: re.Match[str], sentence: Sentence, whole: str, name: str) -> bool:
    """Whether it is others who may not do what was found."""
    before, after = whole[: mark.start()], whole[mark.end() :]
    if _no_rule_for_others(mark, whole, name):
        return False
    if name == "mining" and (_RESERVED.search(before) or _KEPT.search(after)):
        return True
    who = _who(mark, sentence, whole)
    if anybody(who, whole):
        return True
    if who.actor in (Actor.THIRD, Actor.PLATFORM):
        return False
    behind = saying(after, whole)
    return (who.refused and who.actor is Actor.USER) or (behind.refused and behind.actor is Actor.USER)


def _no_rule_for_others(mark: re.Match[str], whole: str, name: str) -> bool:
    """Whether it is a promise of the platform, advice, a choice about what people provide, or another word for bots."""
    before = whole[: mark.start()]
    if kept_from_others(before, whole) or (say.VOLUNTEERS.search(before) and say.USER_MATERIAL.search(whole)):
        return True
    if name == "training on it":
        return bool(own_promise(mark.group(), whole) or say.ADVICE.search(whole))
    if name == "fed to models":
        return bool(say.ADVICE.search(whole)) or saying(whole[: mark.end()], whole) == PROMISED
    return bool(_DATA_MINING.fullmatch(mark.group()) and not say.HAS_AI.search(whole))


def _who(mark: re.Match[str], sentence: Sentence, whole: str) -> Saying:
    """Who is spoken of: before what was found, in it, or in the heading."""
    who = saying(whole[: mark.start()], whole)
    if who.actor is Actor.NOBODY:
        who = saying(whole[: mark.end()], whole)
    return who if who.actor is not Actor.NOBODY else headed(sentence.heading)
