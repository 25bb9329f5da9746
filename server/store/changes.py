"""Changes: confirmed transitions between two versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Select, Table, bindparam, func, select
from sqlalchemy.orm import Session

from server.core.model import Change, Level
from server.store import readings, stamps
from server.store.inserts import store
from server.store.tables import ChangeRow, VersionRow

PUBLISHED, HELD, WITHDRAWN = "published", "held", "withdrawn"
BACKFILL = "backfill"
"""The origin of what an archive told: history, and never news."""
SUPERSEDED = "superseded"
"""The origin of what an archive told until a closer look told otherwise; withdrawn by us, not by a person."""
_C = cast("Table", ChangeRow.__table__).c
_KNOWN = select(_C.id).where(_C.key == bindparam("key"))


def record(
    session: Session,
    change: Change,
    *,
    before: VersionRow,
    after: VersionRow,
    happened_from: datetime | None,
    happened_to: datetime,
    found_at: datetime,
    origin: str,
) -> ChangeRow | None:
    """Stores a change once; None when this very transition is recorded already."""
    key = f"{after.document}:{before.wording[:24]}:{after.wording[:24]}:{happened_to:%Y-%m-%d}"
    if session.connection().scalar(_KNOWN, {"key": key}) is not None:
        return None
    row = ChangeRow(
        key=key,
        platform=after.document.split("/", 1)[0],
        document=after.document,
        before_id=before.id,
        after_id=after.id,
        level=change.level.value,
        kind=change.kind.value,
        direction=change.direction.value,
        explanation=change.explanation,
        quote_before=change.quote_before,
        quote_after=change.quote_after,
        before=readings.to_data(change.before),
        after=readings.to_data(change.after),
        happened_from=happened_from,
        happened_to=happened_to,
        found_at=found_at,
        origin=origin,
        state=PUBLISHED,
        quiet=None,
        announcement_id=None,
        effective=after.effective,
    )
    stamps.note(session, row.platform)
    return store(session, row)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which changes to list, newest first; noise only on request, what an archive told not among news."""

    platform: str = ""
    document: str = ""
    level: str = ""
    kind: str = ""
    direction: str = ""
    since: datetime | None = None
    until: datetime | None = None
    noise: bool = False
    news: bool = False


def _select(wanted: Filter) -> Select[ChangeRow]:
    query = select(ChangeRow).where(ChangeRow.state == PUBLISHED)
    for name in ("platform", "document", "level", "kind", "direction"):
        if value := getattr(wanted, name):
            query = query.where(getattr(ChangeRow, name) == value)
    if not wanted.noise and not wanted.level:
        query = query.where(ChangeRow.level != Level.NOISE.value)
    if wanted.news:
        query = query.where(ChangeRow.origin != BACKFILL)
    if wanted.since:
        query = query.where(ChangeRow.happened_to >= wanted.since)
    if wanted.until:
        query = query.where(ChangeRow.happened_to < wanted.until)
    return query


def page(session: Session, wanted: Filter, *, after: tuple[datetime, int] | None, limit: int) -> Sequence[ChangeRow]:
    """One page of changes, newest first, that continues after the given (happened_to, id)."""
    query = _select(wanted)
    if after:
        moment, id_ = after
        earlier = (ChangeRow.happened_to < moment) | ((ChangeRow.happened_to == moment) & (ChangeRow.id < id_))
        query = query.where(earlier)
    return session.scalars(query.order_by(ChangeRow.happened_to.desc(), ChangeRow.id.desc()).limit(limit)).all()


def get(session: Session, id_: int) -> ChangeRow | None:
    """One change, withdrawn ones included."""
    return session.get(ChangeRow, id_)


def latest_material(session: Session, platform: str) -> ChangeRow | None:
    """The newest published material change of a platform."""
    found = page(session, Filter(platform=platform, level=Level.MATERIAL.value), after=None, limit=1)
    return found[0] if found else None


def newest_material_of_each(session: Session) -> dict[str, datetime]:
    """By platform, when its newest published material change happened."""
    query = (
        select(ChangeRow.platform, func.max(ChangeRow.happened_to))
        .where(ChangeRow.state == PUBLISHED, ChangeRow.level == Level.MATERIAL.value)
        .group_by(ChangeRow.platform)
    )
    return dict(session.execute(query).all())
