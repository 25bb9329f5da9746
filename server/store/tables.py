"""The tables of evidence: captures, versions, readings, changes, sources, signals, announcements."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, Index, LargeBinary, MetaData, String, Text, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """Stores UTC and gives back aware datetimes on SQLite and PostgreSQL alike."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The value in UTC; naive ones are refused, since nobody could say what they mean."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime cannot be stored: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The value with its time zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Names every constraint, so that migrations can drop it on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime(), dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012


class BlobRow(Base):
    """Raw bytes as received, once per content: the evidence."""

    __tablename__ = "blobs"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the bytes before compression."""
    size: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary)
    """zlib-compressed."""


class VersionRow(Base):
    """One wording of a document."""

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("document", "wording"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(String(120), index=True)
    wording: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text, deferred=True)
    """Loaded when asked for: a text may hold hundreds of kilobytes, and most queries want only its dates."""
    language: Mapped[str] = mapped_column(String(8), default="")
    state: Mapped[str] = mapped_column(String(16), default="candidate")
    """candidate, confirmed or dropped (seen once, never again)."""
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
    sightings: Mapped[int] = mapped_column(default=1)
    sources: Mapped[str] = mapped_column(String(80), default="live")
    confirmed_at: Mapped[datetime | None]
    last_amended: Mapped[str | None] = mapped_column(String(10))
    effective: Mapped[str | None] = mapped_column(String(10))


class CaptureRow(Base):
    """Bytes fetched at a moment from a source, whatever they turned out to be."""

    __tablename__ = "captures"
    __table_args__ = (Index("ix_captures_document_captured_at", "document", "captured_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(16))
    """live, archive, prior (the platform's own older texts) or ota (Open Terms Archive)."""
    url: Mapped[str] = mapped_column(Text)
    fetched_at: Mapped[datetime]
    captured_at: Mapped[datetime]
    """When the page looked like this; differs from fetched_at for archives."""
    status: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(120), default="")
    headers: Mapped[list[Any]] = mapped_column(default=list)
    blob: Mapped[str | None] = mapped_column(ForeignKey("blobs.hash"))
    kind: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text, default="")
    version_id: Mapped[int | None] = mapped_column(ForeignKey("versions.id"), index=True)


class ReadingRow(Base):
    """What an engine read in a version. A re-read adds a row and is never a change of the platform."""

    __tablename__ = "readings"
    __table_args__ = (UniqueConstraint("version_id", "engine"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"))
    engine: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime]
    data: Mapped[dict[str, Any]]


class ChangeRow(Base):
    """A confirmed transition between two versions."""

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_platform_happened_to", "platform", "happened_to"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    """Document, both wordings and the day: a repeated poll cannot record a change twice."""
    platform: Mapped[str] = mapped_column(String(60))
    document: Mapped[str] = mapped_column(String(120), index=True)
    before_id: Mapped[int] = mapped_column(ForeignKey("versions.id"))
    after_id: Mapped[int] = mapped_column(ForeignKey("versions.id"))
    level: Mapped[str] = mapped_column(String(10), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    direction: Mapped[str] = mapped_column(String(8))
    explanation: Mapped[str] = mapped_column(Text, default="")
    quote_before: Mapped[str] = mapped_column(Text, default="")
    quote_after: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    happened_from: Mapped[datetime | None]
    """Last moment at which the old wording was seen."""
    happened_to: Mapped[datetime]
    """First moment at which the new wording was seen."""
    found_at: Mapped[datetime] = mapped_column(index=True)
    origin: Mapped[str] = mapped_column(String(10), default="live")
    """live, backfill, or superseded: found in the past and withdrawn for a closer look. Only live ones are news."""
    state: Mapped[str] = mapped_column(String(10), default="published")
    """published, held or withdrawn."""
    quiet: Mapped[bool | None]
    """True: no announcement within 30 days before or after. None: too early to say."""
    announcement_id: Mapped[int | None] = mapped_column(ForeignKey("announcements.id"))
    effective: Mapped[str | None] = mapped_column(String(10))


class StreamRow(Base):
    """Where the stability rules stand for one document; what server.core.stability.Stream is rebuilt from."""

    __tablename__ = "streams"

    document: Mapped[str] = mapped_column(String(120), primary_key=True)
    confirmed: Mapped[str] = mapped_column(String(64), default="")
    candidate: Mapped[str] = mapped_column(String(64), default="")
    candidate_at: Mapped[datetime | None]
    candidate_source: Mapped[str] = mapped_column(String(16), default="")
    last_wording: Mapped[str] = mapped_column(String(64), default="")
    """What the last full answer showed; empty when it was no policy. A 304 is one more sighting of it."""
    last_kind: Mapped[str] = mapped_column(String(16), default="policy")


class SourceRow(Base):
    """One address we look at again and again, and how it has been doing."""

    __tablename__ = "sources"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    """"page:soundcloud/terms", "feed:<url>", "signals:soundcloud"."""
    family: Mapped[str] = mapped_column(String(12), index=True)
    platform: Mapped[str] = mapped_column(String(60), default="")
    url: Mapped[str] = mapped_column(Text)
    etag: Mapped[str | None] = mapped_column(Text)
    last_modified: Mapped[str | None] = mapped_column(Text)
    fingerprint: Mapped[str | None] = mapped_column(String(32))
    """Of the last full answer without its markup (server.core.fingerprint)."""
    next_check_at: Mapped[datetime] = mapped_column(index=True)
    last_checked_at: Mapped[datetime | None]
    first_ok_at: Mapped[datetime | None]
    """Since when we have been listening here; a feed that may have been missing items is listened to anew."""
    last_ok_at: Mapped[datetime | None]
    last_full_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    broken_since: Mapped[datetime | None]
    cause: Mapped[str] = mapped_column(Text, default="")
    reported_at: Mapped[datetime | None]
    """When the operator was told that this source is broken; cleared when it recovers."""
    moved_to: Mapped[str | None] = mapped_column(Text)
    moved_times: Mapped[int] = mapped_column(default=0)


class SignalsRow(Base):
    """What a platform's site tells crawlers: what stands, and what waits for a second equal reading."""

    __tablename__ = "signals"

    platform: Mapped[str] = mapped_column(String(60), primary_key=True)
    confirmed: Mapped[list[Any]]
    pending: Mapped[list[Any]]
    checked_at: Mapped[datetime]


class SignalChangeRow(Base):
    """A confirmed change of a family of signals, for the history of a platform."""

    __tablename__ = "signal_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(60), index=True)
    family: Mapped[str] = mapped_column(String(30))
    before: Mapped[str] = mapped_column(String(12))
    after: Mapped[str] = mapped_column(String(12))
    evidence: Mapped[str] = mapped_column(Text, default="")
    since: Mapped[datetime | None]
    """Found in an archive: when the verdict before was last seen. None: observed by ourselves."""
    at: Mapped[datetime]
    """When the new verdict was first seen."""


class AnnouncementRow(Base):
    """A feed item that speaks of a platform and AI."""

    __tablename__ = "announcements"
    __table_args__ = (UniqueConstraint("feed", "item"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(60), default="", index=True)
    feed: Mapped[str] = mapped_column(String(300))
    item: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    about_ai: Mapped[bool] = mapped_column(default=False)
    own: Mapped[bool] = mapped_column(default=True)
    """From the platform itself, not from the press."""
