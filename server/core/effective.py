"""The dates that a policy gives itself: when it was last amended, takes effect, was posted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_ORDINAL = r"(?:st|nd|rd|th)?"
_DATE = (
    rf"(?:(?P<d1>\d{{1,2}}){_ORDINAL}(?:\s+day)?(?:\s+of)?[\s-]+(?P<m1>{_MONTH})\.?,?[\s-]+(?P<y1>(?:19|20)\d\d)"
    rf"|(?P<m2>{_MONTH})\.?\s+(?P<d2>\d{{1,2}}){_ORDINAL}(?:\s?[,.])?\s+(?P<y2>(?:19|20)\d\d)"
    rf"|(?P<y3>(?:19|20)\d\d)[-/.](?P<m3>\d{{1,2}})[-/.](?P<d3>\d{{1,2}})"
    rf"|(?P<a4>\d{{1,2}})[/.](?P<b4>\d{{1,2}})[/.](?P<y4>(?:19|20)\d\d))(?!\d)"
)
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_LINK = (
    rf"(?:\b(?:{_DAY}|or|after|all|existing|users|immediately|of|date|on|as of|as|from|since|is|was|at|in|for|and|the"
    r"|this|these|our|we|new|current|version|updated|effective|policy|terms|agreement|privacy|beginning|starting|being|modified"
    r"|revised)\b|[\s:;,.()\[|·•/>=–—-]){0,24}?"
)
"""What may stand between a label and its date."""
_BEFORE_A_DATE = rf"(?=\s*(?:on|as of|[:(\d]|{_MONTH}))"
_OF_ANOTHER = re.compile(r"\b(?:previous|prior|earlier|former|old|archived)\s+(?:\w+\s+){0,3}\(?$", re.IGNORECASE)
"""What stands before a label that speaks of an earlier wording."""
_INVISIBLE = dict.fromkeys(map(ord, "*_"), " ") | dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_LABELS = {
    "last_amended": (
        r"(?:last|most recently|was)\s+(?:amended|updated|revised|modified|changed|edited|reviewed)"
        r"|date\s+of\s+(?:last|latest)\s+(?:revision|update|amendment)|(?:latest|last)\s+(?:update|revision|amendment)"
        rf"|(?:updated|revised|amended|modified){_BEFORE_A_DATE}|revision\s+date|version\s+(?:dated?|of)"
        r"|(?:last|latest|most recent)\s+changes?(?:\s+made)?"
    ),
    "effective": (
        r"effective(?:\s+date)?|(?:takes?|taking|took|comes?|came|goe?s?|enters?|entered)\s+(?:in(?:to)?\s+)?(?:effect|force)"
        r"|(?:in|into)\s+(?:effect|force)|with\s+effect|valid\s+(?:from|as of)|appl(?:y|ies)\s+(?:from|as of)"
    ),
    "posted": rf"(?:posted|published){_BEFORE_A_DATE}|(?:date\s+of\s+)?publication(?:\s+date)?",
}
_PATTERNS = {
    name: re.compile(rf"\b(?:{label}){_LINK}{_DATE}", re.IGNORECASE) for name, label in _LABELS.items()
}  # fmt: skip
_HEAD, _TAIL = 6000, 3000
"""Characters at the start and the end of a text: dates deeper inside speak of events, not of the text."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_EARLIEST = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class Dates:
    """ISO dates, or None where the text gives none."""

    last_amended: str | None = None
    effective: str | None = None
    posted: str | None = None


def days_left(effective: str | None, today: date) -> int | None:
    """Days until a text takes effect by its own date; None when it states none or the day has come."""
    try:
        left = (date.fromisoformat(effective) - today).days if effective else 0
    except ValueError:
        return None
    return left if left > 0 else None


def dates(text: str) -> Dates:
    """The dates a policy text gives itself, as English texts write them."""
    around = text if len(text) <= _HEAD + _TAIL else text[:_HEAD] + "\n\n" + text[-_TAIL:]
    if not _YEAR.search(around):
        return Dates()
    around = " ".join(around.translate(_INVISIBLE).split())
    return Dates(**{name: next(_found(pattern, around), None) for name, pattern in _PATTERNS.items()})


def _found(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for match in pattern.finditer(text):
        if _OF_ANOTHER.search(text[max(0, match.start() - 60) : match.start()]):
            continue
        if value := _iso(match):
            yield value


def _iso(match: re.Match[str]) -> str | None:
    part = match.groupdict()
    try:
        if part["y4"]:
            found = _numeric(int(part["a4"]), int(part["b4"]), int(part["y4"]))
        elif part["y3"]:
            found = date(int(part["y3"]), int(part["m3"]), int(part["d3"]))
        else:
            year, day, name = part["y1"] or part["y2"], part["d1"] or part["d2"], part["m1"] or part["m2"]
            found = date(int(year), _month(name), int(day))
    except ValueError:
        return None
    return found.isoformat() if found and found >= _EARLIEST else None


def _numeric(first: int, second: int, year: int) -> date | None:
    """A date written 3/4/2025 can be two days; it is taken only when one reading is possible."""
    if first > 12:
        return date(year, second, first)
    if second > 12 or first == second:
        return date(year, first, second)
    return None


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1
