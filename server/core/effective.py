"""The dates that a policy states about itself: last amended, effective, posted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_MONTHS = {
    name: n
    for n, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = (
    rf"(?:(?P<y1>(?:19|20)\d\d)-(?P<m1>\d\d)-(?P<d1>\d\d)"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m2>{_MONTH})\.?,? (?P<y2>(?:19|20)\d\d)"
    rf"|(?P<m3>{_MONTH})\.? (?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y3>(?:19|20)\d\d))"
)
_BETWEEN = r"[\s:*_|–—-]{0,8}(?:(?:on|as of|date|from|is|since|was)[\s:*_]{0,4}){0,3}"
_LABELS = {
    "last_amended": (
        r"last (?:amended|updated|modified|revised|changed)|(?:amended|updated|revised|modified)(?: on)?|version of"
    ),
    "effective": (
        r"effective(?: date| as of| from| on)?|(?:take|takes|come|comes|go|goes) (?:in)?to? ?effect|in force|valid from"
    ),
    "posted": r"posted|published|date of (?:publication|posting)|dated",
}
_PATTERNS = {field: re.compile(rf"\b(?:{label})\b{_BETWEEN}{_DATE}", re.IGNORECASE) for field, label in _LABELS.items()}
LOOKED_AT = 6000
"""Characters at both ends of a text in which such dates stand."""


@dataclass(frozen=True, slots=True)
class Dates:
    """ISO dates, each None when the text does not state it."""

    last_amended: str | None = None
    effective: str | None = None
    posted: str | None = None


def dates(text: str) -> Dates:
    """The dates that a text states about itself, from its first and last passages."""
    ends = text if len(text) <= 2 * LOOKED_AT else f"{text[:LOOKED_AT]}\n{text[-LOOKED_AT:]}"
    return Dates(**{field: _first(pattern, ends) for field, pattern in _PATTERNS.items()})


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    return next((found for match in pattern.finditer(text) if (found := _iso(match))), None)


def _iso(match: re.Match[str]) -> str | None:
    for n in "123":
        year, month, day = match[f"y{n}"], match[f"m{n}"], match[f"d{n}"]
        if year:
            try:
                return date(int(year), _MONTHS.get(month.lower(), 0) or int(month), int(day)).isoformat()
            except ValueError:
                return None
    return None
