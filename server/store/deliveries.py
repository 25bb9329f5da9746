"""Deliveries as the sender sees them: taken under a lease, in flight, settled. Nothing is lost between two states."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from server.core.notices import Wish, due_at
from server.store.outbox import ABANDONED, DEAD, DUE, HELD, IS_DUE, IS_SENDING, OPEN, PAUSED, SENDING, SENT
from server.store.tables_people import ChatRow, DeliveryRow, FollowRow, NoticeRow

DIGEST_MOST = 20
"""Notices in one digest message; the rest goes into the next."""
PRIVATE_SPACING, GROUP_SPACING = timedelta(seconds=1), timedelta(seconds=3)
"""Telegram's limits within a chat: about one a second, and 20 a minute in groups and channels."""
_QUIETLY = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Taken:
    """What goes out as one message: one delivery, or all digest deliveries of a chat that are due."""

    ids: tuple[int, ...]
    notices: tuple[int, ...]
    chat: int
    thread: int
    follow: int | None
    digest: bool
    tries: int
    language: str
    newest: int
    """The number of the newest notice there was."""


def take(
    session: Session, now: datetime, wall: datetime, limit: int, fence: int, busy: Collection[int] = ()
) -> list[Taken]:
    """Up to `limit` messages marked as in flight under `fence`: by lane, then age, at most one for a chat.

    `now` decides what is due, `wall` (real time) which chats may be written to. Chats in `busy` are left out.
    """
    rows: dict[int, Any] = {}
    values = {"now": now, "wall": wall, "busy": list(busy), "most": 2 * limit + 8}
    for row in session.execute(_QUEUE, values):
        if row.chat_id not in rows and len(rows) < limit:
            rows[row.chat_id] = row
    if _put_off(session, rows.values(), now):
        return take(session, now, wall, limit, fence, busy)
    taken = [_gather(session, row, now) for row in rows.values()]
    if taken:
        _mark(session, taken, wall, fence)
    return taken


def _put_off(session: Session, rows: Collection[Any], now: datetime) -> bool:
    """Whether somebody's quiet hours have begun while his rows waited; they and all with the same hours wait on."""
    quiet = {(row.time_zone, row.quiet_from, row.quiet_to) for row in rows if row.quiet_from is not None}
    ends = {hours: due_at(Wish(hours[0], quiet_from=hours[1], quiet_to=hours[2]), now) for hours in quiet}
    late = {hours: end for hours, end in ends.items() if end > now}
    for (zone, begin, end_), end in late.items():
        same = (ChatRow.time_zone == zone, FollowRow.quiet_from == begin, FollowRow.quiet_to == end_)
        follows = select(FollowRow.id).join(ChatRow, ChatRow.id == FollowRow.chat_id).where(*same)
        waiting = update(DeliveryRow).where(IS_DUE, DeliveryRow.due_at <= now, DeliveryRow.follow_id.in_(follows))
        session.execute(waiting.values(due_at=end).execution_options(**_QUIETLY))
    return bool(late)


_NEWEST = select(func.max(aliased(NoticeRow).id)).scalar_subquery()


def _queue() -> Any:
    now = bindparam("now", type_=DeliveryRow.due_at.type)
    wall = bindparam("wall", type_=DeliveryRow.due_at.type)
    fields = (DeliveryRow.id, DeliveryRow.notice_id, DeliveryRow.chat_id, DeliveryRow.thread, DeliveryRow.follow_id)
    language = func.coalesce(func.nullif(FollowRow.language, ""), ChatRow.language).label("language")
    quiet = (ChatRow.time_zone, FollowRow.quiet_from, FollowRow.quiet_to)
    return (
        select(*fields, DeliveryRow.digest, DeliveryRow.tries, language, *quiet, _NEWEST.label("newest"))
        .join(ChatRow, ChatRow.id == DeliveryRow.chat_id)
        .join(NoticeRow, NoticeRow.id == DeliveryRow.notice_id)
        .outerjoin(FollowRow, FollowRow.id == DeliveryRow.follow_id)
        .where(
            IS_DUE,
            DeliveryRow.due_at <= now,
            ChatRow.state == "active",
            or_(ChatRow.next_at.is_(None), ChatRow.next_at <= wall),
            ChatRow.id.not_in(bindparam("busy", expanding=True)),
            NoticeRow.state == OPEN,
        )
        .order_by(DeliveryRow.priority, DeliveryRow.due_at, DeliveryRow.id)
        .limit(bindparam("most", type_=Integer))
    )


_QUEUE = _queue()
"""Made once: making such a statement costs more than running it."""


def _gather(session: Session, row: Any, now: datetime) -> Taken:
    ids, notices = (row.id,), (row.notice_id,)
    if row.digest:
        query = select(DeliveryRow.id, DeliveryRow.notice_id).where(
            DeliveryRow.chat_id == row.chat_id,
            DeliveryRow.thread == row.thread,
            IS_DUE,
            DeliveryRow.digest,
            DeliveryRow.due_at <= now,
        )
        found = session.execute(query.order_by(DeliveryRow.id).limit(DIGEST_MOST)).all()
        ids, notices = tuple(item.id for item in found), tuple(item.notice_id for item in found)
    return Taken(
        ids, notices, row.chat_id, row.thread, row.follow_id, row.digest, row.tries + 1, row.language, row.newest
    )


def _mark(session: Session, taken: Sequence[Taken], wall: datetime, fence: int) -> None:
    ids = [id_ for item in taken for id_ in item.ids]
    rows = update(DeliveryRow).where(DeliveryRow.id.in_(ids))
    values: dict[str, Any] = {"state": SENDING, "fence": fence, "tries": DeliveryRow.tries + 1}
    session.execute(rows.values(values).execution_options(**_QUIETLY))
    chats = update(ChatRow).where(ChatRow.id.in_([item.chat for item in taken]))
    spaced = case((ChatRow.kind == "private", wall + PRIVATE_SPACING), else_=wall + GROUP_SPACING)
    session.execute(chats.values(next_at=spaced).execution_options(**_QUIETLY))


def next_moment(session: Session, now: datetime) -> datetime | None:
    """When (in real time) a chat with something due may be written to again; None when nothing is due."""
    query = (
        select(func.count(), func.min(ChatRow.next_at))
        .select_from(DeliveryRow)
        .join(ChatRow, ChatRow.id == DeliveryRow.chat_id)
        .where(IS_DUE, DeliveryRow.due_at <= now, ChatRow.state == "active")
    )
    number, moment = session.execute(query).one()
    return (moment or now) if number else None


_NOTICE_IS = select(NoticeRow.state).where(NoticeRow.id == DeliveryRow.notice_id).scalar_subquery()
_CHAT_IS = select(ChatRow.state).where(ChatRow.id == DeliveryRow.chat_id).scalar_subquery()
_BACK = case((or_(_NOTICE_IS == ABANDONED, _CHAT_IS == "blocked"), DEAD), (_NOTICE_IS == PAUSED, HELD), else_=DUE)
"""What a row becomes that was in flight and is not sent: its notice or its chat may have been stopped meanwhile."""


def recover(session: Session, fence: int) -> int:
    """Deliveries that an earlier sender had in flight are due again: they may arrive twice, with the same number."""
    rows = update(DeliveryRow).where(IS_SENDING, DeliveryRow.fence < fence)
    values = {"state": _BACK, "error": "in doubt: its sender stopped"}
    result = session.execute(rows.values(values).execution_options(**_QUIETLY))
    return int(result.rowcount)  # type: ignore[attr-defined]


_SENT = (
    DeliveryRow.__table__.update()  # type: ignore[attr-defined]
    .where(
        DeliveryRow.__table__.c.id == bindparam("row"),
        DeliveryRow.__table__.c.fence == bindparam("number"),
        DeliveryRow.__table__.c.state == SENDING,
    )
    .values(state=SENT, message_id=bindparam("message"), sent_at=bindparam("at"), error="")
)


def sent(session: Session, accepted: Sequence[tuple[Taken, int]], now: datetime, fence: int) -> None:
    """Telegram has accepted these, under these message ids: one statement for all."""
    rows = [
        {"row": id_, "message": message, "at": now, "number": fence} for taken, message in accepted for id_ in taken.ids
    ]
    if rows:
        session.connection().execute(_SENT, rows)


def again(session: Session, taken: Taken, until: datetime, error: str, fence: int, *, counted: bool = True) -> None:
    """It is due again, unless it was stopped meanwhile; its chat waits until `until` (real time): order is kept."""
    tries = DeliveryRow.tries if counted else DeliveryRow.tries - 1
    _settle(session, taken, fence, state=_BACK, error=error, tries=tries)
    later = update(ChatRow).where(ChatRow.id == taken.chat)
    session.execute(later.values(next_at=until).execution_options(**_QUIETLY))


def dead(session: Session, taken: Taken, error: str, fence: int) -> None:
    """It is never tried again."""
    _settle(session, taken, fence, state=DEAD, error=error)


def _settle(session: Session, taken: Taken, fence: int, **values: Any) -> None:
    mine = update(DeliveryRow).where(
        DeliveryRow.id.in_(taken.ids), DeliveryRow.fence == fence, DeliveryRow.state == SENDING
    )
    session.execute(mine.values(values).execution_options(**_QUIETLY))
