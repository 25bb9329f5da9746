"""Everything that may be handed on: readings with the sentences they rest on, and changes. Never whole texts."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.store.changes import PUBLISHED
from server.store.tables import ChangeRow, ReadingRow, VersionRow
from server.store.versions import CONFIRMED

AT_ONCE = 200
"""Rows held in memory."""


def every_change(session: Session) -> Iterator[ChangeRow]:
    """The published changes, oldest first."""
    query = select(ChangeRow).where(ChangeRow.state == PUBLISHED).order_by(ChangeRow.happened_to, ChangeRow.id)
    yield from session.scalars(query.execution_options(yield_per=AT_ONCE))


def every_reading(session: Session) -> Iterator[tuple[VersionRow, ReadingRow]]:
    """Each confirmed version with its newest reading, by document and first sighting. The text is not loaded."""
    newest = select(func.max(ReadingRow.id)).group_by(ReadingRow.version_id)
    query = (
        select(VersionRow, ReadingRow)
        .join(ReadingRow, ReadingRow.version_id == VersionRow.id)
        .where(VersionRow.state == CONFIRMED, ReadingRow.id.in_(newest))
        .order_by(VersionRow.document, VersionRow.first_seen, VersionRow.id)
    )
    result = session.execute(query.execution_options(yield_per=AT_ONCE))
    yield from ((version, reading) for version, reading in result)
