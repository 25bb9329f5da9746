"""Announcements: does an item of a feed speak of a platform and of AI or its terms, and which change does it announce?

A change is quiet when nothing announced it within 30 days before or after, and only where we could have heard it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

WINDOW = timedelta(days=30)
GAP = timedelta(days=365)
UNHEARD = timedelta(days=1)
"""A feed that did not answer for longer may have shown items and dropped them again, unseen."""

_AI = re.compile(
    r"\b(?:A\.?I\.?(?:['’]s)?|AIs|genAI|GPAI|AGI|LLMs?|GPTs?|ChatGPT)\b(?![-.]?\w*@)"
    r"|(?i:\b(?:artificial intelligence|machine[- ]learning|deep[- ]learning|generative|large language models?|"
    r"foundation models?|language models?|neural networks?|training data|text and data mining|chatbots?|deepfakes?|"
    r"k[üu]nstliche[nr]? intelligenz|intelligence artificielle|inteligencia artificial|inteligência artificial)\b)"
)
_NOT_AI = re.compile(r"\b(?:Ai Weiwei|Adobe Illustrator|\.ai files?|Air (?:AI|India)|A\.I\. \(film\))\b")
_TERMS = re.compile(
    r"\b(?:terms of (?:use|service)|terms and conditions|user agreement|privacy (?:policy|notice|statement)|"
    r"community guidelines|content polic(?:y|ies)|"
    r"(?:updat|chang|revis|clarif)\w*(?:\s+\w+){0,3}\s+(?:terms|polic(?:y|ies))|"
    r"(?:terms|polic(?:y|ies))\s+(?:updat|chang|revis)\w*|opt[- ](?:out|in)|licen[sc]e to (?:use )?your content|"
    r"nutzungsbedingungen|conditions d['’]utilisation|t[ée]rminos de (?:uso|servicio)|termos de (?:uso|servi[çc]o))\b",
    re.IGNORECASE,
)
_PLAIN_NAMES = frozenset(
    re.findall(
        r"\w+",
        "amuse apple audible behance box canva discord figma flow genius kick line medium meta miro notion patreon "
        "quora rumble signal slack splice steam substack suno threads tidal unity vine wattpad weebly wix",
    )
)
"""Names that are words of the language, or nearly: they count only where they act like a company, or by their host."""
_DOES = (
    "says|said|will|is|has|was|to|now|quietly|updat\\w+|chang\\w+|revis\\w+|clarif\\w+|announc\\w+|add(?:s|ed)|bann?(?:s|ed)|"
    "lets?|launch\\w*|wants?|faces|sued|respond\\w*|den(?:y|ies|ied)|train\\w*|plans|users?|creators?|artists?|writers?|"
    "terms|polic(?:y|ies)|community|blog|AI|CEO|apologi\\w+|backs|reverses"
)
_TOWARDS = "on|by|against|sues?|suing|joins?|leav(?:es|ing)|via|from"
_SHORT = 3
"""Names of so few letters are no evidence on their own; their hosts are."""


@dataclass(frozen=True, slots=True)
class Item:
    """What an item of a feed says, as plain text."""

    title: str
    text: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Announced:
    """A stored item that speaks of AI or terms on a platform."""

    id: int
    at: datetime
    own: bool


def speaks_of_ai(item: Item) -> bool:
    """Whether the item's words speak of artificial intelligence."""
    return _AI.search(_NOT_AI.sub(" ", f"{item.title}\n{item.text}")) is not None


def speaks_of_terms(item: Item) -> bool:
    """Whether the item's words speak of terms, policies or ways to object."""
    return _TERMS.search(f"{item.title}\n{item.text}") is not None


def named(item: Item, names: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The platforms, by id, that the item names by one of their `names` or hosts, in the order of `names`."""
    words = f"{item.title}\n{item.text}"
    return tuple(id_ for id_, known in names.items() if any(_mention(name).search(words) for name in known))


@lru_cache(maxsize=4096)
def _mention(name: str) -> re.Pattern[str]:
    """The whole name: not part of a longer word, a longer name's host or an address's path."""
    if len(name) < _SHORT and "." not in name:
        return re.compile(r"(?!)")
    whole = rf"(?<![\w@-])(?:{'|'.join(map(re.escape, _spellings(name)))})(?![\w@-])(?!\.\w)"
    if "." in name:
        return re.compile(rf"(?<![\w.@-]){re.escape(name)}(?![\w@-])(?!\.\w)", re.IGNORECASE)
    if name.lower() in _PLAIN_NAMES:
        return re.compile(rf"{whole}(?:['’]s\b|\s+(?:{_DOES})\b)|\b(?:{_TOWARDS})\s+{whole}")
    return re.compile(whole)


def _spellings(name: str) -> list[str]:
    """A name as its owner writes it and as the press does: SoundCloud and Soundcloud, TIDAL and Tidal."""
    return [name] if " " in name else list(dict.fromkeys((name, name.capitalize(), name.upper())))


def heard_back_to(published: Iterable[datetime]) -> datetime | None:
    """How far back a platform's own items let us hear: to the oldest one before which there is none for a year.

    What stands beyond such a gap was pinned or dated wrongly: feeds show their newest items, not all of them.
    """
    newest_first = sorted(published, reverse=True)
    oldest = newest_first[-1] if newest_first else None
    return next((newer for newer, older in pairwise(newest_first) if newer - older > GAP), oldest)


def missed(heard_last: datetime, now: datetime, published: Iterable[datetime]) -> bool:
    """Whether items may have come and gone unseen between two answers of a feed, of which the second shows these dates.

    What is older than the silence and stands there still shows that nothing has dropped out since.
    """
    back_to = heard_back_to(published)
    return now - heard_last > UNHEARD and (back_to is None or back_to > heard_last)


def nearest(happened_from: datetime | None, happened_to: datetime, heard: Iterable[Announced]) -> Announced | None:
    """The announcement within 30 days of the change: the platform's own before the press's, then the nearest."""
    earliest, latest = (happened_from or happened_to) - WINDOW, happened_to + WINDOW
    near = [one for one in heard if earliest <= one.at <= latest]
    return min(near, key=lambda one: (not one.own, abs(one.at - happened_to)), default=None)


def is_over(happened_to: date, now: date) -> bool:
    """Whether there was time enough to announce a change; asked of two moments, or of two days."""
    return now > happened_to + WINDOW


def quiet(
    happened_from: datetime | None,
    happened_to: datetime,
    found: Announced | None,
    *,
    listening_since: datetime | None,
    now: datetime,
) -> bool | None:
    """Whether nobody announced a change: None while it is too early, or when we were not listening at the time."""
    if found is not None:
        return False
    if listening_since is None or listening_since > (happened_from or happened_to) - WINDOW:
        return None
    return True if is_over(happened_to, now) else None
