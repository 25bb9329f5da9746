"""Memento TimeMaps (RFC 7089): every capture of an address in link format, without status or digest."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from server.core.errors import SourceError
from server.sources.cdx import Listed, moment

_LINK = re.compile(r"<([^<>\s]{1,4000})>((?:\s*;\s*[\w-]{1,40}\s*=\s*(?:\"[^\"]{0,400}\"|[^\s\",;]{1,400}))*)")
_PARAMETER = re.compile(r";\s*([\w-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]+))")
_PLACE = re.compile(r"/(\d{14})(?:[a-z]{2}_)?/")


def parse(body: bytes, url: str) -> tuple[list[Listed], list[str]]:
    """The captures of `url` and the addresses of further pages. Raises SourceError for what is no TimeMap."""
    text = body.decode("utf-8", errors="replace")
    links = [(target, _parameters(rest)) for target, rest in _LINK.findall(text)]
    relations = [set(values.get("rel", "").lower().split()) for _, values in links]
    if text.strip() and not any(relations):
        raise SourceError("The archive's answer is no TimeMap; is this its address?", permanent=True)
    found, further = [], []
    for (target, values), relation in zip(links, relations, strict=True):
        if "memento" in relation and (one := _listed(target, values, url)):
            found.append(one)
        elif "timemap" in relation and "self" not in relation:
            further.append(target)
    return sorted(set(found), key=lambda one: one.at), further


def _parameters(text: str) -> dict[str, str]:
    return {name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(text)}


def _listed(target: str, values: dict[str, str], url: str) -> Listed | None:
    place = _PLACE.search(target)
    at = _date(values.get("datetime", "")) or (moment(place[1]) if place else None)
    if at is None:
        return None
    if place is None:  # RFC 7089 gives addresses of captures no form; there is no raw one of this kind
        return Listed(at=at, stamp=f"{at:%Y%m%d%H%M%S}", url=url, address=target)
    raw = f"{target[: place.start()]}/{place[1]}id_/{target[place.end() :]}"
    return Listed(at=at, stamp=place[1], url=target[place.end() :] or url, address=raw)


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
