"""Observe: read what a platform's site tells crawlers, once a day; a change counts when it is seen twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from server.catalogue import Catalogue
from server.core.errors import Busy, SourceError
from server.core.model import Platform
from server.core.signals import settle
from server.flows.ports import Clock
from server.sources.signals import Observation
from server.store import captures, signals, sources
from server.store.session import Transaction
from server.store.tables import SourceRow

FAMILY = "signals"
EVERY = timedelta(days=1)
CLAIM = timedelta(minutes=10)

Read = Callable[[str, str], Observation]
"""Reads the signals of the site at an address, seen through one of its pages; the page may be empty."""


@dataclass(frozen=True, slots=True)
class Observer:
    """What observing works with."""

    read: Read
    write: Transaction
    clock: Clock


def origin(platform: Platform) -> str:
    """The front page of a platform."""
    return platform.homepage or f"https://{platform.hosts[0]}/"


def sync_sources(observer: Observer, catalogue: Catalogue) -> None:
    """One source a platform; new ones are due now."""
    with observer.write() as session:
        for platform in catalogue.platforms.values():
            _source(session, observer, platform)
        sources.forget_others(session, FAMILY, (f"{FAMILY}:{id_}" for id_ in catalogue.platforms))


def _source(session: Session, observer: Observer, platform: Platform) -> SourceRow:
    key, now = f"{FAMILY}:{platform.id}", observer.clock.now()
    return sources.ensure(session, key, family=FAMILY, platform=platform.id, url=origin(platform), now=now)


def claim_due(observer: Observer, limit: int = 1) -> list[str]:
    """Ids of platforms whose signals are due, claimed for a few minutes."""
    now = observer.clock.now()
    with observer.write() as session:
        rows = sources.due(session, now, limit, FAMILY)
        for row in rows:
            row.next_check_at = now + CLAIM
        return [row.platform for row in rows]


def observe(observer: Observer, platform: Platform) -> tuple[str, ...]:
    """Reads a platform's signals now; gives the families that have changed for good."""
    try:
        seen = observer.read(origin(platform), platform.sample_page)
    except Busy as why:
        with observer.write() as session:
            wait = timedelta(seconds=why.retry_after or 5)
            _source(session, observer, platform).next_check_at = observer.clock.now() + wait
        return ()
    except SourceError as why:
        with observer.write() as session:
            row = _source(session, observer, platform)
            sources.note_failure(row, observer.clock.now(), EVERY, why.cause, why.retry_after)
        return ()
    return _keep(observer, platform, seen)


def _keep(observer: Observer, platform: Platform, seen: Observation) -> tuple[str, ...]:
    now = observer.clock.now()
    with observer.write() as session:
        before = signals.load(session, platform.id)
        after = settle(before, seen.signals)
        if before is None or after.changed or after.pending:
            _keep_evidence(session, observer, platform, seen)
        signals.save(session, platform.id, before, after, now)
        row = _source(session, observer, platform)
        troubles = [answer.trouble for answer in seen.answers if answer.trouble]
        if len(troubles) == len(seen.answers):
            sources.note_failure(row, now, EVERY, troubles[0], None)
        else:
            sources.note_success(row, now, EVERY)
    return after.changed


def _keep_evidence(session: Session, observer: Observer, platform: Platform, seen: Observation) -> None:
    """Raw answers, kept when they say something new."""
    now = observer.clock.now()
    for answer in seen.answers:
        if answer.status == 200:
            captures.add(
                session,
                document=f"{platform.id}/signals",
                source="live",
                url=answer.url,
                fetched_at=now,
                captured_at=now,
                status=answer.status,
                media_type=next(iter(answer.header("content-type")), ""),
                headers=answer.headers,
                data=answer.body,
                reason=f"signals of {urlsplit(answer.url).netloc}",
            )
