"""Look up what is known of a platform: the catalogue, the stored readings and the health of the sources together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.core.model import Document, Platform
from server.core.signals import broken_promises, checkable
from server.core.status import DocumentState, Status, combine
from server.store import changes, readings, signals, sources, versions
from server.store.signals import Shown
from server.store.tables import ChangeRow, SourceRow, VersionRow


@dataclass(frozen=True, slots=True)
class Found:
    """A platform's status with what stands beside it."""

    status: Status
    signals: Sequence[Shown]
    last_change: ChangeRow | None
    broken_promises: tuple[str, ...] = ()
    """Families of signals that the company says its pages carry, and that the page looked at lacks."""


def look_up(session: Session, platform: Platform, now: datetime, stale_after: timedelta) -> Found:
    """What is known of one platform at `now`."""
    states = _states(session, [platform])
    return Found(
        status=combine(platform, states[platform.id], now, stale_after),
        signals=signals.of_platform(session, platform.id),
        last_change=changes.latest_material(session, platform.id),
        broken_promises=_broken(session, platform),
    )


def _broken(session: Session, platform: Platform) -> tuple[str, ...]:
    standing = signals.load(session, platform.id) if platform.promised_signals else None
    if standing is None:
        return ()
    return broken_promises(checkable(platform.promised_signals, platform.sample_page), standing.confirmed)


def look_up_all(
    session: Session, platforms: Sequence[Platform], now: datetime, stale_after: timedelta
) -> list[tuple[Status, datetime | None]]:
    """Every platform's status with the moment of its newest material change, in a handful of queries."""
    states = _states(session, platforms)
    changed = changes.newest_material_of_each(session)
    return [(combine(p, states[p.id], now, stale_after), changed.get(p.id)) for p in platforms]


def _states(session: Session, platforms: Sequence[Platform]) -> Mapping[str, list[DocumentState]]:
    documents = [document for platform in platforms for document in platform.documents]
    in_force = versions.newest_confirmed(session, [document.key for document in documents])
    read = readings.newest_of_each(session, [version.id for version in in_force.values()])
    health = {row.key: row for row in _pages(session, platforms)}
    found: dict[str, list[DocumentState]] = {platform.id: [] for platform in platforms}
    for document in documents:
        version = in_force.get(document.key)
        state = _state(document, version, health.get(f"page:{document.key}"))
        found[document.platform].append(DocumentState(document, read.get(version.id) if version else None, *state))
    return found


def _pages(session: Session, platforms: Sequence[Platform]) -> Iterable[SourceRow]:
    if len(platforms) == 1:
        return sources.of_platform(session, "page", platforms[0].id)
    return sources.of_family(session, "page")


def _state(
    document: Document, version: VersionRow | None, source: SourceRow | None
) -> tuple[datetime | None, datetime | None, str]:
    """When it was last looked at with success, since when the wording stands, and its health in plain words."""
    checked = source.last_ok_at if source else None
    since = version.first_seen if version else None
    if source is None or source.last_checked_at is None:
        return checked, since, "never looked at"
    return checked, since, source.cause if source.broken_since else "ok"
