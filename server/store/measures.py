"""Measures: how the watching and the telling are going, in a few numbers each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.store.outbox import DUE, SENT
from server.store.tables import CaptureRow, ChangeRow, SourceRow
from server.store.tables_people import ChatRow, DeliveryRow


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of source: how many are well, broken, or were never looked at; and when one last was, in vain or not."""

    name: str
    ok: int
    broken: int
    new: int
    last_checked_at: datetime | None
    last_ok_at: datetime | None
    oldest_ok_at: datetime | None
    """The last success of the source that has waited longest for one."""


def families(session: Session) -> list[Family]:
    """Every kind of source that there is."""
    broken = case((SourceRow.broken_since.is_not(None), 1), else_=0)
    new = case((SourceRow.last_checked_at.is_(None), 1), else_=0)
    times = func.max(SourceRow.last_checked_at), func.max(SourceRow.last_ok_at), func.min(SourceRow.last_ok_at)
    query = select(SourceRow.family, func.count(), func.sum(broken), func.sum(new), *times)
    rows = session.execute(query.group_by(SourceRow.family).order_by(SourceRow.family))
    return [Family(name, all_ - bad - never, bad, never, *rest) for name, all_, bad, never, *rest in rows]


def _numbers(session: Session, by: InstrumentedAttribute[str]) -> dict[str, int]:
    return {row[0]: row[1] for row in session.execute(select(by, func.count()).group_by(by))}


def captures_by_kind(session: Session) -> dict[str, int]:
    """How many captures turned out to be what."""
    return _numbers(session, CaptureRow.kind)


def changes(session: Session) -> dict[tuple[str, str], int]:
    """How many changes there are by level and state."""
    query = select(ChangeRow.level, ChangeRow.state, func.count()).group_by(ChangeRow.level, ChangeRow.state)
    return {(level, state): number for level, state, number in session.execute(query)}


def deliveries(session: Session) -> dict[str, int]:
    """How many deliveries are in which state."""
    return _numbers(session, DeliveryRow.state)


def chats(session: Session) -> dict[str, int]:
    """How many chats can be written to, and how many cannot."""
    return _numbers(session, ChatRow.state)


def stuck_since(session: Session, now: datetime) -> datetime | None:
    """Since when something is due and nothing was sent at all; None when the outbox is empty."""
    due = DeliveryRow.state == DUE, DeliveryRow.due_at <= now
    oldest = session.scalar(select(func.min(DeliveryRow.due_at)).join(ChatRow).where(*due, ChatRow.state == "active"))
    if oldest is None:
        return None
    last = session.scalar(select(func.max(DeliveryRow.sent_at)).where(DeliveryRow.state == SENT))
    return max(oldest, last) if last else oldest
