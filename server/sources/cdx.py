"""Lists of captures as the Internet Archive and pywb give them (CDX): asked plainly, read by shape, filtered here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from server.core.errors import SourceError

PAGE = 10_000
"""Rows asked for at once."""
COLUMNS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
_NAMES = {"url": "original", "mime": "mimetype", "status": "statuscode"}
_WWW = re.compile(r"^www\d*\.")
_STAMP = re.compile(r"\d{14}")
_YEAR_2000_SLIP = re.compile(r"(\d{4})00(\d{10})")
"""Old rows have "00" put in after the year."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One capture in an archive's list. `status` is 0 and `digest` empty where the list does not tell."""

    at: datetime
    stamp: str
    """As the archive writes it, 14 digits: part of the address."""
    url: str
    status: int = 0
    media_type: str = ""
    digest: str = ""
    length: int = 0
    address: str = ""
    """Where the archive keeps it, if the list says so."""


def query(url: str, since: str = "", until: str = "", resume: str = "", page: int = PAGE) -> str:
    """The query for every capture of `url`, without filters: archives differ in them, and pywb's fuzzy ones lie."""
    wanted = {"url": url, "output": "json", "allowFuzzy": "false", "showResumeKey": "true", "limit": str(page)}
    wanted |= {name: value for name, value in (("from", since), ("to", until), ("resumeKey", resume)) if value}
    return urlencode(wanted)


def parse(body: bytes) -> tuple[list[Listed], str]:
    """The captures in a list of any of three shapes, and the key for the next page (empty: none).

    The shapes: one JSON array of arrays with a header, one JSON object a line, seven columns a line. Rows that make no
    sense are left out; a body that is no list at all raises SourceError.
    """
    text = body.decode("utf-8-sig", errors="replace").strip()
    if not text:
        return [], ""
    if text[0] == "[":
        return _from_arrays(_loaded(text))
    if text[0] == "<":
        told = "The archive answered a list of captures with a web page; is this its address?"
        raise SourceError(told, permanent=True)
    return _from_lines(text.splitlines())


def is_of(one: Listed, url: str) -> bool:
    """Whether a row is of the address asked for, as archives compare them: pywb may answer with what looks like it.

    More in its query may be a session's or a campaign's; what was asked for there has to be in it.
    """
    return _site_and_path(one.url) == _site_and_path(url) and _queried(one.url) >= _queried(url)


def _site_and_path(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return "", url
    return _WWW.sub("", host), unquote(parts.path.partition(";")[0]).casefold().rstrip("/")


def _no_list(shown: str) -> SourceError:
    """What stands in the place of a list must not pass for one without captures."""
    return SourceError(f"The archive answered a list of captures with {shown[:80]!r}.", permanent=True)


def _queried(url: str) -> set[str]:
    query = url.partition("#")[0].partition("?")[2]
    return {unquote(pair).casefold() for pair in query.split("&") if pair}


def _loaded(text: str) -> list[Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as why:
        raise SourceError("The archive's list of captures is not whole.") from why
    return found if isinstance(found, list) else []


def _from_arrays(table: Sequence[Any]) -> tuple[list[Listed], str]:
    rows = [[str(cell) for cell in row] for row in table if isinstance(row, list)]
    if not rows and table:
        raise _no_list(str(table))
    if not rows:
        return [], ""
    header = rows[0] if "timestamp" in rows[0] else list(COLUMNS)
    body = rows[1:] if header is rows[0] else rows
    resume = body.pop()[0] if len(body) > 1 and len(body[-1]) == 1 and not body[-2] else ""
    return _rows(dict(zip(header, row, strict=False)) for row in body), resume


def _from_lines(lines: Sequence[str]) -> tuple[list[Listed], str]:
    resume = ""
    if len(lines) > 2 and not lines[-2].strip() and " " not in lines[-1].strip():
        *lines, _, resume = lines
    fields = list(map(_fields, lines))
    if not any("timestamp" in each for each in fields):
        raise _no_list(lines[0])
    return _rows(fields), resume.strip()


def _fields(line: str) -> dict[str, str]:
    """One line as named fields: a JSON object, CDXJ (key, time, object) or seven columns."""
    mark = line.find("{")
    if mark < 0:
        cells = line.split()
        return dict(zip(COLUMNS, cells, strict=True)) if len(cells) == len(COLUMNS) else {}
    try:
        found = json.loads(line[mark:])
    except (ValueError, RecursionError):
        return {}
    told = dict(zip(COLUMNS, line[:mark].split()[:2], strict=False))
    return told | {_NAMES.get(name, name): str(value) for name, value in found.items()}


def _rows(table: Iterable[dict[str, str]]) -> list[Listed]:
    found = [one for one in map(_row, table) if one]
    return sorted(set(found), key=lambda one: (one.at, one.url))


def _row(cells: dict[str, str]) -> Listed | None:
    stamp = cells.get("timestamp", "")
    at = moment(stamp)
    url = cells.get("original", "")
    if at is None or not url.lower().startswith(("http://", "https://")):
        return None
    return Listed(
        at=at,
        stamp=stamp,
        url=url,
        status=_number(cells.get("statuscode", "")),
        media_type="" if cells.get("mimetype") in (None, "-", "warc/revisit", "unk") else cells["mimetype"].lower(),
        digest="" if cells.get("digest") in (None, "-") else cells["digest"].removeprefix("sha1:"),
        length=_number(cells.get("length", "")),
    )


def moment(stamp: str) -> datetime | None:
    """The time of a 14-digit stamp; None when it is none."""
    if slip := _YEAR_2000_SLIP.fullmatch(stamp):
        stamp = slip[1] + slip[2]
    if not _STAMP.fullmatch(stamp) or not stamp.isascii():
        return None
    try:
        return datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0
