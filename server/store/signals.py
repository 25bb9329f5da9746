"""Signals as stored: the verdict in force for each family and use, and one that waits for a second equal reading."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.store.tables import SignalChangeRow, SignalRow

UNREADABLE = "unreadable"


def of_platform(session: Session, platform: str) -> Sequence[SignalRow]:
    """The verdicts in force on a platform."""
    query = select(SignalRow).where(SignalRow.platform == platform).order_by(SignalRow.family, SignalRow.use)
    return session.scalars(query).all()


def history(session: Session, platform: str) -> Sequence[SignalChangeRow]:
    """The confirmed changes of a platform's signals, oldest first."""
    query = select(SignalChangeRow).where(SignalChangeRow.platform == platform).order_by(SignalChangeRow.at)
    return session.scalars(query).all()


def keep(
    session: Session,
    *,
    platform: str,
    family: str,
    use: str,
    verdict: str,
    evidence: str,
    line: int,
    url: str,
    now: datetime,
) -> SignalChangeRow | None:
    """Takes one verdict in. A different one counts at its second sighting; unreadable never replaces a good one."""
    query = select(SignalRow).where(SignalRow.platform == platform, SignalRow.family == family, SignalRow.use == use)
    row = session.scalar(query)
    if row is None:
        row = SignalRow(platform=platform, family=family, use=use, verdict=verdict, since=now, waiting="")
        session.add(row)
    elif verdict == UNREADABLE and row.verdict != UNREADABLE:
        return None
    row.checked_at = now
    if row.verdict == verdict:
        row.waiting, row.evidence, row.line, row.url = "", evidence, line, url
        session.flush()
        return None
    if row.waiting != verdict:
        row.waiting = verdict
        return None
    return _turn(session, row, verdict, evidence, line, url, now)


def _turn(
    session: Session, row: SignalRow, verdict: str, evidence: str, line: int, url: str, now: datetime
) -> SignalChangeRow:
    change = SignalChangeRow(
        platform=row.platform,
        family=row.family,
        use=row.use,
        before=row.verdict,
        after=verdict,
        evidence=evidence,
        at=now,
    )
    session.add(change)
    row.verdict, row.since, row.waiting = verdict, now, ""
    row.evidence, row.line, row.url = evidence, line, url
    session.flush()
    return change
