"""Captures: raw bytes, kept before anything is made of them."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from server.core.model import CaptureKind
from server.store.tables import BlobRow, CaptureRow, VersionRow
from server.store.versions import CANDIDATE

_LEVEL = 3
"""Takes a third of the usual level's time for a tenth more bytes."""


@dataclass(frozen=True, slots=True)
class Capture:
    """What was kept of an answer, as far as those who keep it need to know."""

    id: int
    source: str
    captured_at: datetime


def keep_blob(session: Session, data: bytes) -> str:
    """Stores `data` once; gives its SHA-256."""
    name = hashlib.sha256(data).hexdigest()
    connection = session.connection()
    if connection.scalar(_KEPT, {"hash": name}) is None:
        values = {"hash": name, "size": len(data), "data": zlib.compress(data, _LEVEL)}
        connection.execute(_KEEP[connection.dialect.name], values)
    return name


_KEPT = select(BlobRow.hash).where(BlobRow.hash == bindparam("hash"))
_KEEP = {
    "sqlite": sqlite_insert(BlobRow).on_conflict_do_nothing(),
    "postgresql": postgresql_insert(BlobRow).on_conflict_do_nothing(),
}
"""Another writer may store the same bytes at the same time."""


def blob(session: Session, name: str) -> bytes | None:
    """The bytes whose SHA-256 is `name`; None when they are not kept (any more)."""
    row = session.get(BlobRow, name)
    return zlib.decompress(row.data) if row else None


def add(
    session: Session,
    *,
    document: str,
    source: str,
    url: str,
    fetched_at: datetime,
    captured_at: datetime,
    status: int,
    media_type: str,
    headers: Sequence[tuple[str, str]],
    data: bytes,
    kind: CaptureKind = CaptureKind.POLICY,
    reason: str = "",
    version_id: int | None = None,
) -> Capture:
    """Keeps what was fetched, as evidence; what it is can be told later."""
    values = {
        "document": document,
        "source": source,
        "url": url,
        "fetched_at": fetched_at,
        "captured_at": captured_at,
        "status": status,
        "media_type": media_type,
        "headers": [list(pair) for pair in headers],
        "blob": keep_blob(session, data),
        "kind": kind.value,
        "reason": reason,
        "version_id": version_id,
    }
    return Capture(session.connection().execute(_ADD, values).scalar_one(), source, captured_at)


def tell(session: Session, capture: Capture, kind: CaptureKind, reason: str, version_id: int | None) -> None:
    """Notes what a capture turned out to be, and which version it shows."""
    values = {"id_": capture.id, "kind": kind.value, "reason": reason, "version_id": version_id}
    session.connection().execute(_TELL, values)


_TABLE = cast("Table", CaptureRow.__table__)
_ADD = insert(_TABLE).returning(_TABLE.c.id)
_TELL = update(_TABLE).where(_TABLE.c.id == bindparam("id_"))


def of_version(session: Session, version_id: int) -> CaptureRow | None:
    """The first capture that showed this version."""
    query = select(CaptureRow).where(CaptureRow.version_id == version_id).order_by(CaptureRow.captured_at).limit(1)
    return session.scalar(query)


def known(session: Session, document: str, source: str, url: str) -> bool:
    """Whether this very capture of an archive is kept already."""
    query = select(CaptureRow.id).where(
        CaptureRow.document == document, CaptureRow.source == source, CaptureRow.url == url
    )
    return session.scalar(query.limit(1)) is not None


def evidence(session: Session, version_id: int) -> tuple[str, str]:
    """Where the first capture of a version was made, and the SHA-256 of its bytes; empty when none is kept."""
    row = of_version(session, version_id)
    return (row.url, row.blob or "") if row else ("", "")


def forget_bytes(session: Session, before: datetime, limit: int = 500) -> int:
    """Takes the bytes from captures fetched before `before`, but for the first and last of each version.

    Of a wording that never came to be confirmed all go: a page may read otherwise at every look.
    """
    order = (CaptureRow.captured_at, CaptureRow.id)
    place = func.row_number().over(partition_by=CaptureRow.version_id, order_by=order)
    place_from_end = func.row_number().over(partition_by=CaptureRow.version_id, order_by=[o.desc() for o in order])
    all_ = select(CaptureRow, place.label("place"), place_from_end.label("place_from_end")).subquery()
    inner = (all_.c.place > 1) & (all_.c.place_from_end > 1)
    passing = all_.c.version_id.in_(select(VersionRow.id).where(VersionRow.state == CANDIDATE))
    query = select(all_.c.id).where(
        all_.c.blob.is_not(None), all_.c.fetched_at < before, or_(all_.c.version_id.is_(None), inner, passing)
    )
    ids = session.scalars(query.order_by(all_.c.id).limit(limit)).all()
    session.execute(update(CaptureRow).where(CaptureRow.id.in_(ids)).values(blob=None))
    used = select(CaptureRow.id).where(CaptureRow.blob == BlobRow.hash)
    session.execute(delete(BlobRow).where(~used.exists()).execution_options(synchronize_session=False))
    return len(ids)
