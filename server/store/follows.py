"""Follows: the subscriptions of a chat, or of one topic in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from server.store.tables_people import FollowRow

MOST = 500
"""Subscriptions of one chat: more than there are platforms, and a bound for what a stranger can make us keep."""
_RANKS = {"platform": 0, "category": 1, "all": 2}


def rank(scope: str) -> int:
    """0 for a platform, 1 for a category, 2 for all."""
    return _RANKS[scope.partition(":")[0]]


def find(session: Session, chat: int, thread: int, scope: str) -> FollowRow | None:
    """The subscription of that chat and topic to `scope`."""
    mine = (FollowRow.chat_id == chat, FollowRow.thread == thread, FollowRow.scope == scope)
    return session.scalar(select(FollowRow).where(*mine))


def get(session: Session, chat: int, id_: int) -> FollowRow | None:
    """A subscription of this chat by its id; None when it is another chat's."""
    row = session.get(FollowRow, id_)
    return row if row is not None and row.chat_id == chat else None


def add(session: Session, chat: int, thread: int, scope: str, now: datetime) -> FollowRow:
    """The subscription, made once; a new one takes over the wishes of the chat's newest."""
    row = find(session, chat, thread, scope)
    if row is None:
        like = newest(session, chat, thread)
        row = FollowRow(chat_id=chat, thread=thread, scope=scope, rank=rank(scope), created_at=now)
        if like is not None:
            row.level, row.kinds, row.direction, row.language = like.level, like.kinds, like.direction, like.language
            row.digest, row.digest_minute = like.digest, like.digest_minute
            row.quiet_from, row.quiet_to = like.quiet_from, like.quiet_to
        session.add(row)
        session.flush()
    return row


def newest(session: Session, chat: int, thread: int) -> FollowRow | None:
    """The newest subscription of a chat and topic."""
    mine = select(FollowRow).where(FollowRow.chat_id == chat, FollowRow.thread == thread)
    return session.scalar(mine.order_by(FollowRow.id.desc()).limit(1))


def of_chat(session: Session, chat: int, thread: int | None = None) -> Sequence[FollowRow]:
    """The subscriptions of a chat (or of one topic), in order of scope."""
    query = select(FollowRow).where(FollowRow.chat_id == chat)
    if thread is not None:
        query = query.where(FollowRow.thread == thread)
    return session.scalars(query.order_by(FollowRow.rank.desc(), FollowRow.scope, FollowRow.id)).all()


def numbers(session: Session, limit: int = 10) -> list[tuple[str, int]]:
    """The most followed scopes, with how many chats follow each."""
    many = func.count().label("many")
    query = select(FollowRow.scope, many).group_by(FollowRow.scope).order_by(many.desc(), FollowRow.scope).limit(limit)
    return [(scope, number) for scope, number in session.execute(query)]


def drop_topic(session: Session, chat: int, thread: int) -> None:
    """Ends the subscriptions of a topic that is gone."""
    session.execute(delete(FollowRow).where(FollowRow.chat_id == chat, FollowRow.thread == thread))
