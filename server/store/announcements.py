"""Announcements: items of feeds, those that speak of AI or terms and the others of a platform's own feeds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from server.core.announcements import UNHEARD, Announced, heard_back_to
from server.core.model import Level
from server.store.changes import PUBLISHED
from server.store.tables import AnnouncementRow, ChangeRow, SourceRow

LONGEST_FEED = 300
MOST_ITEMS = 2000
"""Items looked at to find how far back a platform's own feeds go."""


def known(session: Session, feed: str, items: Collection[str]) -> set[str]:
    """Those of `items` that were stored from this feed before."""
    query = select(AnnouncementRow.item).where(AnnouncementRow.feed == feed[:LONGEST_FEED])
    return set(session.scalars(query.where(AnnouncementRow.item.in_(items))))


def add(
    session: Session,
    *,
    platform: str,
    feed: str,
    item: str,
    title: str,
    url: str,
    published_at: datetime,
    seen_at: datetime,
    relevant: bool,
    own: bool,
) -> AnnouncementRow:
    """Stores an item; `relevant` when it speaks of AI or terms."""
    row = AnnouncementRow(
        platform=platform,
        feed=feed[:LONGEST_FEED],
        item=item,
        title=title,
        url=url,
        published_at=published_at,
        seen_at=seen_at,
        about_ai=relevant,
        own=own,
    )
    session.add(row)
    session.flush()
    return row


def relevant(session: Session, platform: str) -> list[Announced]:
    """What speaks of AI or terms on a platform, in its own feeds and in the press."""
    query = select(AnnouncementRow.id, AnnouncementRow.published_at, AnnouncementRow.own).where(
        AnnouncementRow.platform == platform, AnnouncementRow.about_ai
    )
    return [Announced(*row) for row in session.execute(query)]


def listening_since(session: Session, platform: str, family: str, until: datetime) -> datetime | None:
    """Since when we would have heard: the oldest item of its own feeds, or the first answer of any feed that counts.

    A feed that has not answered until then, or nearly so, has not heard what came last and does not count. What it
    showed before it may have missed something (`first_ok_at`) counts no more.
    """
    counts = (SourceRow.family == family, SourceRow.last_ok_at > until - UNHEARD)
    fed_by = (SourceRow.platform == platform, func.substr(SourceRow.url, 1, LONGEST_FEED) == AnnouncementRow.feed)
    heard = (AnnouncementRow.own, AnnouncementRow.seen_at >= SourceRow.first_ok_at)
    own = select(AnnouncementRow.published_at).join(SourceRow, and_(*fed_by, *counts))
    own = own.where(AnnouncementRow.platform == platform, *heard).order_by(AnnouncementRow.published_at.desc())
    answered = select(func.min(SourceRow.first_ok_at)).where(*counts, SourceRow.platform.in_((platform, "")))
    since = heard_back_to(session.scalars(own.limit(MOST_ITEMS)))
    return min((moment for moment in (since, session.scalar(answered)) if moment), default=None)


def unjudged_changes(session: Session, limit: int = 500) -> Sequence[ChangeRow]:
    """Published changes of which nobody has said yet whether they were announced, the newest first."""
    query = select(ChangeRow).where(
        ChangeRow.state == PUBLISHED, ChangeRow.quiet.is_(None), ChangeRow.level != Level.NOISE.value
    )
    return session.scalars(query.order_by(ChangeRow.happened_to.desc()).limit(limit)).all()
