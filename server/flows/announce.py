"""Announce: an operator publishes, corrects or withdraws a change, or speaks to everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.catalogue import Catalogue
from server.core.errors import ClausewatchError, UnknownPlatform
from server.core.model import Kind, Level, Reading, Stance
from server.core.turning import turn
from server.store import changes, outbox, readings
from server.store.tables import ChangeRow, VersionRow
from server.store.tables_people import NoticeRow

OPERATOR = "operator"
"""The engine under which a person's reading is stored; it goes before that of any engine."""


def to_review(session: Session, limit: int = 5, before: int = 0) -> Sequence[ChangeRow]:
    """Changes to look at: held ones first, then the newest published ones that are more than noise."""
    query = select(ChangeRow).where(ChangeRow.level != Level.NOISE, ChangeRow.state != changes.WITHDRAWN)
    if before:
        query = query.where(ChangeRow.id < before)
    held_first = (ChangeRow.state != changes.HELD, ChangeRow.id.desc())
    return session.scalars(query.order_by(*held_first).limit(limit)).all()


def approve(session: Session, change: int, catalogue: Catalogue, now: datetime) -> str:
    """Publishes a held change and queues its notices; says so."""
    row = _get(session, change)
    if row.state == changes.WITHDRAWN:
        raise ClausewatchError(f"Change {change} is withdrawn; a withdrawn change stays so.")
    if row.state == changes.PUBLISHED:
        raise ClausewatchError(f"Change {change} is published already.")
    row.state = changes.PUBLISHED
    number = outbox.fan_out(session, row, now, category_of(catalogue, row.platform))
    return f"Change {change} is published; {number} notices are queued."


def withdraw(session: Session, change: int, words: str, now: datetime) -> str:
    """Takes a change back. Whoever was sent it gets a correction; says so."""
    row = _get(session, change)
    row.state = changes.WITHDRAWN
    number = outbox.take_back(session, row, words, now)
    return f"Change {change} is withdrawn; {number} corrections are queued."


def correct(session: Session, change: int, field: str, stance: str, now: datetime) -> str:
    """Corrects the reading of a change; says so."""
    number = correct_reading(session, change, field, stance, now)
    return f"Change {change}: {field} now reads {stance}; {number} corrections are queued."


def correct_reading(session: Session, change: int, field: str, stance: str, now: datetime) -> int:
    """A person's reading of the new version, in force from now on. Whoever was sent the change gets the correction;
    gives their number.
    """
    row = _get(session, change)
    if field not in {"training", "sharing"}:
        raise ClausewatchError("Correct training or sharing.")
    try:
        value = Stance(stance)
    except ValueError:
        raise ClausewatchError(f"Write one of {', '.join(stance.value for stance in Stance)}.") from None
    version = session.get_one(VersionRow, row.after_id)
    read = readings.newest(session, version.id) or Reading()
    corrected = replace(read, training=value) if field == "training" else replace(read, sharing=value)
    readings.replace(session, version.id, OPERATOR, corrected, now)
    if corrected == read:
        return 0
    row.after = readings.to_data(corrected)
    before = readings.newest(session, row.before_id) or Reading()
    row.direction = turn(Kind(row.kind), before, corrected) or row.direction
    if row.state != changes.PUBLISHED or field != ("sharing" if row.kind == Kind.SHARING else "training"):
        return 0  # what was told is still right
    return outbox.put_right(session, row, f"{row.platform}: we misread this; {field} reads {value}.", now)


def settle_draft(session: Session, number: int, now: datetime, *, send: bool) -> int:
    """Sends a broadcast's draft, or forgets it; gives how many chats it is queued for. Raises when settled."""
    draft = session.get(NoticeRow, number, with_for_update=True)
    if draft is None or draft.state != outbox.DRAFT:
        raise ClausewatchError("That was sent or forgotten already.")
    if send:
        return outbox.send_draft(session, draft, now)
    session.delete(draft)
    return 0


def category_of(catalogue: Catalogue, platform: str) -> str:
    """The category of a platform; empty when it has left the catalogue."""
    try:
        return catalogue.platform(platform).category
    except UnknownPlatform:
        return ""


def _get(session: Session, change: int) -> ChangeRow:
    row = changes.get(session, change)
    if row is None:
        raise ClausewatchError(f"There is no change {change}.")
    return row
