"""Operators' sessions and what was done in them. A session is known by its hash only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.store.tables_operation import AuditRow, OperatorSessionRow

KEPT = timedelta(days=366)
"""How long it is remembered what was done."""


def begin(session: Session, hash_: str, now: datetime, lasts: timedelta) -> None:
    """A log-in; sessions and notes that are over are forgotten."""
    session.execute(delete(OperatorSessionRow).where(OperatorSessionRow.expires_at <= now))
    session.execute(delete(AuditRow).where(AuditRow.at < now - KEPT))
    session.add(OperatorSessionRow(hash=hash_, created_at=now, expires_at=now + lasts))


def is_open(session: Session, hash_: str, now: datetime) -> bool:
    """Whether the session has begun and is not over."""
    row = session.get(OperatorSessionRow, hash_)
    return row is not None and row.expires_at > now


def end(session: Session, hash_: str) -> None:
    """A log-out."""
    session.execute(delete(OperatorSessionRow).where(OperatorSessionRow.hash == hash_))


def note(session: Session, hash_: str, action: str, detail: str, now: datetime) -> None:
    """Writes down what was done."""
    session.add(AuditRow(at=now, session=hash_[:12], action=action, detail=detail[:2000]))


def audit(session: Session, limit: int = 100) -> Sequence[AuditRow]:
    """What was done, newest first."""
    return session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)).all()
