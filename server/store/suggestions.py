"""Suggestions: platforms that people would like to see watched, without who asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.store.tables_people import SuggestionRow

MOST = 5000
"""Different suggestions kept: strangers write them, so there is an end."""


def add(session: Session, name: str, now: datetime) -> bool:
    """Counts a suggestion; False when there are too many different ones."""
    name = " ".join(name.split())[:200]
    row = session.get(SuggestionRow, name)
    if row is not None:
        row.times += 1
        return True
    if (session.scalar(select(func.count()).select_from(SuggestionRow)) or 0) >= MOST:
        return False
    session.add(SuggestionRow(name=name, first_at=now))
    return True


def most_wanted(session: Session, limit: int = 20) -> Sequence[SuggestionRow]:
    """The suggestions made most often."""
    query = select(SuggestionRow).order_by(SuggestionRow.times.desc(), SuggestionRow.name)
    return session.scalars(query.limit(limit)).all()
