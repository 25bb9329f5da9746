"""Versions: the wordings of a document, and where its stream of sightings stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy import Table, bindparam, case, select, update
from sqlalchemy.orm import Session, undefer

from server.core.effective import Dates
from server.core.model import CaptureKind, Sighting
from server.core.stability import Stream
from server.store import stamps
from server.store.inserts import insert_into, store
from server.store.tables import StreamRow, VersionRow

CANDIDATE, CONFIRMED = "candidate", "confirmed"
NO_DATES = Dates()


def find(session: Session, document: str, wording: str) -> VersionRow | None:
    """The version of `document` with this wording."""
    return session.scalar(_FIND, {"document": document, "wording": wording})


def find_whole(session: Session, document: str, *wordings: str) -> list[VersionRow | None]:
    """The versions of `document` with these wordings, with their texts, which are otherwise loaded when asked for."""
    found = session.scalars(_FIND_WHOLE, {"document": document, "wordings": wordings})
    rows = {row.wording: row for row in found}
    return [rows.get(wording) for wording in wordings]


_HERE = VersionRow.document == bindparam("document")
_ANY = _HERE & VersionRow.wording.in_(bindparam("wordings", expanding=True))
_FIND = select(VersionRow).where(_HERE, VersionRow.wording == bindparam("wording"))
_FIND_WHOLE = select(VersionRow).where(_ANY).options(undefer(VersionRow.text))
"""Made once: making a statement costs about as much as running it."""


def lock(session: Session, id_: int) -> VersionRow | None:
    """The version of that id; nobody else changes it until this transaction ends."""
    return session.get(VersionRow, id_, with_for_update=True)


def add(
    session: Session,
    *,
    document: str,
    wording: str,
    text: str,
    language: str,
    at: datetime,
    source: str,
    stated: Dates = NO_DATES,
) -> VersionRow:
    """A new version with this wording, sighted once, with the dates that its text states."""
    stamps.note(session, document.partition("/")[0])
    row = VersionRow(
        document=document,
        wording=wording,
        text=text,
        language=language,
        state=CANDIDATE,
        first_seen=at,
        last_seen=at,
        sightings=1,
        sources=source,
        confirmed_at=None,
        last_amended=stated.last_amended,
        effective=stated.effective,
    )
    return store(session, row)


def note_sighting(row: VersionRow, at: datetime, source: str) -> None:
    """Counts one more sighting of a version."""
    row.sightings += 1
    row.first_seen = min(row.first_seen, at)
    row.last_seen = max(row.last_seen, at)
    if source not in row.sources.split(","):
        row.sources = f"{row.sources},{source}"


_VERSIONS = cast("Table", VersionRow.__table__)
_V, _S = _VERSIONS.c, StreamRow.__table__.c
_STANDING = select(_S.document, _S.confirmed).where(
    _S.document.in_(bindparam("documents", expanding=True)),
    _S.confirmed != "",
    _S.candidate == "",
    _S.last_wording == _S.confirmed,
    _S.last_kind == CaptureKind.POLICY.value,
)
_SEEN_AGAIN = (
    update(_VERSIONS)
    .where(_V.document == bindparam("document_"), _V.wording == bindparam("wording_"))
    .values(
        sightings=_V.sightings + 1,
        last_seen=case((_V.last_seen < bindparam("at"), bindparam("at")), else_=_V.last_seen),
    )
)


def note_same(session: Session, seen: Mapping[str, datetime]) -> frozenset[str]:
    """One more live sighting, at these moments, of the wordings in force of these documents, without loading them.

    Gives those for which that was all: where a wording waits for its confirmation, or the last answer showed another
    one, nothing is noted.
    """
    connection = session.connection()
    standing: dict[str, str] = {
        row.document: row.confirmed for row in connection.execute(_STANDING, {"documents": list(seen)})
    }
    if standing:
        rows = [{"document_": key, "wording_": wording, "at": seen[key]} for key, wording in standing.items()]
        connection.execute(_SEEN_AGAIN, rows)
    return frozenset(standing)


def newest_confirmed(session: Session, documents: Sequence[str]) -> dict[str, VersionRow]:
    """The version in force of each document that has one."""
    query = (
        select(VersionRow)
        .join(StreamRow, (StreamRow.document == VersionRow.document) & (StreamRow.confirmed == VersionRow.wording))
        .where(VersionRow.document.in_(documents))
    )
    return {row.document: row for row in session.scalars(query)}


class Standing(NamedTuple):
    """Where the stream of a document stands; what `StreamRow` says."""

    document: str
    confirmed: str
    candidate: str
    candidate_at: datetime | None
    candidate_source: str
    last_wording: str
    last_kind: str


def lock_stream(session: Session, document: str) -> Standing:
    """Where the stream stands; nobody else moves it until this transaction ends."""
    connection = session.connection()
    row = connection.execute(_LOCK, {"document": document}).one_or_none()
    if row is None:
        empty = {"confirmed": "", "candidate": "", "last_wording": "", "last_kind": "policy"}
        made = insert_into(session, StreamRow).values(document=document, **empty)
        connection.execute(made.on_conflict_do_nothing())
        row = connection.execute(_LOCK, {"document": document}).one()
    return Standing(*row)


_STREAMS = cast("Table", StreamRow.__table__)
_LOCK = select(*(_S[name] for name in Standing._fields)).where(_S.document == bindparam("document")).with_for_update()
_SAVE = update(_STREAMS).where(_S.document == bindparam("document_"))


def load_stream(row: Standing, stream: Stream, seen: VersionRow | None) -> Stream:
    """`stream` (fresh, with its intervals) brought to where the document stands, to take a sighting of `seen`.

    Of all wordings confirmed so far it asks for none but that one.
    """
    stream.confirmed = row.confirmed
    stream.known = {seen.wording} if seen and seen.state == CONFIRMED else set()
    if row.candidate and row.candidate_at:
        stream.candidate = Sighting(at=row.candidate_at, wording=row.candidate, source=row.candidate_source)
    return stream


def save_stream(session: Session, document: str, stream: Stream, last: Sighting) -> None:
    """Stores where the stream stands after `last`."""
    first = stream.candidate
    stands = Standing(
        document=document,
        confirmed=stream.confirmed,
        candidate=first.wording if first else "",
        candidate_at=first.at if first else None,
        candidate_source=first.source if first else "",
        last_wording=last.wording,
        last_kind=last.kind.value,
    )
    values = stands._asdict()
    session.connection().execute(_SAVE, {"document_": values.pop("document"), **values})
    stamps.note(session, document.partition("/")[0])
