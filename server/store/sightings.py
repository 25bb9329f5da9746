"""Sightings: what the captures of a document showed, from every source; and the changes made of those of the past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.store.changes import BACKFILL, SUPERSEDED
from server.store.tables import CaptureRow, ChangeRow, VersionRow


@dataclass(frozen=True, slots=True)
class Sighting:
    """A capture that showed a version."""

    at: datetime
    source: str
    version_id: int
    wording: str
    size: int
    """Characters of the text."""


def of_document(session: Session, document: str) -> list[Sighting]:
    """Every sighting of a version of `document`, oldest first."""
    query = (
        select(
            CaptureRow.captured_at, CaptureRow.source, VersionRow.id, VersionRow.wording, func.length(VersionRow.text)
        )
        .join(VersionRow, VersionRow.id == CaptureRow.version_id)
        .where(CaptureRow.document == document)
        .order_by(CaptureRow.captured_at, CaptureRow.id)
    )
    return [Sighting(*row) for row in session.execute(query)]


@dataclass(frozen=True, slots=True)
class Stored:
    """What is known of one address of an archive: the wording it showed, empty when it was no policy."""

    id: int
    wording: str


def by_address(session: Session, document: str, source: str) -> dict[str, Stored]:
    """The stored captures of `document` from one source, by address."""
    query = (
        select(CaptureRow.url, CaptureRow.id, VersionRow.wording)
        .outerjoin(VersionRow, VersionRow.id == CaptureRow.version_id)
        .where(CaptureRow.document == document, CaptureRow.source == source)
    )
    return {url: Stored(id_, wording or "") for url, id_, wording in session.execute(query)}


def moments(session: Session, document: str, source: str) -> dict[str, datetime]:
    """When each stored capture of `document` from one source was made, by address."""
    query = select(CaptureRow.url, CaptureRow.captured_at).where(
        CaptureRow.document == document, CaptureRow.source == source
    )
    return {row.url: row.captured_at for row in session.execute(query)}


def shown_captures(session: Session, document: str, source: str) -> list[tuple[CaptureRow, str, int]]:
    """The captures of `document` from one source that showed a version, with its wording and size, oldest first."""
    query = (
        select(CaptureRow, VersionRow.wording, func.length(VersionRow.text))
        .join(VersionRow, VersionRow.id == CaptureRow.version_id)
        .where(CaptureRow.document == document, CaptureRow.source == source)
        .order_by(CaptureRow.captured_at, CaptureRow.id)
    )
    return [(row, wording, size) for row, wording, size in session.execute(query)]


def lend(session: Session, of: CaptureRow, document: str, version_id: int, reason: str) -> None:
    """Stores that a capture of one page shows, with what is known of the others, a version of `document`."""
    copied = ("source", "url", "fetched_at", "captured_at", "status", "media_type", "blob", "kind")
    values = {name: getattr(of, name) for name in copied}
    session.add(CaptureRow(document=document, version_id=version_id, reason=reason, headers=[], **values))


def unseen(session: Session, document: str, source: str) -> Sequence[VersionRow]:
    """Versions of `document` that only `source` had shown, and no capture shows any more."""
    shown = select(CaptureRow.id).where(CaptureRow.version_id == VersionRow.id)
    query = select(VersionRow).where(VersionRow.document == document, VersionRow.sources == source, ~shown.exists())
    return session.scalars(query).all()


def repeat(session: Session, of: int, *, url: str, captured_at: datetime, fetched_at: datetime, reason: str) -> None:
    """Stores that the bytes of the capture `of` were seen at another moment, too."""
    known = session.get_one(CaptureRow, of)
    session.add(
        CaptureRow(
            document=known.document,
            source=known.source,
            url=url,
            fetched_at=fetched_at,
            captured_at=captured_at,
            status=known.status,
            media_type=known.media_type,
            headers=[],
            blob=known.blob,
            kind=known.kind,
            reason=reason,
            version_id=known.version_id,
        )
    )


def newest(session: Session, document: str) -> CaptureRow | None:
    """The newest capture of `document` that showed a version."""
    query = select(CaptureRow).where(CaptureRow.document == document, CaptureRow.version_id.is_not(None))
    return session.scalar(query.order_by(CaptureRow.captured_at.desc()).limit(1))


def backfilled_changes(session: Session, document: str) -> Sequence[ChangeRow]:
    """The changes of `document` that were found in the past, withdrawn ones included, oldest first."""
    query = select(ChangeRow).where(ChangeRow.document == document, ChangeRow.origin.in_((BACKFILL, SUPERSEDED)))
    return session.scalars(query.order_by(ChangeRow.happened_to, ChangeRow.id)).all()
