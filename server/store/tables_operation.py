"""The tables of running this: heartbeats, alarms, operators' sessions, and what operators did."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.store.tables import Base


class HeartbeatRow(Base):
    """The last sign of life of one process. In real time."""

    __tablename__ = "heartbeats"

    process: Mapped[str] = mapped_column(String(16), primary_key=True)
    """web, worker, clock or bot."""
    instance: Mapped[str] = mapped_column(String(120), primary_key=True)
    last_at: Mapped[datetime]


class AlarmRow(Base):
    """A silence that operators are told of, once, and of its end, once. In real time, but for `since`."""

    __tablename__ = "alarms"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), index=True)
    """What fell silent: process/worker, polling, sources/feed, source/page:etsy/terms, outbox."""
    text: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime]
    raised_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    """When Telegram had taken the alarm; None: still to be told."""
    cleared_at: Mapped[datetime | None]
    clear_told_at: Mapped[datetime | None]


class OperatorSessionRow(Base):
    """A log-in. Only the hash of what the browser holds is kept."""

    __tablename__ = "operator_sessions"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class AuditRow(Base):
    """One thing that an operator did on the pages."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    session: Mapped[str] = mapped_column(String(12))
    """The beginning of the session's hash: which log-in it was, not who."""
    action: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str] = mapped_column(Text)
