"""What single values in a catalogue file may look like; each complaint says what to write."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from server.core import hosts

ID = re.compile(r"(?=.{1,50}\Z)[a-z0-9]+(-[a-z0-9]+)*")
_PLACEHOLDER = re.compile(r"\{([^}]*)\}")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def _date_text(value: object) -> object:
    """TOML knows dates; quoted and bare ones mean the same here."""
    return value.isoformat() if type(value) is date else value


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError(f"{text!r} is not a date; write it like 2026-11-23") from None


def _some_date(text: str) -> str:
    if not _DATE.fullmatch(text):
        raise ValueError(f"{text!r} is not a date; write 2026-11-23, 2026-11 or 2026, as exact as the source is")
    _day((text + "-01-01")[:10])
    return text


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or re.search(r"\s", text):
        raise ValueError(f"{text!r} is not a web address; write it in full, like https://example.com/terms")
    if "@" in parts.netloc:
        raise ValueError(f"{text!r} carries a user name; take it out")
    hosts.normalise(text)
    return text


def _origin(text: str) -> str:
    if urlsplit(_url(text)).fragment:
        raise ValueError(f"{text!r} carries a fragment, which no server sees; leave out '#' and what follows")
    return text


def _pattern(text: str) -> str:
    unknown = set(_PLACEHOLDER.findall(_url(text))) - {"YYYY", "MM", "DD"}
    if unknown or "{YYYY}" not in text:
        raise ValueError(
            f"{text!r} must hold {{YYYY}}, and may hold {{MM}} and {{DD}}, where the date of a version goes"
        )
    return text


def _host(text: str) -> str:
    name = hosts.normalise(text)
    if name != text:
        raise ValueError(f"{text!r} is not a bare host name; write {name!r}")
    if "." not in name and ":" not in name and name != "localhost":
        raise ValueError(f"{text!r} would match whole countries; write the full host, like example.com")
    return name


def _slug(text: str) -> str:
    if not ID.fullmatch(text):
        raise ValueError(
            f"{text!r} is not an id; use lower-case letters, digits and single hyphens, 50 at most: ai-policy"
        )
    return text


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Day = Annotated[str, BeforeValidator(_date_text), AfterValidator(_day)]
SomeDate = Annotated[str, BeforeValidator(_date_text), AfterValidator(_some_date)]
Url = Annotated[str, AfterValidator(_origin)]
VersionPattern = Annotated[str, AfterValidator(_pattern)]
Host = Annotated[str, AfterValidator(_host)]
Slug = Annotated[str, AfterValidator(_slug)]
Certainty = Literal["sure", "likely", "unverified"]
ClaimField = Literal["training", "sharing"]
Claim = Literal["permits", "opt_out", "opt_in", "prohibits"]
Category = Literal["music", "art", "video", "social", "text", "commerce", "code", "files"]
FeedKind = Literal["newsroom", "blog", "changelog", "archive", "news"]
PromisedSignal = Literal["noai", "noimageai", "robots", "tdmrep", "content-usage", "content-signal", "rsl"]
