"""A platform's own pages of earlier wordings, such as /terms-of-use/02-2024: found as dated links, read as pages."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

_PLACES = {"{YYYY}": r"(?P<year>(?:19|20)\d\d)", "{MM}": r"(?P<month>0?[1-9]|1[0-2])", "{DD}": r"(?P<day>\d{1,2})"}
_SLASH = re.compile(r"\\/|\\u002f|&#x2f;|&#47;", re.IGNORECASE)
"""A slash as data of scripts and attributes write it."""
_LONGEST = 5_000_000
"""Bytes of a page that are searched."""
MOST = 60
"""Earlier wordings of one document; a page that links more is not a list of them."""


@dataclass(frozen=True, slots=True)
class Prior:
    """The address of an earlier wording, and the latest moment at which it came into force."""

    url: str
    at: datetime
    named: str
    """The date in the address, as an ISO prefix: "2024-02"."""


def links(page: bytes, pattern: str) -> list[Prior]:
    """The earlier wordings that a page links to by `pattern`, oldest first.

    The bytes are searched, not the links: pages that are drawn by scripts carry the addresses in their data.
    """
    text = _SLASH.sub("/", page[:_LONGEST].decode("utf-8", errors="replace"))
    found = (_prior(match, pattern) for match in _expression(pattern).finditer(text))
    return _once(one for one in found if one)


def dated(prior: Prior, stated: Iterable[str | None]) -> datetime:
    """When the wording was surely in force: the date that its text states if the address agrees, else the latest."""
    for day in stated:
        if day and day.startswith(prior.named):
            return datetime.fromisoformat(day).replace(tzinfo=UTC)
    return prior.at


def _expression(pattern: str) -> re.Pattern[str]:
    """The pattern's path with its dates open, whole or relative to the host; not as part of a longer path."""
    path = urlsplit(pattern)._replace(scheme="", netloc="").geturl()
    parts = re.split(r"(\{YYYY\}|\{MM\}|\{DD\})", path)
    return re.compile("".join(_PLACES.get(part) or re.escape(part) for part in parts) + r"(?![\w/-])")


def _prior(match: re.Match[str], pattern: str) -> Prior | None:
    dates = match.groupdict()
    year, month, day = dates["year"], dates.get("month"), dates.get("day")
    try:
        at = _last_moment(int(year), int(month or 12), int(day) if day else None)
    except ValueError:
        return None
    parts = urlsplit(pattern)
    named = "-".join(part.zfill(2) for part in (year, month, day) if part)
    return Prior(f"{parts.scheme}://{parts.netloc}{match[0]}", at, named)


def _last_moment(year: int, month: int, day: int | None) -> datetime:
    return datetime(year, month, day or calendar.monthrange(year, month)[1], 23, 59, 59, tzinfo=UTC)


def _once(found: Iterable[Prior]) -> list[Prior]:
    by_url = {one.url: one for one in found}
    return sorted(by_url.values(), key=lambda one: (one.at, one.url))[-MOST:]
