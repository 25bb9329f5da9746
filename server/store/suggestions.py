"""Suggestions: platforms that people would like to see watched, without who asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.store.inserts import insert_into
from server.store.tables_people import SuggestionRow

OPEN, ACCEPTED, REFUSED = "open", "accepted", "refused"
MOST = 5000
"""Different suggestions kept: strangers write them, so there is an end."""


def add(session: Session, name: str, now: datetime) -> bool:
    """Counts a suggestion; False when there are too many different ones."""
    name = " ".join(name.split())[:200]
    if session.get(SuggestionRow, name) is None and _are_full(session):
        return False
    row = insert_into(session, SuggestionRow).values(name=name, times=1, first_at=now)
    once_more = {"times": SuggestionRow.times + 1}
    session.execute(row.on_conflict_do_update(index_elements=["name"], set_=once_more))
    session.expire_all()
    return True


def _are_full(session: Session) -> bool:
    return (session.scalar(select(func.count()).select_from(SuggestionRow)) or 0) >= MOST


def most_wanted(session: Session, limit: int = 20, state: str = OPEN) -> Sequence[SuggestionRow]:
    """The suggestions made most often, of those in one state."""
    query = (
        select(SuggestionRow)
        .where(SuggestionRow.state == state)
        .order_by(SuggestionRow.times.desc(), SuggestionRow.name)
    )
    return session.scalars(query.limit(limit)).all()


def decide(session: Session, name: str, state: str) -> bool:
    """Accepts or refuses a suggestion; whether there is one. Asking again does not open it again."""
    row = session.get(SuggestionRow, name)
    if row is not None:
        row.state = state
    return row is not None
