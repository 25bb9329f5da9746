"""The outbox: notices and their deliveries, filled in the transaction that records a change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, case, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from server.core.model import Level
from server.core.notices import Wish, due_at, levels_told
from server.store.tables import ChangeRow
from server.store.tables_people import ChatRow, DeliveryRow, FollowRow, NoticeRow

DUE, SENDING, SENT, DEAD = "due", "sending", "sent", "dead"
URGENT, ORDINARY, LATER = 1, 5, 9
MOST_TRIES = 12


def fan_out(session: Session, change: ChangeRow, now: datetime, category: str = "") -> int:
    """Writes the change's notice and one delivery for each follower who wants it; gives their number.

    Called within the transaction that records the change; called again it adds nothing.
    """
    if change.origin != "live" or change.state != "published" or change.level == Level.NOISE:
        return 0
    urgent = change.level == Level.MATERIAL
    notice = add_notice(
        session,
        key=f"change:{change.id}",
        kind="change",
        change_id=change.id,
        priority=URGENT if urgent else ORDINARY,
        now=now,
        text=change.explanation,
    )
    scopes = [f"platform:{change.platform}", "all", *([f"category:{category}"] if category else [])]
    wants = (
        select(FollowRow.chat_id, FollowRow.thread)
        .join(ChatRow, ChatRow.id == FollowRow.chat_id)
        .where(
            ChatRow.state == "active",
            FollowRow.scope.in_(scopes),
            FollowRow.level.in_(_least_levels(change.level)),
            or_(FollowRow.direction == "", FollowRow.direction == change.direction),
            or_(FollowRow.kinds == "", FollowRow.kinds.contains(f",{change.kind},", autoescape=True)),
        )
        .distinct()
    )
    return _deliver_to(session, notice, wants, now)


def _least_levels(level: str) -> list[str]:
    """The subscription levels that hear of a change of `level`."""
    return [least for least in (Level.MATERIAL.value, Level.NOTABLE.value) if level in levels_told(least)]


def add_notice(
    session: Session, *, key: str, kind: str, change_id: int | None, priority: int, now: datetime, text: str
) -> NoticeRow:
    """The notice of that key, made once."""
    row = session.scalar(select(NoticeRow).where(NoticeRow.key == key))
    if row is None:
        row = NoticeRow(key=key, kind=kind, change_id=change_id, priority=priority, created_at=now, text=text)
        session.add(row)
        session.flush()
    return row


def _deliver_to(session: Session, notice: NoticeRow, wants: Select[int, int], now: datetime) -> int:
    """One INSERT … SELECT for everybody; then those with quiet hours or a digest get their own time."""
    inner = wants.subquery()
    rows = select(
        literal(notice.id),
        inner.c.chat_id,
        inner.c.thread,
        literal(notice.priority),
        literal(DUE),
        literal(now, DeliveryRow.due_at.type),
        literal(0),
        literal(0),
        literal(""),
    )
    columns = ["notice_id", "chat_id", "thread", "priority", "state", "due_at", "tries", "fence", "error"]
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    # SQLite reads "SELECT … ON CONFLICT" as a join condition unless a WHERE stands in between.
    statement = insert(DeliveryRow).from_select(columns, rows.where(literal(True))).on_conflict_do_nothing()
    session.execute(statement)
    _postpone(session, notice, now)
    return count(session, notice.id)


def _postpone(session: Session, notice: NoticeRow, now: datetime) -> None:
    """Moves the deliveries of chats with quiet hours or a digest: one UPDATE for each distinct wish."""
    fields = (ChatRow.time_zone, ChatRow.quiet_from, ChatRow.quiet_to, ChatRow.digest, ChatRow.digest_minute)
    special = or_(ChatRow.digest != "instant", ChatRow.quiet_from.is_not(None))
    mine = select(DeliveryRow.chat_id).where(DeliveryRow.notice_id == notice.id)
    for values in session.execute(select(*fields).where(special, ChatRow.id.in_(mine)).distinct()).all():
        moment = due_at(Wish(*values), now)
        if moment <= now:
            continue
        same = [
            field.is_(None) if value is None else field == value for field, value in zip(fields, values, strict=True)
        ]
        chats = select(ChatRow.id).where(*same)
        mine_too = update(DeliveryRow).where(DeliveryRow.notice_id == notice.id, DeliveryRow.chat_id.in_(chats))
        session.execute(mine_too.values(due_at=moment).execution_options(synchronize_session=False))


def count(session: Session, notice_id: int, state: str = "") -> int:
    """How many deliveries a notice has, in all or in one state."""
    query = select(func.count()).select_from(DeliveryRow).where(DeliveryRow.notice_id == notice_id)
    return session.scalar(query.where(DeliveryRow.state == state) if state else query) or 0


def correct(session: Session, change: ChangeRow, now: datetime, text: str) -> int:
    """A correction for everybody who was sent a withdrawn change's notice; what was not sent yet is dropped."""
    notice = session.scalar(select(NoticeRow).where(NoticeRow.key == f"change:{change.id}"))
    if notice is None:
        return 0
    drop = update(DeliveryRow).where(DeliveryRow.notice_id == notice.id, DeliveryRow.state == DUE)
    session.execute(drop.values(state=DEAD, error="withdrawn before it was sent"))
    correction = add_notice(
        session,
        key=f"correction:{change.id}",
        kind="correction",
        change_id=change.id,
        priority=URGENT,
        now=now,
        text=text,
    )
    told = select(DeliveryRow.chat_id, DeliveryRow.thread).where(
        DeliveryRow.notice_id == notice.id, DeliveryRow.state.in_([SENT, SENDING])
    )
    return _deliver_to(session, correction, told, now)


def broadcast(session: Session, key: str, text: str, now: datetime) -> int:
    """An operator's words to every active chat, after everything else that is due."""
    notice = add_notice(
        session, key=f"broadcast:{key}", kind="broadcast", change_id=None, priority=LATER, now=now, text=text
    )
    everybody = select(ChatRow.id.label("chat_id"), literal(0).label("thread")).where(ChatRow.state == "active")
    return _deliver_to(session, notice, everybody, now)


def take_due(session: Session, now: datetime, limit: int, fence: int) -> Sequence[DeliveryRow]:
    """Due deliveries, marked as in flight under `fence`: by priority, then age; one a chat, in order within it."""
    order = func.row_number().over(partition_by=DeliveryRow.chat_id, order_by=(DeliveryRow.priority, DeliveryRow.id))
    ranked = (
        select(DeliveryRow.id, order.label("rank"))
        .join(NoticeRow, NoticeRow.id == DeliveryRow.notice_id)
        .where(DeliveryRow.state == DUE, DeliveryRow.due_at <= now, NoticeRow.state == "open")
        .subquery()
    )
    in_flight = select(DeliveryRow.chat_id).where(DeliveryRow.state == SENDING)
    query = (
        select(DeliveryRow)
        .join(ranked, ranked.c.id == DeliveryRow.id)
        .where(ranked.c.rank == 1, DeliveryRow.chat_id.not_in(in_flight))
        .order_by(DeliveryRow.priority, DeliveryRow.due_at, DeliveryRow.id)
        .limit(limit)
    )
    rows = session.scalars(query).all()
    for row in rows:
        row.state, row.fence, row.tries = SENDING, fence, row.tries + 1
    session.flush()
    return rows


def progress(session: Session, limit: int = 20) -> list[dict[str, object]]:
    """The newest notices with how many of their deliveries are due, in flight, sent and dead."""
    states = {name: func.sum(case((DeliveryRow.state == name, 1), else_=0)) for name in (DUE, SENDING, SENT, DEAD)}
    query = (
        select(NoticeRow, *states.values())
        .outerjoin(DeliveryRow, DeliveryRow.notice_id == NoticeRow.id)
        .group_by(NoticeRow.id)
        .order_by(NoticeRow.id.desc())
        .limit(limit)
    )
    found = []
    for notice, *counts in session.execute(query).all():
        shown = {"id": notice.id, "kind": notice.kind, "state": notice.state, "text": notice.text}
        shown |= {"change_id": notice.change_id, "created_at": notice.created_at}
        found.append(shown | {name: int(value or 0) for name, value in zip(states, counts, strict=True)})
    return found


def set_state(session: Session, notice_id: int, state: str) -> bool:
    """Pauses (paused), goes on with (open) or gives up (abandoned) a notice; whether there is one."""
    row = session.get(NoticeRow, notice_id)
    if row is None:
        return False
    row.state = state
    if state == "abandoned":
        rest = update(DeliveryRow).where(DeliveryRow.notice_id == notice_id, DeliveryRow.state == DUE)
        session.execute(rest.values(state=DEAD, error="abandoned by an operator"))
    return True


def depth(session: Session, now: datetime) -> tuple[int, timedelta]:
    """How many deliveries are due, and how long the oldest has been."""
    is_due = (DeliveryRow.state == DUE, DeliveryRow.due_at <= now)
    query = select(func.count(), func.min(DeliveryRow.due_at)).where(*is_due)
    number, oldest = session.execute(query).one()
    return number, (now - oldest) if oldest else timedelta()
