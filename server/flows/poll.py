"""Poll: look at policy pages politely, keep what was seen, record what changed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from server.catalogue import Catalogue
from server.core.errors import Busy, ClausewatchError, SourceError, UnknownPlatform
from server.core.model import Document
from server.core.stability import Verdict
from server.flows.keep import Kept, Rules, Shown, keep_text, keep_unchanged
from server.flows.ports import Clock
from server.sources.pages import Page
from server.store import captures, sources, versions
from server.store.session import Transaction
from server.store.sources import Known
from server.store.tables import SourceRow

log = logging.getLogger(__name__)

FAMILY = "page"
FULL_EVERY = timedelta(days=1)
"""A full fetch at least this often: servers that answer 304 to a back-dated change exist."""
CLAIM = timedelta(minutes=10)
"""How long a poller that died keeps others from its documents; longer than TOGETHER slow ones take."""

TOGETHER = 16
"""Documents claimed at once; what was as before in them is written at once, too."""

Fetch = Callable[[Document, Known], Page]
"""Fetches a document, given what is known of the last answer; raises SourceError."""


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


def poll_due(poller: Poller, catalogue: Catalogue, goes_on: Callable[[], bool]) -> Iterator[Polled]:
    """Looks at the documents that are due, one after the other, for as long as `goes_on` and some are left.

    They are claimed for a few minutes, so that two pollers share the work and none waits long for one that died.
    """
    while goes_on() and (claimed := _claim(poller)):
        same: list[_Same] = []
        while claimed and goes_on():
            known = claimed.pop(0)
            try:
                document = catalogue.document(known.key.removeprefix(f"{FAMILY}:"))
            except UnknownPlatform:
                continue  # the catalogue has dropped it since; the next sweep forgets the source
            seen = _look_whatever_happens(poller, document, known)
            if isinstance(seen, _Same):
                same.append(seen)
            else:
                yield seen
        if same or claimed:
            yield from _keep_same(poller, same, claimed)


def _claim(poller: Poller) -> list[Known]:
    now = poller.clock.now()
    with poller.write() as session:
        return sources.claim(session, FAMILY, now, now + CLAIM, TOGETHER)


def poll(poller: Poller, document: Document) -> Polled:
    """Looks at one document now. Whatever happens is stored with its source; nothing is raised for a bad page."""
    with poller.write() as session:
        known = sources.known(_source(poller, session, document))
    seen = _look(poller, document, known)
    return _keep_same(poller, [seen], [])[0] if isinstance(seen, _Same) else seen


@dataclass(frozen=True, slots=True)
class _Same:
    """A look that showed nothing new: a 304, or another answer that reads like the last one."""

    document: Document
    known: Known
    at: datetime


def _look_whatever_happens(poller: Poller, document: Document, known: Known) -> Polled | _Same:
    """A look; a page that breaks us in a way that nobody foresaw is a broken page, and keeps no other from its turn."""
    try:
        return _look(poller, document, known)
    except SQLAlchemyError:
        raise  # that is no fault of the page
    except Exception as why:
        log.exception("a look at %s failed", document.key)
        return _note_failure(poller, document, ClausewatchError(f"{type(why).__name__}: {why}"))


def _look(poller: Poller, document: Document, known: Known) -> Polled | _Same:
    """Fetches a document and stores what came; what showed nothing new is left to the caller."""
    try:
        page = poller.fetch(document, _for_now(known, document, poller.clock.now()))
    except Busy as why:
        return _postpone(poller, document, why)
    except (SourceError, ClausewatchError) as why:
        return _note_failure(poller, document, why)
    if not page.unchanged:
        return _keep(poller, document, page)
    now = poller.clock.now()
    if page.status != 304:
        known = replace(known, etag=page.etag, last_modified=page.last_modified, last_full_at=now)
    return _Same(document, known, now)


def _keep_same(poller: Poller, same: Sequence[_Same], left: Sequence[Known]) -> list[Polled]:
    """Notes in one transaction what was as before, and gives back what was claimed and not looked at.

    A worker that dies before has lost no change: those documents are due again when its claim ends.
    """
    with poller.write() as session:
        if left:
            sources.release(session, [known.key for known in left], poller.clock.now())
        standing = versions.note_same(session, {each.document.key: each.at for each in same})
        usual = [(each.known, each.at) for each in same if each.document.key in standing]
        sources.note_answers(session, usual, poller.every)
        return [
            Polled(each.document.key, Verdict.UNCHANGED.value)
            if each.document.key in standing
            else _see_again(poller, session, each)
            for each in same
        ]


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


def _for_now(known: Known, document: Document, now: datetime) -> Known:
    """What is known of this address, without the server's validators when it is time for a full fetch."""
    if known.url != document.urls[0]:
        return Known(known.key, known.platform, document.urls[0])
    if known.last_full_at is None or now - known.last_full_at >= FULL_EVERY:
        return replace(known, etag=None, last_modified=None)
    return known


def _see_again(poller: Poller, session: Session, seen: _Same) -> Polled:
    """A sighting of what waits for its confirmation, or was not in force."""
    document, known = seen.document, seen.known
    kept = keep_unchanged(session, document, seen.at, poller.rules, seen.at)
    sources.note_answers(session, [(known, seen.at)], _next_look(poller, kept))
    return _told(document, kept)


def _keep(poller: Poller, document: Document, page: Page) -> Polled:
    now = poller.clock.now()
    with poller.write() as session:  # the evidence first: what follows can be done again from it
        capture = captures.add(
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
        )
    shown = Shown(page.kind, page.reason, page.text)
    with poller.write() as session:
        kept = keep_text(session, document, capture, shown, poller.rules, now)
        if kept.verdict is Verdict.TECHNICAL:
            row = _source(poller, session, document)
            row.last_full_at = now
            sources.note_failure(row, now, poller.every, kept.reason or page.kind.value, None)
            sources.forget_answer(row)  # or the same wall again would look like a page that is as it was
        else:
            answer = (page.etag, page.last_modified, page.fingerprint, now)
            known = Known(key_of(document), document.platform, document.urls[0], *answer)
            sources.note_answers(session, [(known, now)], _next_look(poller, kept))
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
