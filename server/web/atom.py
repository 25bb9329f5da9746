"""Feeds of changes: Atom (RFC 4287) and JSON Feed 1.1, for everything, for one platform, for one level."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, abort, request

from server.core.announcements import is_over
from server.core.model import Level, Platform
from server.store import changes
from server.store.changes import Filter
from server.store.tables import ChangeRow
from server.web.api.registry import FRESH
from server.web.context import context
from server.web.pages import words
from server.web.xml import legible

ENTRIES = 50
NAMESPACE = "http://www.w3.org/2005/Atom"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

ET.register_namespace("", NAMESPACE)


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed is about and where it is."""

    title: str
    public_url: str
    page: str
    address: str
    platforms: Mapping[str, Platform]
    now: datetime

    def title_of(self, row: ChangeRow) -> str:
        """One line for a list: who, and what it means."""
        return f"{self._name(row.platform)}: {row.explanation or 'the wording changed'}"

    @staticmethod
    def id_of(row: ChangeRow) -> str:
        """The same wherever this server may move, and on every server that found the same change."""
        return uuid5(NAMESPACE_URL, f"clausewatch:{row.key}").urn

    def address_of(self, row: ChangeRow) -> str:
        """The page of a change."""
        return f"{self.public_url}/changes/{row.id}"

    def summary_of(self, row: ChangeRow) -> str:
        """When it happened, the sentences that carry it, and whether it was announced, in plain text."""
        since = f"between {words.day(row.happened_from)} and " if row.happened_from else "by "
        parts = [f"It changed {since}{words.day(row.happened_to)}."]
        parts += [f"Before: “{row.quote_before}”"] if row.quote_before else []
        parts += [f"Now: “{row.quote_after}”"] if row.quote_after else []
        known = self.platforms.get(row.platform)
        over = is_over(row.happened_to, self.now)
        return "\n".join([*parts, words.quiet(row.quiet, bool(known and known.feeds), over)])

    def _name(self, platform: str) -> str:
        known = self.platforms.get(platform)
        return known.name if known else platform


def register(blueprint: Blueprint) -> None:
    """Adds the feeds."""
    for form in ("atom", "json"):
        for rule, name in (("all", "all"), ("platforms/<platform>", "platform"), ("levels/<level>", "level")):
            endpoint = f"feed_{name}_{form}"
            blueprint.add_url_rule(f"/feeds/{rule}.{form}", endpoint, feed, defaults={"form": form})


def feed(form: str, platform: str = "", level: str = "") -> Response:
    """The newest changes as a feed. To its readers all is news, so what an archive told of years ago is not in it."""
    here = context()
    if level and level not in list(Level):
        abort(404, f"There is no level {level}: write material, notable or noise.")
    about = f"{here.catalogue.platform(platform).name}: " if platform else ""
    with here.read() as session:
        rows = changes.page(session, Filter(platform=platform, level=level, news=True), after=None, limit=ENTRIES)
    channel = Channel(
        title=f"{about}{level or 'all'} changes · Clausewatch",
        public_url=here.public_url,
        page=here.public_url + _page(platform, level),
        address=f"{here.public_url}{request.path}",
        platforms=here.catalogue.platforms,
        now=here.clock.now(),
    )
    body = as_atom(channel, rows) if form == "atom" else as_json(channel, rows)
    response = Response(body, mimetype="application/atom+xml" if form == "atom" else "application/feed+json")
    response.set_etag(sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = FRESH
    return response.make_conditional(request.environ)  # type: ignore[return-value]


def _page(platform: str, level: str) -> str:
    """Where a person sees the same."""
    if platform:
        return f"/platforms/{platform}"
    return f"/changes?level={level}" if level else "/changes"


def as_atom(channel: Channel, rows: Sequence[ChangeRow]) -> bytes:
    """The rows as an Atom document."""
    root = ET.Element(_tag("feed"))
    _text(root, "title", channel.title)
    _text(root, "id", channel.address)
    _text(root, "updated", max((row.found_at for row in rows), default=_NEVER).isoformat())
    ET.SubElement(root, _tag("link"), rel="self", href=channel.address)
    ET.SubElement(root, _tag("link"), rel="alternate", href=channel.page)
    _text(ET.SubElement(root, _tag("author")), "name", "Clausewatch")
    for row in rows:
        _entry(root, channel, row)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _entry(root: ET.Element, channel: Channel, row: ChangeRow) -> None:
    entry = ET.SubElement(root, _tag("entry"))
    _text(entry, "title", channel.title_of(row))
    _text(entry, "id", channel.id_of(row))
    _text(entry, "updated", row.found_at.isoformat())
    _text(entry, "published", row.found_at.isoformat())
    ET.SubElement(entry, _tag("link"), rel="alternate", href=channel.address_of(row))
    for term in (row.level, row.kind, row.direction):
        ET.SubElement(entry, _tag("category"), term=term)
    _text(entry, "summary", channel.summary_of(row))


def as_json(channel: Channel, rows: Sequence[ChangeRow]) -> bytes:
    """The rows as a JSON Feed (https://www.jsonfeed.org/version/1.1/)."""
    items = [
        {
            "id": channel.id_of(row),
            "url": channel.address_of(row),
            "title": channel.title_of(row),
            "content_text": channel.summary_of(row),
            "date_published": row.found_at.isoformat(),
            "tags": [row.level, row.kind, row.direction],
        }
        for row in rows
    ]
    head = {"version": "https://jsonfeed.org/version/1.1", "title": channel.title, "language": "en"}
    places = {"home_page_url": channel.page, "feed_url": channel.address}
    return json.dumps(head | places | {"items": items}, ensure_ascii=False).encode()


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _text(parent: ET.Element, name: str, text: str) -> None:
    """A child with text; characters that XML has no place for are left out."""
    ET.SubElement(parent, _tag(name)).text = legible(text)
