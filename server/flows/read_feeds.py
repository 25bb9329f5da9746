"""Read feeds: newsrooms, blogs and the press for announcements; recorded wordings of others as a hint to look now."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.catalogue import Catalogue
from server.core.announcements import Item, missed, named, speaks_of_ai, speaks_of_terms
from server.core.errors import Busy, Gone, SourceError
from server.core.model import Feed
from server.flows.poll import FAMILY as PAGES
from server.flows.ports import Clock
from server.sources.feeds import FeedAnswer, FeedItem
from server.sources.http import Validators
from server.store import announcements, sources
from server.store.session import Transaction
from server.store.tables import SourceRow

FAMILY = "feed"
RECORDS = "records"
"""Feeds of recorded wordings: they announce nothing, but tell where to look."""
EVERY = timedelta(hours=2)
CLAIM = timedelta(minutes=5)
MOVES = 3
"""So many identical permanent redirects in a row, and the feed is read at its new address."""
NEVER = timedelta(days=36_500)
LONGEST_KEY = 200

Fetch = Callable[[str, Validators], FeedAnswer]
"""Fetches the feed at an address; raises Busy or a SourceError."""


@dataclass(frozen=True, slots=True)
class FeedReader:
    """What reading feeds works with."""

    fetch: Fetch
    catalogue: Catalogue
    write: Transaction
    clock: Clock
    every: timedelta = EVERY


@dataclass(frozen=True, slots=True)
class FeedRead:
    """What came of one look at a feed."""

    feed: str
    outcome: str
    """unchanged, first, read, empty, stopped, busy or failed."""
    detail: str = ""
    announced: tuple[int, ...] = ()
    """Ids of new announcements; none at the first look, when everything is new to us."""


def sync_sources(reader: FeedReader) -> None:
    """Makes the sources fit the catalogue: new feeds are due now, dropped ones are no longer read."""
    now = reader.clock.now()
    with reader.write() as session:
        keys: dict[str, list[str]] = {FAMILY: [], RECORDS: []}
        for platform, feed in _feeds(reader.catalogue):
            family = _family(feed)
            keys[family].append(key_of(feed))
            sources.ensure(session, key_of(feed), family=family, platform=platform, url=feed.url, now=now)
        for family, wanted in keys.items():
            sources.forget_others(session, family, wanted)


def key_of(feed: Feed) -> str:
    """The key of a feed's source."""
    key = f"{FAMILY}:{feed.url}"
    return key if len(key) <= LONGEST_KEY else f"{FAMILY}:{hashlib.sha256(feed.url.encode()).hexdigest()}"


def _feeds(catalogue: Catalogue) -> Iterator[tuple[str, Feed]]:
    """Every feed once, with its platform; empty for the press. One that two platforms share counts for the first."""
    seen: set[str] = set()
    owned = [(platform.id, feed) for platform in catalogue.platforms.values() for feed in platform.feeds]
    for platform, feed in [*owned, *(("", feed) for feed in catalogue.news_feeds)]:
        if feed.url not in seen:
            seen.add(feed.url)
            yield platform, feed


def _family(feed: Feed) -> str:
    return RECORDS if feed.kind == "archive" else FAMILY


def claim_due(reader: FeedReader, limit: int = 1) -> list[str]:
    """Keys of feeds that are due, claimed for a few minutes."""
    now = reader.clock.now()
    with reader.write() as session:
        rows = [row for family in (FAMILY, RECORDS) for row in sources.due(session, now, limit, family)]
        for row in (chosen := rows[:limit]):
            row.next_check_at = now + CLAIM
        return [row.key for row in chosen]


def read_feed(reader: FeedReader, key: str) -> FeedRead:
    """Reads one feed now. Whatever happens is stored with its source; nothing is raised for a bad feed."""
    with reader.write() as session:
        row = sources.find(session, key)
        if row is None:
            return FeedRead(key, "stopped", "the catalogue does not name it any more")
        address, asked = _address(row), Validators(row.etag, row.last_modified)
    try:
        answer = reader.fetch(address, asked)
    except Busy as why:
        return _postpone(reader, key, why)
    except SourceError as why:
        return _note_trouble(reader, key, address, why)
    with reader.write() as session:
        row = sources.find(session, key)
        return _keep(reader, session, row, answer) if row else FeedRead(key, "stopped")


def _address(row: SourceRow) -> str:
    """Where the feed is read: its address in the catalogue, or where it has moved for good."""
    return row.moved_to if row.moved_to and row.moved_times >= MOVES else row.url


def _postpone(reader: FeedReader, key: str, why: Busy) -> FeedRead:
    with reader.write() as session:
        if row := sources.find(session, key):
            row.next_check_at = reader.clock.now() + timedelta(seconds=why.retry_after or 5)
    return FeedRead(key, "busy", str(why))


def _note_trouble(reader: FeedReader, key: str, address: str, why: SourceError) -> FeedRead:
    """410 ends the reading; anything else is tried again, at the old address if the new one is gone."""
    stopped = isinstance(why, Gone) and why.status == 410
    with reader.write() as session:
        if row := sources.find(session, key):
            sources.note_failure(row, reader.clock.now(), reader.every, why.cause, why.retry_after)
            if isinstance(why, Gone) and address != row.url:
                row.moved_to, row.moved_times, stopped = None, 0, False
            if stopped:
                row.cause, row.next_check_at = "gone for good (410)", reader.clock.now() + NEVER
    return FeedRead(key, "stopped" if stopped else "failed", str(why))


def _keep(reader: FeedReader, session: Session, row: SourceRow, answer: FeedAnswer) -> FeedRead:
    now, first = reader.clock.now(), row.first_ok_at is None
    _note_move(row, answer.moved_to)
    if answer.unchanged:
        sources.note_success(row, now, reader.every)
        return FeedRead(row.key, "unchanged")
    if not answer.items:
        sources.note_failure(row, now, reader.every, "has no items", None)
        return FeedRead(row.key, "empty", "the feed answers, but has no items")
    if row.last_ok_at and missed(row.last_ok_at, now, [item.published for item in answer.items if item.published]):
        row.first_ok_at = now  # we listen anew
    if row.family == RECORDS:
        new = _look_at_pages(session, row, answer, now, first)
    else:
        new = _announcements(reader, session, row, answer, now, first)
    sources.note_success(row, now, reader.every)
    checks = answer.validators if answer.whole else Validators()
    row.etag, row.last_modified = checks.etag, checks.last_modified
    return FeedRead(row.key, "first" if first else "read", "" if answer.whole else "ill-formed", () if first else new)


def _note_move(row: SourceRow, moved_to: str) -> None:
    if row.moved_times >= MOVES:
        return
    row.moved_times = row.moved_times + 1 if moved_to and moved_to == row.moved_to else int(bool(moved_to))
    row.moved_to = moved_to or None


def _announcements(
    reader: FeedReader, session: Session, row: SourceRow, answer: FeedAnswer, now: datetime, first: bool
) -> tuple[int, ...]:
    """Stores what is new: every item of a platform's own feed, and of the press what names a platform and AI.

    What a first look shows without a date may be years old: it announces nothing of today.
    """
    wanted = [one for item in answer.items for one in _wanted(reader.catalogue, row, item)]
    seen = announcements.known(session, row.url, {id_ for id_, *_ in wanted})
    ids = []
    for id_, platform, item, relevant in wanted:
        if id_ in seen:
            continue
        seen.add(id_)
        relevant = relevant and (item.published is not None or not first)
        stored = _store(session, row, id_, platform, item, relevant=relevant, now=now)
        ids += [stored] if relevant else []
    return tuple(ids)


def _wanted(catalogue: Catalogue, row: SourceRow, item: FeedItem) -> Iterator[tuple[str, str, FeedItem, bool]]:
    """(id, platform, item, whether it speaks of AI or terms) for each platform that an item is about."""
    said = Item(item.title, item.text, item.url)
    if row.platform:
        yield item.id, row.platform, item, speaks_of_ai(said) or speaks_of_terms(said)
    elif speaks_of_ai(said):
        names = {one.id: (one.name, *one.hosts) for one in catalogue.platforms.values()}
        for platform in named(said, names):
            yield hashlib.sha256(f"{item.id} {platform}".encode()).hexdigest(), platform, item, True


def _store(
    session: Session, row: SourceRow, id_: str, platform: str, item: FeedItem, *, relevant: bool, now: datetime
) -> int:
    return announcements.add(
        session,
        platform=platform,
        feed=row.url,
        item=id_,
        title=item.title,
        url=item.url,
        published_at=min(item.published or now, now),
        seen_at=now,
        relevant=relevant,
        own=bool(row.platform),
    ).id


def _look_at_pages(session: Session, row: SourceRow, answer: FeedAnswer, now: datetime, first: bool) -> tuple[int, ...]:
    """Others have recorded a new wording: the platform's pages are due now."""
    seen = announcements.known(session, row.url, {item.id for item in answer.items})
    fresh = {item.id: item for item in answer.items if item.id not in seen}
    for item in fresh.values():
        stored = _store(session, row, item.id, "", item, relevant=False, now=now)
        assert stored
    if fresh and not first:
        for page in sources.of_platform(session, PAGES, row.platform):
            page.next_check_at = min(page.next_check_at, now)
    return ()
