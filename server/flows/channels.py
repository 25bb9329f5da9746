"""Channels: the operator's public channels, one a topic, kept as subscriptions that are served before all others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.catalogue import Catalogue
from server.flows.subscribe import KINDS, find_scope
from server.store import chats, follows
from server.store.tables_people import ChatRow, FollowRow


def scope_of(catalogue: Catalogue, topic: str) -> tuple[str, str]:
    """Scope and kinds of a topic: all, a category, a platform, or a kind of change; raises NotUnderstood."""
    if topic in KINDS:
        return "all", f",{topic},"
    return find_scope(catalogue, topic), ""


def keep_channels(session: Session, catalogue: Catalogue, channels: Sequence[tuple[str, int]], now: datetime) -> None:
    """Makes the public channels exactly these (topic, chat id); a channel that is no longer named is told nothing."""
    named = {chat for _, chat in channels}
    for row in session.scalars(select(ChatRow).where(ChatRow.public, ChatRow.id.not_in(named))):
        session.execute(delete(FollowRow).where(FollowRow.chat_id == row.id))
        row.public = False
    for chat in named:
        chats.ensure(session, chat, "channel", "en", now).public = True
    wanted = {(chat, scope): kinds for topic, chat in channels for scope, kinds in [scope_of(catalogue, topic)]}
    for chat in named:
        for follow in follows.of_chat(session, chat):
            if (chat, follow.scope) not in wanted:
                session.delete(follow)
    for (chat, scope), kinds in wanted.items():
        follows.add(session, chat, 0, scope, now).kinds = kinds
