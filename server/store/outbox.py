"""The outbox: notices and who is to get them, filled in the transaction that records a change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from server.core.model import Level
from server.core.notices import Wish, due_at, in_short
from server.store.inserts import insert_of, store
from server.store.tables import ChangeRow
from server.store.tables_people import ChatRow, DeliveryRow, FollowRow, NoticeRow

DUE, HELD, SENDING, SENT, DEAD = "due", "held", "sending", "sent", "dead"
IS_DUE = DeliveryRow.state == literal_column("'due'")
IS_SENDING = DeliveryRow.state == literal_column("'sending'")
"""Written out, not bound: otherwise a database cannot tell that its partial index fits."""
OPEN, PAUSED, ABANDONED, DRAFT = "open", "paused", "abandoned", "draft"
PUBLIC, URGENT, ORDINARY, DIGEST, LATER = 0, 1, 5, 7, 9
"""Lanes, in the order in which the sender serves them."""

_COLUMNS = ["notice_id", "chat_id", "thread", "follow_id", "priority", "digest", "state", "due_at"]
_COLUMNS += ["tries", "fence", "error"]


def fan_out(session: Session, change: ChangeRow, now: datetime, category: str = "") -> int:
    """Writes the change's notice and one delivery for each subscriber who wants it; gives their number.

    Called within the transaction that records the change; called again it adds nothing.
    """
    if change.origin != "live" or change.state != "published" or change.level == Level.NOISE:
        return 0
    priority = URGENT if change.level == Level.MATERIAL else ORDINARY
    shown = in_short(change.platform, change.explanation, change.quote_before, change.quote_after, change.quiet)
    notice = add_notice(session, f"change:{change.id}", "change", priority, shown, now, change.id)
    if _deliver(session, notice, _FOLLOWERS, now, _wanted(change, category)):
        _wait_for_wishes(session, notice, now)
    return count(session, notice.id)


def add_notice(
    session: Session, key: str, kind: str, priority: int, text: str, now: datetime, change_id: int | None = None
) -> NoticeRow:
    """The notice of that key, made once."""
    row = session.scalar(_NOTICE, {"key": key})
    if row is None:
        made = NoticeRow(key=key, kind=kind, change_id=change_id, priority=priority, created_at=now, text=text)
        made.state = OPEN
        row = store(session, made)
    return row


_NOTICE = select(NoticeRow).where(NoticeRow.key == bindparam("key"))


def notice_of(session: Session, change_id: int) -> NoticeRow | None:
    """The notice that told of a change, when there was one."""
    return session.scalar(select(NoticeRow).where(NoticeRow.key == f"change:{change_id}"))


def _wanted(change: ChangeRow, category: str) -> dict[str, Any]:
    """The values of `_FOLLOWERS` for a change."""
    least = [Level.NOTABLE] if change.level == Level.NOTABLE else [Level.MATERIAL, Level.NOTABLE]
    return {
        "scopes": [f"platform:{change.platform}", "all", *([f"category:{category}"] if category else [])],
        "least": least,
        "direction_": change.direction,
        "kind": f",{change.kind.replace('_', '/_')},",
    }


def _followers() -> Select[*tuple[Any, ...]]:
    """The subscriptions that hear of a change: of several that match in one chat, the narrowest decides."""
    scopes = bindparam("scopes", expanding=True, type_=String)
    narrower = aliased(FollowRow)
    decides = ~exists().where(
        narrower.chat_id == FollowRow.chat_id,
        narrower.thread == FollowRow.thread,
        narrower.scope.in_(scopes),
        narrower.rank < FollowRow.rank,
    )
    own = [(ChatRow.public, literal(PUBLIC)), (FollowRow.digest != "instant", literal(DIGEST))]
    lane = case(*own, else_=bindparam("lane", type_=Integer))
    return (
        select(FollowRow.chat_id, FollowRow.thread, FollowRow.id, lane, FollowRow.digest != "instant")
        .join(ChatRow, ChatRow.id == FollowRow.chat_id)
        .where(
            ChatRow.state == "active",
            FollowRow.scope.in_(scopes),
            FollowRow.level.in_(bindparam("least", expanding=True)),
            or_(FollowRow.direction == "", FollowRow.direction == bindparam("direction_")),
            or_(FollowRow.kinds == "", FollowRow.kinds.contains(bindparam("kind"), escape="/")),
            decides,
        )
    )


_FOLLOWERS = _followers()
"""Made once: making such a statement costs far more than running it."""


def _deliver(
    session: Session, notice: NoticeRow, to: Select[*tuple[Any, ...]], now: datetime, values: Mapping[str, Any] = {}
) -> int:
    """One INSERT … SELECT for everybody: `to` gives chat, thread, follow, lane and digest; how many are new."""
    state = HELD if notice.state == PAUSED else DUE
    own = {"notice": notice.id, "lane": notice.priority, "state_": state, "moment": now}
    session.flush()
    connection = session.connection()
    return connection.execute(_delivering(connection.dialect.name, to), own | dict(values)).rowcount


@cache
def _delivering(dialect: str, to: Select[*tuple[Any, ...]]) -> Any:
    wants = to.subquery()
    moment = bindparam("moment", type_=DeliveryRow.due_at.type)
    own = (bindparam("notice", type_=Integer), *wants.c, bindparam("state_", type_=String), moment)
    # SQLite reads "SELECT … ON CONFLICT" as a join condition unless a WHERE stands in between.
    rows = select(*own, literal(0), literal(0), literal("")).where(literal(True))
    return insert_of(dialect, DeliveryRow).from_select(_COLUMNS, rows).on_conflict_do_nothing()


def _wait_for_wishes(session: Session, notice: NoticeRow, now: datetime, *, digests: bool = True) -> None:
    """Moves the deliveries of subscriptions with quiet hours or a digest: one UPDATE for each distinct wish.

    Without `digests` only quiet hours count: corrections and an operator's words wait for no digest.
    """
    for values in session.execute(_WISHES[digests], {"notice": notice.id}).all():
        moment = due_at(Wish(*values), now)
        if moment > now:
            pairs = zip(_wish(digests), values, strict=True)
            same = and_(*(column.is_not_distinct_from(value) for column, value in pairs))
            follows = select(FollowRow.id).join(ChatRow, ChatRow.id == FollowRow.chat_id).where(same)
            rows = update(DeliveryRow).where(DeliveryRow.notice_id == notice.id, DeliveryRow.follow_id.in_(follows))
            rows = rows.where(DeliveryRow.tries == 0)
            session.execute(rows.values(due_at=moment).execution_options(synchronize_session=False))


def _wish(digests: bool) -> tuple[Any, ...]:
    digest, minute = (FollowRow.digest, FollowRow.digest_minute) if digests else (literal("instant"), literal(0))
    return ChatRow.time_zone, digest, minute, FollowRow.quiet_from, FollowRow.quiet_to


def _wishes(digests: bool) -> Select[*tuple[Any, ...]]:
    """The distinct wishes of those that a notice goes to."""
    fields = _wish(digests)
    special = or_(fields[1] != "instant", FollowRow.quiet_from.is_not(None))
    mine = select(DeliveryRow.follow_id).where(
        DeliveryRow.notice_id == bindparam("notice"), DeliveryRow.state.in_([DUE, HELD])
    )
    here = select(*fields).join(ChatRow, ChatRow.id == FollowRow.chat_id)
    return here.where(special, FollowRow.id.in_(mine)).distinct()


_WISHES = {digests: _wishes(digests) for digests in (False, True)}


def wait_anew(session: Session, chat: int, now: datetime) -> None:
    """The changes that wait for a chat are due as its subscriptions wish by now."""
    query = select(DeliveryRow, FollowRow, NoticeRow.priority, ChatRow.time_zone).join(NoticeRow, _CHANGES)
    query = query.join(FollowRow, FollowRow.id == DeliveryRow.follow_id).join(ChatRow, ChatRow.id == FollowRow.chat_id)
    for row, follow, lane, zone in session.execute(query.where(DeliveryRow.chat_id == chat, _UNTRIED)).all():
        wish = Wish(zone, follow.digest, follow.digest_minute, follow.quiet_from, follow.quiet_to)
        row.due_at, row.digest = due_at(wish, now), follow.digest != "instant"
        if row.priority != PUBLIC:
            row.priority = DIGEST if row.digest else lane


def forget_waiting(session: Session, follow: FollowRow) -> None:
    """A subscription ends: changes that wait for it are not sent, unless a wider one of the place covers them."""
    mine = (FollowRow.chat_id == follow.chat_id, FollowRow.thread == follow.thread, FollowRow.rank > follow.rank)
    if session.scalar(select(exists().where(*mine))):
        return
    rows = update(DeliveryRow).where(DeliveryRow.follow_id == follow.id, _UNTRIED)
    rows = rows.where(DeliveryRow.notice_id.in_(select(NoticeRow.id).where(NoticeRow.kind == "change")))
    session.execute(rows.values(state=DEAD, error="unfollowed before it was sent"))


_CHANGES = and_(NoticeRow.id == DeliveryRow.notice_id, NoticeRow.kind == "change")
_UNTRIED = and_(DeliveryRow.state.in_([DUE, HELD]), DeliveryRow.tries == 0)


def take_back(session: Session, change: ChangeRow, text: str, now: datetime) -> int:
    """A correction for those who were sent a change that is withdrawn; what was not sent yet is dropped."""
    notice = notice_of(session, change.id)
    if notice is None:
        return 0
    rest = update(DeliveryRow).where(DeliveryRow.notice_id == notice.id, DeliveryRow.state.in_([DUE, HELD]))
    # A row that was tried may have arrived: whoever may have been told is told of the correction too.
    session.execute(rest.where(DeliveryRow.tries == 0).values(state=DEAD, error="withdrawn before it was sent"))
    return _tell_again(session, notice, f"correction:{change.id}", "correction", text, now)


def put_right(session: Session, change: ChangeRow, text: str, now: datetime) -> int:
    """A correction for those who were sent a change that was misread; who was not sent it yet gets it as it is now."""
    notice = notice_of(session, change.id)
    if notice is None:
        return 0
    before = select(func.count()).where(NoticeRow.change_id == change.id, NoticeRow.kind == "corrected")
    key = f"corrected:{change.id}:{(session.scalar(before) or 0) + 1}"
    return _tell_again(session, notice, key, "corrected", text, now)


def _tell_again(session: Session, notice: NoticeRow, key: str, kind: str, text: str, now: datetime) -> int:
    correction = add_notice(session, key, kind, URGENT, text, now, notice.change_id)
    _deliver(session, correction, _TOLD, now, {"of": notice.id})
    _wait_for_wishes(session, correction, now, digests=False)
    return count(session, correction.id)


_TOLD = (
    select(DeliveryRow.chat_id, DeliveryRow.thread, DeliveryRow.follow_id, DeliveryRow.priority, literal(False))
    .join(ChatRow, ChatRow.id == DeliveryRow.chat_id)
    .where(
        DeliveryRow.notice_id == bindparam("of"),
        or_(DeliveryRow.state.in_([SENDING, SENT]), and_(DeliveryRow.state.in_([DUE, HELD]), DeliveryRow.tries > 0)),
        ChatRow.state == "active",
    )
)
"""Whoever was sent a notice, or may have been."""


def draft(session: Session, key: str, text: str, now: datetime) -> NoticeRow:
    """An operator's words, kept for nobody yet."""
    notice = add_notice(session, f"broadcast:{key}", "broadcast", LATER, text, now)
    notice.state = DRAFT
    return notice


def send_draft(session: Session, notice: NoticeRow, now: datetime) -> int:
    """A draft to every active chat, after everything else that is due; gives their number."""
    notice.state = OPEN
    _deliver(session, notice, _EVERYBODY, now)
    _wait_for_wishes(session, notice, now, digests=False)
    return count(session, notice.id)


# Any subscription of the chat with quiet hours speaks for it.
_SLEEPY = select(func.max(FollowRow.id)).where(FollowRow.chat_id == ChatRow.id, FollowRow.quiet_from.is_not(None))
_EVERYBODY = select(ChatRow.id, literal(0), _SLEEPY.scalar_subquery(), literal(LATER), literal(False)).where(
    ChatRow.state == "active"
)


def broadcast(session: Session, key: str, text: str, now: datetime) -> NoticeRow:
    """An operator's words to every active chat at once, without a dry run."""
    notice = draft(session, key, text, now)
    send_draft(session, notice, now)
    return notice


def count(session: Session, notice_id: int, state: str = "") -> int:
    """How many deliveries a notice has, in all or in one state."""
    query = _DELIVERIES.where(DeliveryRow.state == state) if state else _DELIVERIES
    return session.scalar(query, {"notice": notice_id}) or 0


_DELIVERIES = select(func.count()).select_from(DeliveryRow).where(DeliveryRow.notice_id == bindparam("notice"))


def of_chat(session: Session, chat: int) -> list[tuple[int, str, datetime | None]]:
    """A chat's notices: number, state, and when it was sent."""
    query = select(DeliveryRow.notice_id, DeliveryRow.state, DeliveryRow.sent_at).where(DeliveryRow.chat_id == chat)
    return [(number, state, at) for number, state, at in session.execute(query.order_by(DeliveryRow.id))]


def progress(session: Session, limit: int = 20) -> list[dict[str, Any]]:
    """The newest notices, each with how many of its deliveries are in which state."""
    newest = session.scalars(select(NoticeRow).order_by(NoticeRow.id.desc()).limit(limit)).all()
    ids = [notice.id for notice in newest]
    query = select(DeliveryRow.notice_id, DeliveryRow.state, func.count()).where(DeliveryRow.notice_id.in_(ids))
    counts: dict[tuple[int, str], int] = {
        (notice, state): number
        for notice, state, number in session.execute(query.group_by(DeliveryRow.notice_id, DeliveryRow.state))
    }
    return [
        {"id": row.id, "kind": row.kind, "state": row.state, "text": row.text}
        | {"change_id": row.change_id, "created_at": row.created_at}
        | {state: counts.get((row.id, state), 0) for state in (DUE, HELD, SENDING, SENT, DEAD)}
        for row in newest
    ]


def set_state(session: Session, notice_id: int, state: str) -> bool:
    """Pauses, reopens or abandons a notice; whether there is one. What is in flight is not called back."""
    row = session.get(NoticeRow, notice_id)
    if row is None or row.state in (ABANDONED, DRAFT):
        return False
    row.state = state
    session.flush()
    waiting = update(DeliveryRow).where(DeliveryRow.notice_id == notice_id, DeliveryRow.state.in_([DUE, HELD]))
    values = {
        PAUSED: {"state": HELD},
        OPEN: {"state": DUE},
        ABANDONED: {"state": DEAD, "error": "abandoned by an operator"},
    }
    session.execute(waiting.values(values[state]).execution_options(synchronize_session=False))
    return True


def depth(session: Session, now: datetime) -> tuple[int, timedelta]:
    """How many deliveries are due, and how long the oldest has been."""
    query = select(func.count(), func.min(DeliveryRow.due_at)).where(IS_DUE, DeliveryRow.due_at <= now)
    number, oldest = session.execute(query).one()
    return number, (now - oldest) if oldest else timedelta()


def dead_letters(session: Session, limit: int = 20) -> list[tuple[int, int, str]]:
    """The newest deliveries that Telegram refused for their content: (notice, chat, why)."""
    query = select(DeliveryRow.notice_id, DeliveryRow.chat_id, DeliveryRow.error)
    refused = query.where(DeliveryRow.state == DEAD, DeliveryRow.error.startswith("refused"))
    return [(n, c, e) for n, c, e in session.execute(refused.order_by(DeliveryRow.id.desc()).limit(limit))]
