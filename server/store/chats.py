"""Chats: who may be written to, in which language and time zone; renamed, merged, put to sleep, forgotten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from server.store.outbox import DEAD, DUE, HELD
from server.store.tables_people import ChatRow, DeliveryRow, FollowRow

ACTIVE, BLOCKED = "active", "blocked"


def get(session: Session, chat: int) -> ChatRow | None:
    """The chat, when it is known."""
    return session.get(ChatRow, chat)


def ensure(session: Session, chat: int, kind: str, language: str, now: datetime) -> ChatRow:
    """The chat, made known and awake: whoever writes to the bot can be answered."""
    row = session.get(ChatRow, chat)
    if row is None:
        row = ChatRow(id=chat, kind=kind, language=language, created_at=now)
        session.add(row)
    row.kind, row.state = kind, ACTIVE
    session.flush()
    return row


def block(session: Session, chat: int, why: str) -> None:
    """The bot cannot write there: its subscriptions sleep, and what was waiting is given up."""
    session.execute(update(ChatRow).where(ChatRow.id == chat).values(state=BLOCKED))
    waiting = update(DeliveryRow).where(DeliveryRow.chat_id == chat, DeliveryRow.state.in_([DUE, HELD]))
    session.execute(waiting.values(state=DEAD, error=why[:200]))


def wake(session: Session, chat: int) -> None:
    """The bot may write there again: subscriptions go on; what was missed is not made up."""
    session.execute(update(ChatRow).where(ChatRow.id == chat).values(state=ACTIVE, next_at=None))


def hold_back(session: Session, chat: int, until: datetime) -> None:
    """No notice goes there before `until` (real time): a refusal there would make everybody else wait as well."""
    later = update(ChatRow).where(ChatRow.id == chat, func.coalesce(ChatRow.next_at, until) <= until)
    session.execute(later.values(next_at=until))


def rename(session: Session, old: int, new: int) -> None:
    """A group became a supergroup: everything moves to the new id, and merges with what is there already."""
    if old == new or session.get(ChatRow, old) is None:
        return
    session.flush()
    if session.get(ChatRow, new) is None:
        session.execute(update(ChatRow).where(ChatRow.id == old).values(id=new, kind="supergroup"))
    else:
        _merge(session, old, new)
    session.expire_all()


def _merge(session: Session, old: int, new: int) -> None:
    for table, same in ((FollowRow, FollowRow.scope), (DeliveryRow, DeliveryRow.notice_id)):
        there = select(table.thread, same).where(table.chat_id == new).subquery()
        known = select(there).where(there.c[0] == table.thread, there.c[1] == same).exists()
        moves = update(table).where(table.chat_id == old, ~known).values(chat_id=new)
        session.execute(moves.execution_options(synchronize_session=False))
    session.execute(delete(ChatRow).where(ChatRow.id == old))


def forget(session: Session, chat: int) -> dict[str, int]:
    """Deletes the chat and all that belongs to it; gives what is left, by table: zeros, as the proof."""
    session.execute(delete(ChatRow).where(ChatRow.id == chat))
    session.flush()
    session.expire_all()
    return {
        "chats": _number(session, ChatRow, ChatRow.id == chat),
        "follows": _number(session, FollowRow, FollowRow.chat_id == chat),
        "deliveries": _number(session, DeliveryRow, DeliveryRow.chat_id == chat),
    }


def _number(session: Session, table: type[Any], *where: Any) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*where)) or 0


def reachable(session: Session) -> int:
    """How many chats can be written to."""
    return _number(session, ChatRow, ChatRow.state == ACTIVE)


def numbers(session: Session) -> dict[str, int]:
    """How many chats there are by kind, and how many are blocked."""
    kinds = session.execute(select(ChatRow.kind, func.count()).where(ChatRow.state == ACTIVE).group_by(ChatRow.kind))
    return {row[0]: row[1] for row in kinds} | {"blocked": _number(session, ChatRow, ChatRow.state == BLOCKED)}
