"""Heartbeats: when each process last showed that it lives, in real time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from server.store.tables_operation import HeartbeatRow

KEPT = timedelta(days=1)
"""How long a process that is gone is remembered, when it was not the last of its kind."""


def beat(session: Session, process: str, instance: str, now: datetime) -> None:
    """This process lives; what is long gone is forgotten."""
    session.merge(HeartbeatRow(process=process, instance=instance, last_at=now))
    gone = (HeartbeatRow.process == process, HeartbeatRow.instance != instance, HeartbeatRow.last_at < now - KEPT)
    session.execute(delete(HeartbeatRow).where(*gone))


def newest(session: Session) -> dict[str, datetime]:
    """The last sign of life of each kind of process."""
    query = select(HeartbeatRow.process, func.max(HeartbeatRow.last_at)).group_by(HeartbeatRow.process)
    return {row[0]: row[1] for row in session.execute(query)}
