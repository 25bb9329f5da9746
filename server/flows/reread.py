"""Reread: what the present engine makes of versions that an older one read. Never news: no platform changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from server.core import clauses
from server.core.reading import ENGINE, read
from server.flows.ports import Clock
from server.store import readings, versions
from server.store.session import Transaction
from server.store.tables import VersionRow


@dataclass(frozen=True, slots=True)
class Reread:
    """One version read anew: the stances before and after."""

    document: str
    version: int
    before: str
    after: str

    @property
    def differs(self) -> bool:
        """Whether the stance is another one now."""
        return bool(self.before) and self.before != self.after


def reread(look: Transaction, write: Transaction, clock: Clock) -> Iterator[Reread]:
    """Reads what the present engine has not read yet, one version a transaction, newest first.

    An operator's correction stays in force: such a version is left as it is.
    """
    with look() as session:
        ids = readings.unread_by(session, ENGINE)
    for id_ in ids:
        with write() as session:
            version = versions.lock(session, id_)
            found = _read_anew(session, version, clock) if version else None
        if found:
            yield found


def _read_anew(session: Session, version: VersionRow, clock: Clock) -> Reread | None:
    if readings.find(session, version.id, ENGINE) or readings.find(session, version.id, readings.OPERATOR):
        return None
    old = readings.newest(session, version.id)
    new = read(clauses.cut(version.text), language=version.language)
    readings.keep(session, version.id, ENGINE, new, clock.now())
    return Reread(version.document, version.id, old.training.value if old else "", new.training.value)
