"""Feeds: fetched by us as bytes and only then handed to feedparser, which would open an address or a file itself.

Of an item nothing is kept but its words: no markup of a feed ever reaches a page or a message.
"""

from __future__ import annotations

import calendar
import hashlib
import html
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

import feedparser

from server.core.charset import storable
from server.sources.courtesy import Rules, Visits, visiting
from server.sources.http import Response, Validators

CAP, SECONDS = 5 * 1024 * 1024, 20.0
ACCEPT = "application/atom+xml,application/rss+xml;q=0.9,application/xml;q=0.8,text/xml;q=0.7,*/*;q=0.1"
MOST_ITEMS = 500
"""The newest so many of a feed; parsing 20,000 takes seconds."""
MOST_ATTRIBUTES = 200
MOST_WORDS_IN_A_TAG = 5000
"""Tags beyond these are taken out: feedparser needs quadratic time for them."""
DEEPEST = 100
MOST_STRAY = 5000
"""Marks of tags and entities that begin none: escaped text has no such."""
LONGEST_TITLE, LONGEST_TEXT = 300, 20_000
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)

_ITEM_OPENS = re.compile(rb"<(?:\w+:)?(item|entry)[\s>]", re.IGNORECASE)
_CLOSED = re.compile(rb"</(?:\w+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_STRAY_AND = re.compile(rb"&(?![#\w])")
_XML_TAG = re.compile(rb"<(/?)([A-Za-z_][^\s/<>]*)[^<>]*?(/?)>")
_TAG = re.compile(r"<[^<>]{0,5000}>")
_SPACES = re.compile(r"\s+")


NOTHING_TO_ASK = Validators()


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One item: who it is, what it says as plain text, and when it was published (None: it does not say)."""

    id: str
    """SHA-256 of the guid, else of the link, else of title and date, whichever is its own: the same over time."""
    title: str
    text: str
    url: str
    published: datetime | None


@dataclass(frozen=True, slots=True)
class FeedAnswer:
    """What a look at a feed brought."""

    items: tuple[FeedItem, ...] = ()
    unchanged: bool = False
    """A 304."""
    whole: bool = True
    """False when the feed was ill-formed or cut: its validators are not to be trusted."""
    validators: Validators = NOTHING_TO_ASK
    moved_to: str = ""


class Web(Rules, Protocol):
    """The way out."""

    def get(
        self,
        url: str,
        *,
        conditional: Validators | None = ...,
        cap: int = ...,
        deadline: float = ...,
        accept: str = ...,
        permit: Callable[[str], None] | None = ...,
    ) -> Response:
        """The answer after redirects; raises SourceError."""
        ...


def fetch_feed(web: Web, visits: Visits, url: str, validators: Validators) -> FeedAnswer:
    """Looks at a feed. Raises Busy or a SourceError."""
    with visiting(web, visits, url) as permit:
        answer = web.get(url, conditional=validators, cap=CAP, deadline=SECONDS, accept=ACCEPT, permit=permit)
    if answer.status == 304:
        return FeedAnswer(unchanged=True, validators=answer.validators, moved_to=answer.moved_to)
    items, whole = parse(answer.body, answer.header("Content-Type"), answer.final_url)
    return FeedAnswer(items, whole=whole, validators=answer.validators, moved_to=answer.moved_to)


def parse(body: bytes, content_type: str = "", base: str = "") -> tuple[tuple[FeedItem, ...], bool]:
    """The items of a feed, and whether it was well-formed. Never raises: what cannot be read has no items."""
    tame = _shortened(_without_bombs(body))
    if _tangled(tame):
        return (), False
    headers = {"content-type": content_type or "application/xml", "content-location": base}
    try:
        found = feedparser.parse(
            BytesIO(tame), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except (ValueError, LookupError, TypeError, AttributeError, RuntimeError):  # over odd codecs, for one
        return (), False
    entries = [entry for entry in found.get("entries", []) if isinstance(entry, dict)]
    whole = not found.get("bozo") or isinstance(
        found.get("bozo_exception"), feedparser.CharacterEncodingOverride | feedparser.NonXMLContentType
    )
    if _CLOSED.search(body[-500:]) is None:
        del entries[-1:]  # cut in its midst, it could bear another id than when it is whole
    return tuple(_items(entries[:MOST_ITEMS], base)), whole and bool(entries)


def _without_bombs(body: bytes) -> bytes:
    """The body without tags that hold hundreds of attributes."""
    parts = body.split(b"<")
    for n, part in enumerate(parts):
        if len(part) > MOST_ATTRIBUTES and n:
            tag, closed, rest = part.partition(b">")
            if tag.count(b"=") > MOST_ATTRIBUTES or len(tag.split()) > MOST_WORDS_IN_A_TAG:
                parts[n] = b"removed" + closed + rest
    return b"<".join(parts)


def _tangled(body: bytes) -> bool:
    """Whether tags are nested or left open in a way that no feed needs, and that takes feedparser minutes."""
    depth = tags = 0
    plain_xml = _without_cdata(body)
    for tag in _XML_TAG.finditer(plain_xml):
        tags += 1
        if tag[2].lower() in {b"item", b"entry"}:
            depth = 0
        elif not tag[3]:
            depth += -1 if tag[1] else 1
        if depth > DEEPEST:
            return True
    return plain_xml.count(b"<") - tags + len(_STRAY_AND.findall(plain_xml)) > MOST_STRAY


def _without_cdata(body: bytes) -> bytes:
    """The body without its CDATA sections, whose markup feedparser does not read."""
    parts, at = [], 0
    while (opening := body.find(b"<![CDATA[", at)) >= 0:
        parts.append(body[at:opening])
        closing = body.find(b"]]>", opening)
        if closing < 0:
            break
        at = closing + 3
    else:
        parts.append(body[at:])
    return b"".join(parts)


def _shortened(body: bytes) -> bytes:
    """The body with its first items only, and its end, so that it stays well-formed."""
    for n, opening in enumerate(_ITEM_OPENS.finditer(body)):
        if n == MOST_ITEMS:
            closing = body.rfind(b"</" + opening[1] + b">")
            rest = body[closing + len(opening[1]) + 3 :] if closing > opening.start() else b""
            return body[: opening.start()] + rest
    return body


def _items(entries: Sequence[dict[str, Any]], base: str) -> Iterable[FeedItem]:
    guids = Counter(_text(entry, "id") for entry in entries)
    links = Counter(_link(entry, base) for entry in entries)
    for entry in entries:
        guid, link = _text(entry, "id"), _link(entry, base)
        title, published = plain(_text(entry, "title"))[:LONGEST_TITLE], _published(entry)
        own_id = guid if guids[guid] == 1 else link if links[link] == 1 else ""
        mark = own_id or (f"{title}\n{published.isoformat() if published else ''}" if title else link)
        if mark:
            yield FeedItem(hashlib.sha256(mark.encode()).hexdigest(), title or link, _words(entry), link, published)


def _text(entry: dict[str, Any], name: str) -> str:
    value = entry.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _link(entry: dict[str, Any], base: str) -> str:
    """Where an item leads, whole: some feeds leave out their own host."""
    link = _text(entry, "link")
    try:
        return normalised(urljoin(base, link) if link else "")
    except ValueError:
        return ""


def _words(entry: dict[str, Any]) -> str:
    contents = entry.get("content") or []
    parts = [_text(entry, "summary"), *(_text(part, "value") for part in contents if isinstance(part, dict))]
    return plain(" ".join(dict.fromkeys(part[: 4 * LONGEST_TEXT] for part in parts)))[:LONGEST_TEXT]


def plain(markup: str) -> str:
    """The words of a piece of HTML, on one line."""
    return _SPACES.sub(" ", storable(html.unescape(_TAG.sub(" ", markup)))).strip()


def normalised(link: str) -> str:
    """A link without fragment and campaign marks, its host in lower case; empty when it is no web address."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"http", "https"} or not parts.netloc:
        return ""
    query = "&".join(pair for pair in parts.query.split("&") if pair and not pair.lower().startswith("utm_"))
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower(), query=query, fragment="").geturl()


def _published(entry: dict[str, Any]) -> datetime | None:
    for name in ("published_parsed", "updated_parsed"):
        value = entry.get(name)
        try:
            at = datetime.fromtimestamp(calendar.timegm(value), UTC) if value else None
        except (ValueError, TypeError, OverflowError, OSError):
            continue
        if at and at >= EARLIEST:
            return at
    return None
