"""Alarms: what fell silent, and how far the operators know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from server.store.tables_operation import AlarmRow


def open_by_name(session: Session) -> dict[str, AlarmRow]:
    """The silences that last."""
    return {row.name: row for row in session.scalars(select(AlarmRow).where(AlarmRow.cleared_at.is_(None)))}


def add(session: Session, name: str, text: str, since: datetime, now: datetime) -> AlarmRow:
    """A silence begins."""
    row = AlarmRow(name=name, text=text, since=since, raised_at=now)
    session.add(row)
    session.flush()
    return row


def untold(session: Session) -> Sequence[AlarmRow]:
    """Alarms that the operators do not know of, and ends of those they do; oldest first."""
    new = and_(AlarmRow.told_at.is_(None), AlarmRow.cleared_at.is_(None))
    over = and_(AlarmRow.told_at.is_not(None), AlarmRow.cleared_at.is_not(None), AlarmRow.clear_told_at.is_(None))
    return session.scalars(select(AlarmRow).where(or_(new, over)).order_by(AlarmRow.id)).all()


def newest(session: Session, limit: int = 20) -> Sequence[AlarmRow]:
    """The latest alarms, newest first."""
    return session.scalars(select(AlarmRow).order_by(AlarmRow.id.desc()).limit(limit)).all()
