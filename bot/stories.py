"""Changes as they are stored → stories as they are told."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.render import Story
from server.catalogue import Catalogue
from server.core.badge import content_stance
from server.core.errors import UnknownPlatform
from server.core.model import Direction, Kind, Level, Stance
from server.store.readings import from_data
from server.store.tables import ChangeRow


def story(row: ChangeRow, catalogue: Catalogue, public_url: str) -> Story:
    """The story of a change. A platform that has left the catalogue is called by its id."""
    name, document, source, choices, own_feeds = row.platform, row.document.partition("/")[2], "", False, True
    try:
        platform = catalogue.platform(row.platform)
        name, choices, own_feeds = platform.name, bool(platform.choices), bool(platform.feeds)
        found = catalogue.document(row.document)
        document, source = found.title or found.type, found.urls[0]
    except UnknownPlatform:
        pass
    question = "sharing" if row.kind == Kind.SHARING else "training"
    return Story(
        change=row.id,
        platform=row.platform,
        name=name,
        document=document,
        level=Level(row.level),
        kind=Kind(row.kind),
        direction=Direction(row.direction),
        before=_stance(row.before, question),
        after=_stance(row.after, question),
        quote_before=row.quote_before,
        quote_after=row.quote_after,
        quiet=row.quiet,
        happened=row.happened_to.date(),
        found=row.found_at.date(),
        effective=_day(row.effective),
        url=f"{public_url}/changes/{row.id}" if public_url else "",
        source=source,
        own_feeds=own_feeds,
        choices=choices,
    )


def _stance(data: dict[str, Any], question: str) -> Stance:
    """What a reading says of works: leave to train on data about use must not be told as one to train on uploads."""
    try:
        read = from_data(data)
    except (KeyError, ValueError):
        return Stance.UNKNOWN
    return read.sharing if question == "sharing" else content_stance(read)


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None
