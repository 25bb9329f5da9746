"""Whether words speak of AI at all, and whether a run of words is a sentence: what points are made of."""

from __future__ import annotations

import re

from server.core.reading.sentences import AUXILIARY
from server.core.reading.vocabulary import BRAND


def either(*patterns: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    """A pattern that finds any of these."""
    return re.compile("|".join(patterns), flags)


_HINTS = (
    "artificial", "machine", "learning", "generativ", "algorithm", "model", "train", "mining", " mine ", "distil",
    "fine-tun", "fine tun", "finetun", "chatbot", "chat bot", "chat-bot", "fake", "neural", "classifier",
    "suggestion engine", "virtual assistant", "automated decision", "automated ind", "teach", "generator",
)  # fmt: skip
"""Without one of these, or a short form below, a line cannot speak of AI: far quicker to look for than the rules."""
_ROOTS = (
    "artificial", "machine", "learn", "generat", "algorithm", "model", "train", "mining", " mine ", "distil", "tun",
    "chat", "fake", "neural", "classifier", "suggestion", "virtual", "automated", "teach",
)  # fmt: skip
"""Every hint has one of these in it: fewer to look for, and most lines have none."""
_SHORT_FORMS = ("AI", "A.I", "ML", "TDM", "LLM", "GPT")
_AI = either(
    r"\bA\.?I\.?\b(?!\w)|\b(?i:gen)-?AI\b|\bML\b|\bTDM\b",
    r"(?i:\bartificial[- ]intelligence\b|\bmachine[- ]?(?:learning|intelligence)\b|\bdeep[- ]?learning\b"
    r"|\bneural net\w*)",
    r"(?i:\bgenerative\b|\b(?:large )?language[- ]models?\b|\bLLMs?\b|\bfoundation(?:al)? models?\b"
    r"|\bchat-?\s?bots?\b)",
    r"(?i:\bdeep-?fakes?\b|\btext[- ](?:and|&)[- ]data[- ]mining\b|\btext[- ]mining\b"
    r"|(?<!encryption )(?<!hashing )(?<!cryptographic )(?<!hash )(?<!compression )\balgorithm\w*\b)",
    r"(?i:\bautomated (?:decision|individual)\w*|\bvirtual assistants?\b)",
    flags=0,
)
_ADDRESS = either(r"\S+@\S+", r"https?://\S+", r"www\.\S+", r"\b[\w-]+(?:\.[\w-]+)*\.ai\b\S*")
_COMPANY = re.compile(
    r"\b(?:[A-Z][\w.&-]*\s){1,3}AI(?=[,\s]+(?:Inc|LLC|Ltd|Limited|PBC|SAS|S\.A|GmbH|Corp|Pte|Company)\b)"
)
_BODY = re.compile(
    r"\b(?:Data and )?Artificial Intelligence (?:Act|Authority|Office|Agency|Regulation|Addendum)\b|\bAI Act\b"
)
_NAMED = re.compile(
    rf"({BRAND})(?: |\+|’s |'s )AI\b(?!-|\s(?:model|tool|feature|system|technolog|train|agent|generat))"
)
"""A product or company whose name ends in AI: that alone says nothing about AI."""
_VERB = either(
    AUXILIARY,
    r"\b(?:use[sd]?|using|provide[sd]?|offer(?:s|ed)?|train(?:s|ed|ing)?|develop|improve|process(?:es|ed|ing)?"
    r"|generate[sd]?)\b",
    r"\b(?:creat\w+|includ\w+|appl(?:y|ies)|prohibit\w*|agree|make|help|allow|share|support\w*|assist(?:s|ed|ing)?)\b",
    r"\b(?:decides?|ranks?|sorts?|detects?|recommends?|selects?|learns?|suggests?|determines?|flags?|scans?|screens?"
    r"|reviews?|reads?|keeps?|sends?|gives?)\b",
)
_SMALL = frozenset(
    ["a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "using", "via", "with"]
)
"""Words that a title writes small."""
_ENGLISH = either(r"\b(?:the|of|to|and|you|we|our|your|a|an|in|for|is|are|or|not|by|with|that|this|it)\b")


def masked(text: str) -> str:
    """The text without addresses and names that only look like AI."""
    return _NAMED.sub(r"\1", _COMPANY.sub("the company", _BODY.sub(" ", _ADDRESS.sub(" ", text))))


def says_something(text: str) -> bool:
    """Whether a run of words says something, in English: not a heading, a menu or a name."""
    found = text.split()
    count = len(found)
    if (
        2 < count < 13
        and not text.isupper()
        and all(w[:1].isupper() or w.lower() in _SMALL for w in found if w[:1].isalpha())
    ):
        return False
    return bool(_VERB.search(text)) and (count < 10 or len(_ENGLISH.findall(text)) * 12 >= count)


def may_speak(line: str) -> bool:
    """Whether a line may speak of AI: quick, and wider than `speaks`."""
    if any(map(line.__contains__, _SHORT_FORMS)):
        return True
    low = line.lower()
    return any(map(low.__contains__, _ROOTS)) and any(map(low.__contains__, _HINTS))


def speaks(text: str) -> bool:
    """Whether the words, `masked`, speak of AI."""
    return bool(_AI.search(text))


def near_ai(text: str, reach: int = 20) -> str:
    """The words of a sentence within so many words of one on AI."""
    said = masked(text)
    spans = [(len(said[: mark.start()].split()), len(said[: mark.end()].split())) for mark in _AI.finditer(said)]
    return " ".join(w for n, w in enumerate(said.split()) if any(a - reach <= n < b + reach for a, b in spans))
