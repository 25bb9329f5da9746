"""The tables of people and messages: chats, what they follow, notices, deliveries, leases and Telegram's updates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from server.store.tables import Base

TelegramId = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits on both databases; on SQLite only INTEGER makes the primary key the row's own number."""


class ChatRow(Base):
    """A Telegram chat with its wishes. No name, no user and no message is kept."""

    __tablename__ = "chats"

    id: Mapped[int] = mapped_column(TelegramId, primary_key=True, autoincrement=False)
    """Telegram's chat id; negative for groups and channels."""
    kind: Mapped[str] = mapped_column(String(12), default="private")
    """private, group, supergroup or channel."""
    public: Mapped[bool] = mapped_column(default=False)
    """One of the operator's own channels: it is posted to before anybody else."""
    language: Mapped[str] = mapped_column(String(8), default="en")
    state: Mapped[str] = mapped_column(String(8), default="active")
    """active, or blocked: the bot cannot write there until it hears that it may."""
    time_zone: Mapped[str] = mapped_column(String(40), default="UTC")
    next_at: Mapped[datetime | None]
    """No notice is sent before this moment: spacing within a chat, and waiting after a failure. In real time."""
    created_at: Mapped[datetime]


class FollowRow(Base):
    """One subscription of a chat, or of a topic in it."""

    __tablename__ = "follows"
    __table_args__ = (
        UniqueConstraint("chat_id", "thread", "scope"),
        Index("ix_follows_scope_chat", "scope", "chat_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE", onupdate="CASCADE"))
    thread: Mapped[int] = mapped_column(default=0)
    """message_thread_id of a topic; 0: the chat itself."""
    scope: Mapped[str] = mapped_column(String(80))
    """"platform:soundcloud", "category:music" or "all"."""
    rank: Mapped[int]
    """0 platform, 1 category, 2 all: where several match a change, the narrowest decides."""
    level: Mapped[str] = mapped_column(String(10), default="material")
    """The least level that is told: material, or notable too."""
    kinds: Mapped[str] = mapped_column(String(120), default="")
    """The only kinds that are told, each between commas (",training,sharing,"); empty: all."""
    direction: Mapped[str] = mapped_column(String(8), default="")
    """The only direction that is told; empty: all."""
    digest: Mapped[str] = mapped_column(String(8), default="instant")
    """instant, daily or weekly."""
    digest_minute: Mapped[int] = mapped_column(default=9 * 60)
    """Minute of the local day at which a digest comes; a weekly one comes on Mondays."""
    quiet_from: Mapped[int | None]
    """Minute of the local day at which quiet hours begin; None: none."""
    quiet_to: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(8), default="")
    """Empty: the chat's."""
    created_at: Mapped[datetime]


class NoticeRow(Base):
    """Something to tell: a change, a correction, or an operator's words."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    """"change:17", "correction:17", "broadcast:…": a repeated poll cannot announce twice."""
    kind: Mapped[str] = mapped_column(String(12))
    change_id: Mapped[int | None] = mapped_column(ForeignKey("changes.id"), index=True)
    text: Mapped[str] = mapped_column(Text, default="")
    """Plain text: a broadcast's words, or for a change what it says in short."""
    priority: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="open")
    """open, paused or abandoned."""
    created_at: Mapped[datetime]


_DUE, _SENDING = text("state = 'due'"), text("state = 'sending'")


class DeliveryRow(Base):
    """One notice for one chat: it stays due until Telegram has accepted it."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("notice_id", "chat_id", "thread"),
        # Partial: what has been sent costs the sender nothing any more.
        Index("ix_deliveries_queue", "priority", "due_at", "id", sqlite_where=_DUE, postgresql_where=_DUE),
        Index("ix_deliveries_flight", "id", sqlite_where=_SENDING, postgresql_where=_SENDING),
        Index("ix_deliveries_chat", "chat_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id", ondelete="CASCADE"))
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE", onupdate="CASCADE"))
    thread: Mapped[int] = mapped_column(default=0)
    follow_id: Mapped[int | None]
    """The subscription that asked for it; it may be gone by now."""
    priority: Mapped[int]
    digest: Mapped[bool] = mapped_column(default=False)
    """Sent together with the chat's other digest rows, in one message."""
    state: Mapped[str] = mapped_column(String(8), default="due")
    """due, held (its notice is paused), sending (in flight: doubtful after a crash), sent or dead."""
    due_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    """Number of the lease under which it was taken: a sender that lost its lease changes nothing."""
    message_id: Mapped[int | None]
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")


class LeaseRow(Base):
    """Who may do what only one may do: send for a bot, or poll Telegram. `fence` grows with each new holder."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    holder: Mapped[str] = mapped_column(String(80), default="")
    fence: Mapped[int] = mapped_column(default=0)
    until: Mapped[datetime]
    paused_until: Mapped[datetime | None]
    """Telegram asked everybody to wait (429), or does not answer: nothing is sent before."""
    reason: Mapped[str] = mapped_column(Text, default="")


class UpdateRow(Base):
    """An update from Telegram: stored first, answered, then handled once. Its content is wiped when it is handled."""

    __tablename__ = "updates"
    __table_args__ = (Index("ix_updates_handled_id", "handled_at", "id"),)

    id: Mapped[int] = mapped_column(TelegramId, primary_key=True, autoincrement=False)
    """Telegram's update_id: a repeated delivery is recognised by it."""
    data: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)


class SuggestionRow(Base):
    """A platform that somebody would like to see watched. Who asked is not kept."""

    __tablename__ = "suggestions"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    times: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(8), default="open", server_default="open")
    """open, accepted or refused."""
