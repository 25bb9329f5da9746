"""Poll: look at policy pages politely, keep what was seen, record what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.catalogue import Catalogue
from server.core.errors import Busy, ClausewatchError, SourceError
from server.core.model import Document
from server.core.stability import Verdict
from server.flows.keep import Kept, Rules, Shown, keep_text, keep_unchanged
from server.flows.ports import Clock
from server.sources.pages import Page
from server.store import captures, sources
from server.store.session import Transaction
from server.store.tables import SourceRow

FAMILY = "page"
FULL_EVERY = timedelta(days=1)
"""A full fetch at least this often: servers that answer 304 to a back-dated change exist."""
CLAIM = timedelta(minutes=5)
"""How long a poller that died keeps others from its document."""

Fetch = Callable[[Document, str | None, str | None], Page]
"""Fetches a document, given the ETag and Last-Modified of the last answer; raises SourceError."""


@dataclass(frozen=True, slots=True)
class Poller:
    """What polling works with."""

    fetch: Fetch
    write: Transaction
    read: Transaction
    clock: Clock
    rules: Rules
    every: timedelta


@dataclass(frozen=True, slots=True)
class Polled:
    """What came of one look at a document."""

    document: str
    outcome: str
    """unchanged, candidate, confirmed, put_back, technical, busy or failed."""
    detail: str = ""
    change_id: int | None = None
    level: str = ""


def key_of(document: Document) -> str:
    """The key of a document's source."""
    return f"{FAMILY}:{document.key}"


def sync_sources(poller: Poller, catalogue: Catalogue) -> None:
    """Makes the sources fit the catalogue: new documents are due now, dropped ones are no longer looked at."""
    now = poller.clock.now()
    documents = list(catalogue.documents())
    with poller.write() as session:
        for document in documents:
            key = key_of(document)
            sources.ensure(session, key, family=FAMILY, platform=document.platform, url=document.urls[0], now=now)
        sources.forget_others(session, FAMILY, map(key_of, documents))


def claim_due(poller: Poller, limit: int) -> list[str]:
    """Keys of documents that are due, claimed for a few minutes, so that two pollers share the work."""
    now = poller.clock.now()
    with poller.write() as session:
        rows = sources.due(session, now, limit, FAMILY)
        for row in rows:
            row.next_check_at = now + CLAIM
        return [row.key.removeprefix(f"{FAMILY}:") for row in rows]


def poll(poller: Poller, document: Document) -> Polled:
    """Looks at one document now. Whatever happens is stored with its source; nothing is raised for a bad page."""
    with poller.write() as session:
        row = _source(poller, session, document)
        etag, last_modified = _validators(row, poller.clock.now())
    try:
        page = poller.fetch(document, etag, last_modified)
    except Busy as why:
        return _postpone(poller, document, why)
    except (SourceError, ClausewatchError) as why:
        return _note_failure(poller, document, why)
    return _keep(poller, document, page)


def _source(poller: Poller, session: Session, document: Document) -> SourceRow:
    url, now = document.urls[0], poller.clock.now()
    return sources.ensure(
        session,
        key_of(document),
        family=FAMILY,
        platform=document.platform,
        url=url,
        now=now,
    )


def _validators(row: SourceRow, now: datetime) -> tuple[str | None, str | None]:
    """The server's own validators, unless it is time for a full fetch."""
    if row.last_full_at is None or now - row.last_full_at >= FULL_EVERY:
        return None, None
    return row.etag, row.last_modified


def _keep(poller: Poller, document: Document, page: Page) -> Polled:
    now = poller.clock.now()
    if page.unchanged:
        with poller.write() as session:
            kept = keep_unchanged(session, document, now, poller.rules, now)
            sources.note_success(_source(poller, session, document), now, _next_look(poller, kept))
        return _told(document, kept)
    with poller.write() as session:  # the evidence first: what follows can be done again from it
        capture_id = captures.add(
            session,
            document=document.key,
            source="live",
            url=page.url,
            fetched_at=now,
            captured_at=now,
            status=page.status,
            media_type=page.media_type,
            headers=page.headers,
            data=page.body,
        ).id
    shown = Shown(page.kind, page.reason, page.text)
    with poller.write() as session:
        kept = keep_text(session, document, captures.get(session, capture_id), shown, poller.rules, now)
        row = _source(poller, session, document)
        if kept.verdict is Verdict.TECHNICAL:
            sources.note_failure(row, now, poller.every, kept.reason or page.kind.value, None)
        else:
            sources.note_success(row, now, _next_look(poller, kept))
        row.last_full_at = now
        row.etag, row.last_modified = page.etag, page.last_modified
    return _told(document, kept)


def _next_look(poller: Poller, kept: Kept) -> timedelta:
    """A new wording is looked at again as soon as a second sighting can confirm it."""
    if kept.verdict is Verdict.CANDIDATE:
        return min(poller.every, max(poller.rules.confirm_after, timedelta(minutes=1)))
    return poller.every


def _told(document: Document, kept: Kept) -> Polled:
    change = kept.change
    return Polled(
        document=document.key,
        outcome=kept.verdict.value,
        detail=kept.reason or (change.explanation if change else ""),
        change_id=change.id if change else None,
        level=change.level if change else "",
    )


def _note_failure(poller: Poller, document: Document, why: ClausewatchError) -> Polled:
    now = poller.clock.now()
    cause = why.cause if isinstance(why, SourceError) else "failed"
    with poller.write() as session:
        row = _source(poller, session, document)
        sources.note_failure(row, now, poller.every, cause, why.retry_after)
    return Polled(document.key, "failed", f"{cause}: {why}")


def _postpone(poller: Poller, document: Document, why: Busy) -> Polled:
    """The host is being talked to, or asked us to wait: no failure, just later."""
    now = poller.clock.now()
    with poller.write() as session:
        _source(poller, session, document).next_check_at = now + timedelta(seconds=why.retry_after or 5)
    return Polled(document.key, "busy", str(why))


def poll_all(poller: Poller, documents: Iterable[Document]) -> Iterable[Polled]:
    """Looks at each document in turn."""
    for document in documents:
        yield poll(poller, document)
