"""Stamps tell caches what has changed: bumped by the very transaction that changes a platform's status.

Sessions are watched rather than flows, so that no writer can forget.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam, event, inspect, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker

from server.store.tables import ChangeRow, ReadingRow, SignalsRow, SourceRow, StreamRow, VersionRow
from server.store.tables_stamps import StampRow

ALL = ""
"""The stamp of all platforms at once, for statements that do not tell which rows they change."""

_WATCHED = (ChangeRow, ReadingRow, SignalsRow, SourceRow, StreamRow, VersionRow)
_SHOWN_OF_A_SOURCE = ("last_checked_at", "last_ok_at", "broken_since", "cause")
_PLATFORMS, _VERSIONS = "stamped platforms", "stamped versions"


def read(session: Session) -> dict[str, int]:
    """The stamp of each platform that has one."""
    return {row.platform: row.number for row in session.scalars(select(StampRow))}


def watch(maker: sessionmaker[Session]) -> None:
    """From now on the sessions of `maker` stamp what they change."""
    event.listen(maker, "after_flush", _note_rows)
    event.listen(maker, "do_orm_execute", _note_statement)
    event.listen(maker, "before_commit", _stamp)


def _note_rows(session: Session, _context: Any) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, _WATCHED) and _is_shown(row):
            _note(session, row)


def _is_shown(row: object) -> bool:
    """Whether faces can see the change; claiming a source, say, changes nothing that is shown."""
    state = inspect(row)
    if not isinstance(row, SourceRow) or state is None or state.deleted:
        return True
    return any(state.attrs[name].history.has_changes() for name in _SHOWN_OF_A_SOURCE)


def _note(session: Session, row: object) -> None:
    if isinstance(row, ReadingRow):
        note_version(session, row.version_id)
    elif isinstance(row, VersionRow | StreamRow):
        session.info.setdefault(_PLATFORMS, set()).add(row.document.partition("/")[0])
    elif isinstance(row, ChangeRow | SignalsRow | SourceRow):
        session.info.setdefault(_PLATFORMS, set()).add(row.platform)


def _note_statement(state: ORMExecuteState) -> None:
    changes = state.is_insert or state.is_update or state.is_delete
    if changes and state.bind_mapper is not None and issubclass(state.bind_mapper.class_, _WATCHED):
        state.session.info.setdefault(_PLATFORMS, set()).add(ALL)


def _stamp(session: Session) -> None:
    """Last in the transaction and in order of id, so that rows are locked shortly and never crosswise."""
    session.flush()
    platforms: set[str] = session.info.pop(_PLATFORMS, set())
    if versions := session.info.pop(_VERSIONS, set()):
        documents = session.scalars(select(VersionRow.document).where(VersionRow.id.in_(versions)))
        platforms |= {document.partition("/")[0] for document in documents}
    if platforms:
        bump(session, platforms)


def note(session: Session, platform: str) -> None:
    """Has this platform stamped at the end of the transaction, for a row that went past the session."""
    session.info.setdefault(_PLATFORMS, set()).add(platform)


def note_version(session: Session, version_id: int) -> None:
    """The same for the platform of a version."""
    session.info.setdefault(_VERSIONS, set()).add(version_id)


def bump(session: Session, platforms: Collection[str]) -> None:
    """Stamps these platforms, for writers that go past the session's rows."""
    connection = session.connection()
    rows = [{"platform": platform} for platform in sorted(platforms)]
    connection.execute(_BUMP[connection.dialect.name], rows)


def _bumping(insert: Any) -> Any:
    row = insert(StampRow.__table__).values(platform=bindparam("platform"), number=1)
    return row.on_conflict_do_update(index_elements=["platform"], set_={"number": StampRow.__table__.c.number + 1})


_BUMP = {"sqlite": _bumping(sqlite_insert), "postgresql": _bumping(postgresql_insert)}
