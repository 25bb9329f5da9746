"""Telegram's updates: stored before they are answered, handled once, their content wiped afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from server.store.inserts import insert_into
from server.store.tables_people import UpdateRow

KEPT = timedelta(days=2)
"""Telegram repeats an update for at most 24 hours, and starts its numbers anew after a week without any."""
MOST_TRIES = 3


def keep(session: Session, id_: int, data: dict[str, Any], now: datetime) -> bool:
    """Stores an update once; whether it was new."""
    values = {"id": id_, "data": data, "received_at": now, "tries": 0}
    statement = insert_into(session, UpdateRow).values(values).on_conflict_do_nothing().returning(UpdateRow.id)
    return session.scalar(statement) is not None


def waiting(session: Session, limit: int) -> Sequence[UpdateRow]:
    """Updates to handle, in Telegram's order."""
    query = select(UpdateRow).where(UpdateRow.handled_at.is_(None)).order_by(UpdateRow.id).limit(limit)
    return session.scalars(query).all()


def begin(session: Session, id_: int) -> bool:
    """Counts a try of handling an update; False when it has failed too often and is given up."""
    row = session.get_one(UpdateRow, id_)
    row.tries += 1
    return row.tries <= MOST_TRIES


def done(session: Session, id_: int, now: datetime) -> None:
    """The update is handled: only its number is kept, to recognise a repetition."""
    session.execute(update(UpdateRow).where(UpdateRow.id == id_).values(handled_at=now, data={}))


def newest(session: Session) -> int:
    """The highest number seen; 0 when there is none."""
    return session.scalar(select(func.max(UpdateRow.id))) or 0


def prune(session: Session, now: datetime) -> None:
    """Forgets numbers that Telegram will not repeat."""
    session.execute(delete(UpdateRow).where(UpdateRow.handled_at < now - KEPT))
