"""Anti-scraping rules: others may not mine the service, or build models or rivals with it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from server.core.model import Stance
from server.core.reading import vocabulary as say
from server.core.reading.actors import Actor, saying
from server.core.reading.finding import SCRAPING, Finding
from server.core.reading.sentences import Sentence

_RIVAL = re.compile(
    r"(?i:\b(?:develop|build|creat|train|improv|mak|offer|enhanc|support|distil)(?:e|es|ed|ing)?\b[^.;"
    r"|\n]{0,80}?\b(?:compet\w+|similar|substitut\w+|rival)\b[^.;|\n]{0,60}?\b(?:models?|AI"
    r"|artificial intelligence|machine learning|LLMs?|algorithms?)\b"
    r"|\b(?:models?|AI|artificial intelligence|machine learning|LLMs?|algorithms?)\b[^.;"
    r"|\n]{0,40}?\bthat compet\w+|\b(?:model (?:distillation|extraction|scraping|stealing)|distil(?:l|ling"
    r"|lation)\b)"
    r"|\b(?:discover|extract|reverse[\s-]engineer\w*|derive)\b[^.;|\n]{0,80}?\b(?:underlying|components of"
    r"|weights|parameters)\b[^.;|\n]{0,30}\bmodels?\b)"
)
_FED = re.compile(
    r"(?i:\b(?:input|inputs|inputted|ingest\w*|feed\w*|fed|upload\w*|import\w*|incorporat\w+|submit\w*"
    r"|enter\w*|includ\w+|provid\w+|expos\w+|us(?:e|es|ed|ing))\b[^.;|\n]{0,100}?\b(?:into|to|in|with|for|by"
    r"|as input|in connection with)\b[^.;|\n]{0,60}?)" + say.AI
)
_SCRAPE = re.compile(r"(?i:\b(?:scrap|crawl|harvest|data[\s-]min|extract|index|collect|copy|download|spider)\w*\b)")


def scraping(sentence: Sentence) -> Iterator[Finding]:
    """A rule that bars others from mining, or from feeding or building models."""
    whole = sentence.whole
    start = len(whole) - len(sentence.text)
    for name, pattern in (("mining", say.MINING), ("rival models", _RIVAL), ("fed to models", _FED)):
        for mark in pattern.finditer(whole):
            if mark.end() > start and _barred(mark, sentence, whole, name):
                yield Finding(SCRAPING, Stance.PROHIBITS, f"others may not: {name}", sentence.text)
                return


def _barred(mark: re.Match[str], sentence: Sentence, whole: str, name: str) -> bool:
    if name == "mining" and not _for_models(mark.group(), whole):
        return False
    if name == "fed to models" and not _SCRAPE.search(whole):
        return False
    who = saying(whole[: mark.start()], whole)
    if who.actor is Actor.NOBODY:
        who = saying(sentence.heading + ": ", sentence.heading)
    if who.actor is Actor.USER and who.refused:
        return True
    after = saying(whole[mark.end() :], whole)
    return after.actor is Actor.USER and after.refused and who.actor is not Actor.PLATFORM


def _for_models(found: str, whole: str) -> bool:
    """Whether "data mining" is the mining of texts, and not just another word in a list of robots and scrapers."""
    return "text" in found.casefold() or "TDM" in found or "purposes" in found or bool(say.HAS_AI.search(whole))
