"""Readings as stored: one row for each version and engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, select
from sqlalchemy.orm import Session

from server.core.model import Evidence, Models, Reading, Stance, Subject
from server.store import stamps
from server.store.inserts import insert_into
from server.store.tables import ReadingRow, VersionRow

OPERATOR = "operator"
"""The engine of a correction by hand."""


def to_data(reading: Reading) -> dict[str, Any]:
    """A reading as plain JSON."""
    return asdict(reading)


def from_data(data: dict[str, Any]) -> Reading:
    """The reading that `to_data` wrote."""
    return Reading(
        training=Stance(data["training"]),
        sharing=Stance(data["sharing"]),
        subject=Subject(data["subject"]),
        models=Models(data["models"]),
        anti_scraping=data["anti_scraping"],
        operation=data["operation"],
        evidence=tuple(Evidence(**item) for item in data["evidence"]),
        confidence=data["confidence"],
        language=data.get("language", ""),
        reason=data.get("reason", ""),
    )


def keep(session: Session, version_id: int, engine: str, reading: Reading, now: datetime) -> None:
    """Stores what `engine` read in a version, once."""
    values = {"version_id": version_id, "engine": engine, "made_at": now, "data": to_data(reading)}
    session.connection().execute(insert_into(session, ReadingRow).on_conflict_do_nothing(), values)
    stamps.note_version(session, version_id)


def replace(session: Session, version_id: int, engine: str, reading: Reading, now: datetime) -> None:
    """Stores what `engine` reads in a version now, in place of what it read before."""
    session.execute(delete(ReadingRow).where(ReadingRow.version_id == version_id, ReadingRow.engine == engine))
    keep(session, version_id, engine, reading, now)


def find(session: Session, version_id: int, engine: str) -> Reading | None:
    """What `engine` read in a version; None when it has not read it."""
    query = select(ReadingRow.data).where(ReadingRow.version_id == version_id, ReadingRow.engine == engine)
    data = session.scalar(query)
    return from_data(data) if data else None


def in_force(session: Session, version_ids: Sequence[int], engine: str) -> dict[int, Reading]:
    """What `engine` read in each of these versions that it has read; an operator's correction goes first."""
    found = session.connection().execute(_IN_FORCE, {"versions": version_ids, "engines": [engine, OPERATOR]}).all()
    corrected_last = sorted(found, key=lambda row: row.engine == OPERATOR)
    return {row.version_id: from_data(row.data) for row in corrected_last}


_C = cast("Table", ReadingRow.__table__).c
_IN_FORCE = select(_C.version_id, _C.engine, _C.data).where(
    _C.version_id.in_(bindparam("versions", expanding=True)), _C.engine.in_(bindparam("engines", expanding=True))
)


def newest(session: Session, version_id: int) -> Reading | None:
    """The newest reading of a version; an operator's correction is newer than what it corrects."""
    query = select(ReadingRow.data).where(ReadingRow.version_id == version_id).order_by(ReadingRow.id.desc()).limit(1)
    data = session.scalar(query)
    return from_data(data) if data else None


def newest_of_each(session: Session, version_ids: Sequence[int]) -> dict[int, Reading]:
    """The newest reading of each version that has one."""
    query = select(ReadingRow).where(ReadingRow.version_id.in_(version_ids)).order_by(ReadingRow.id)
    return {row.version_id: from_data(row.data) for row in session.scalars(query)}


def unread_by(session: Session, engine: str) -> Sequence[int]:
    """Ids of versions that neither `engine` nor an operator has read, the newest first.

    Parts of a document and files for crawlers are kept as versions, too (`terms#…`); nobody reads them.
    """
    known = select(ReadingRow.id).where(
        ReadingRow.version_id == VersionRow.id, ReadingRow.engine.in_([engine, OPERATOR])
    )
    whole = VersionRow.document.not_like("%#%")
    return session.scalars(select(VersionRow.id).where(~known.exists(), whole).order_by(VersionRow.id.desc())).all()
