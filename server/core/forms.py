"""A sentence in the words it shares with its other forms: for telling a changed rule from a changed style."""

from __future__ import annotations

import re
from functools import lru_cache

_FORMS = (
    (r"\bwon[’']t\b", "will not"),
    (r"\bcan(?:[’']t|not)\b", "can not"),
    (r"n[’']t\b", " not"),
    (r"[’']ll\b", " will"),
    (r"(?<=\w)[’']re\b", " are"),
    (r"\bshall\b", "will"),
    (r"\b(you|users|members|customers) (?:(?:must|will)(?= not\b)|can)\b", r"\1 may"),
    (r"\b(we|it|which|content|data) can(?= (?:use|be|also|train)\b)", r"\1 may"),
    (r"\bartificial[- ]intelligence\b", "AI"),
    (r"\bmachine[- ]learning\b", "ML"),
    (r"\b(?:large )?language[- ]model(s?)\b", r"LLM\1"),
    (r"\((?:the )?[\"“'‘](?:AI|ML|LLMs?)[\"”'’]\)", " "),
    (r"^\W*please note that\b", " "),
    (r"\b(?:deactivated|disabled)\b", "turned off"),
    (r"\b(?:activated|enabled)\b", "turned on"),
    (r"\bin order (?=to\b)", ""),
    (r"\bfor the purposes? of\b", "for"),
)
_ASIDES = (
    r",? ?\b(?:as (?:further |more fully )?(?:described|set (?:forth|out)|explained|defined|provided|detailed)) (?:in "
    r"(?:our |the |this |its )?(?:(?:[A-Z][\w’'-]* ?){1,5}|(?:policy|notice|section|document|page|terms)\b)"
    r"|above\b|below\b|herein\b),?",
    r"\((?:[^()]*\b(?:capable of|expression of|i\.e\.|also called|known as|referred to|see here)\b[^()]*)(?:\)|$)",
)
"""References and definitions inside a sentence: they change nothing in what it allows."""
_ASIDE = re.compile("|".join(_ASIDES))
_PATTERNS = [(re.compile(pattern, re.IGNORECASE), form) for pattern, form in _FORMS]
_TOKEN = re.compile(r"[\w’'-]+")


@lru_cache(maxsize=1 << 13)
def plain(text: str) -> str:
    """A sentence without asides, short forms written out and long names of AI short."""
    text = _ASIDE.sub(" ", text)
    for pattern, form in _PATTERNS:
        text = pattern.sub(form, text)
    return text


def tokens(text: str) -> list[str]:
    """Its words in that form."""
    return _TOKEN.findall(plain(text))


_AGE = re.compile(r"\b(?:under|below|over|above|least|aged?|older than|younger than)\b\D{0,16}(\d{1,2})\b")
_SWITCH = re.compile(
    r"\b(?:switch\w*|turn\w*|set|is|are|stays?) (on|off)\b|\b(on|off|enabled|disabled) (?:by default|unless|until)\b"
)


def ages(text: str) -> list[int]:
    """The ages that a sentence names."""
    return [int(age) for age in _AGE.findall(text)]


def switches(text: str) -> list[str]:
    """The states of a setting in their order: words that only change places tell another rule."""
    return ["".join(state) for state in _SWITCH.findall(plain(text))]
