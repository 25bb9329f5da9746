"""Sources: the addresses we look at again and again, and how they have been doing."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.orm import Session

from server.store import stamps
from server.store.inserts import insert_into
from server.store.tables import SourceRow

BACKOFF_LONGEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of a source between two looks; nothing by default."""

    key: str = ""
    platform: str = ""
    url: str = ""
    etag: str | None = None
    last_modified: str | None = None
    fingerprint: str | None = None
    """Of the last full answer that was a policy."""
    last_full_at: datetime | None = None


def find(session: Session, key: str) -> SourceRow | None:
    """The source of that key, such as "page:soundcloud/terms"."""
    return session.scalar(_FIND, {"key": key})


_FIND = select(SourceRow).where(SourceRow.key == bindparam("key"))


def ensure(session: Session, key: str, *, family: str, platform: str, url: str, now: datetime) -> SourceRow:
    """The source of that key, made due now when it is new or its address has changed."""
    row = find(session, key)
    if row is None:  # another worker may be about to make it, too
        values = {"key": key, "family": family, "platform": platform, "url": url, "next_check_at": now}
        session.connection().execute(insert_into(session, SourceRow).values(values).on_conflict_do_nothing())
        stamps.note(session, platform)
        row = session.scalars(_FIND, {"key": key}).one()
    if row.url != url:
        row.url, row.next_check_at = url, now
        forget_answer(row)
    session.flush()
    return row


def forget_others(session: Session, family: str, keys: Iterable[str]) -> None:
    """Stops looking at sources of a family that the catalogue no longer names; their evidence stays."""
    wanted = set(keys)
    for row in session.scalars(select(SourceRow).where(SourceRow.family == family)):
        if row.key not in wanted:
            session.delete(row)


def due(session: Session, now: datetime, limit: int, family: str = "") -> Sequence[SourceRow]:
    """Sources whose time has come, the longest waiting first."""
    query = select(SourceRow).where(SourceRow.next_check_at <= now)
    if family:
        query = query.where(SourceRow.family == family)
    return session.scalars(query.order_by(SourceRow.next_check_at).limit(limit)).all()


_TABLE = cast("Table", SourceRow.__table__)
_C = _TABLE.c
_KNOWN = [_C[name] for name in Known.__dataclass_fields__]
_CLAIM = (
    update(_TABLE)
    .where(
        _C.id.in_(
            select(_C.id)
            .where(_C.next_check_at <= bindparam("now"), _C.family == bindparam("family_"))
            .order_by(_C.next_check_at)
            .limit(bindparam("most"))
            .with_for_update(skip_locked=True)
        )
    )
    .values(next_check_at=bindparam("until"))
    .returning(*_KNOWN)
)


def claim(session: Session, family: str, now: datetime, until: datetime, limit: int) -> list[Known]:
    """Sources of a family that are due, put off until `until`, so that two pollers never take the same one."""
    values = {"now": now, "family_": family, "most": limit, "until": until}
    return [Known(*row) for row in session.connection().execute(_CLAIM, values)]


def known(row: SourceRow) -> Known:
    """What is remembered of a loaded source."""
    return Known(row.key, row.platform, row.url, row.etag, row.last_modified, row.fingerprint, row.last_full_at)


def release(session: Session, keys: Sequence[str], now: datetime) -> None:
    """Makes claimed sources due again."""
    session.connection().execute(update(_TABLE).where(_C.key.in_(keys)).values(next_check_at=now))


_ANSWERED = (
    update(_TABLE)
    .where(_C.key == bindparam("key_"))
    .values(
        last_checked_at=bindparam("now"),
        last_ok_at=bindparam("now"),
        first_ok_at=func.coalesce(_C.first_ok_at, bindparam("now")),
        last_full_at=bindparam("full"),
        url=bindparam("url_"),
        etag=bindparam("etag_"),
        last_modified=bindparam("modified"),
        fingerprint=bindparam("mark"),
        next_check_at=bindparam("next"),
        failures=0,
        broken_since=None,
        cause="",
    )
)


def note_answers(session: Session, seen: Sequence[tuple[Known, datetime]], every: timedelta) -> None:
    """What `note_success` does, and what is now known of these sources, without loading them."""
    rows = [
        {
            "key_": known.key,
            "now": at,
            "full": known.last_full_at,
            "url_": known.url,
            "etag_": known.etag,
            "modified": known.last_modified,
            "mark": known.fingerprint,
            "next": at + _spread(every),
        }
        for known, at in seen
    ]
    if rows:
        session.connection().execute(_ANSWERED, rows)
        for known, _ in seen:
            stamps.note(session, known.platform)


def forget_answer(row: SourceRow) -> None:
    """The next answer is fetched and read in full."""
    row.etag = row.last_modified = row.fingerprint = None


def of_family(session: Session, family: str) -> Sequence[SourceRow]:
    """Every source of a family, in order of key."""
    return session.scalars(select(SourceRow).where(SourceRow.family == family).order_by(SourceRow.key)).all()


def broken(session: Session) -> Sequence[SourceRow]:
    """Sources that fail at present, the oldest trouble first."""
    return session.scalars(
        select(SourceRow).where(SourceRow.broken_since.is_not(None)).order_by(SourceRow.broken_since)
    ).all()


def note_success(row: SourceRow, now: datetime, every: timedelta) -> None:
    """The source answered: any trouble is over; the next look is due after `every`, spread by a tenth."""
    row.last_checked_at = row.last_ok_at = now
    row.first_ok_at = row.first_ok_at or now
    row.failures, row.broken_since, row.cause = 0, None, ""
    row.next_check_at = now + _spread(every)


def _spread(every: timedelta) -> timedelta:
    return every * random.uniform(0.9, 1.0)  # nosec B311: spreads load, guards nothing


def note_failure(row: SourceRow, now: datetime, every: timedelta, cause: str, retry_after: float | None) -> None:
    """The source failed: the wait doubles up to a day, and is never shorter than it asks for; never silently."""
    row.last_checked_at = now
    row.failures += 1
    row.broken_since = row.broken_since or now
    row.cause = cause
    backoff = min(max(every, timedelta(minutes=5)) * 2 ** min(row.failures - 1, 8) / 4, BACKOFF_LONGEST)
    wait = max(timedelta(seconds=retry_after or 0), backoff * random.uniform(0.8, 1.2))  # nosec B311: jitter
    row.next_check_at = now + min(wait, BACKOFF_LONGEST)


def of_platform(session: Session, family: str, platform: str) -> Sequence[SourceRow]:
    """A platform's sources of one family."""
    query = select(SourceRow).where(SourceRow.family == family, SourceRow.platform == platform)
    return session.scalars(query.order_by(SourceRow.key)).all()


def every(session: Session, platform: str = "") -> Sequence[SourceRow]:
    """All sources, or a platform's, in order of key."""
    query = select(SourceRow).order_by(SourceRow.key)
    return session.scalars(query.where(SourceRow.platform == platform) if platform else query).all()
