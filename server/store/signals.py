"""Signals as stored: what stands on a platform, what waits to be seen again, and what has changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from server.core.signals import Settled, Signal, Use, Verdict, combine
from server.store.tables import SignalChangeRow, SignalsRow, SourceRow


@dataclass(frozen=True, slots=True)
class Shown:
    """The strictest verdict of one family on one use."""

    family: str
    use: str
    verdict: str
    evidence: str
    line: int
    url: str
    checked_at: datetime


def load(session: Session, platform: str) -> Settled | None:
    """What stands on a platform; None when its site was never read."""
    row = session.get(SignalsRow, platform)
    return Settled(tuple(map(_signal, row.confirmed)), tuple(map(_signal, row.pending))) if row else None


def save(session: Session, platform: str, before: Settled | None, after: Settled, now: datetime) -> None:
    """Stores where a platform's signals stand; each changed family becomes a row of its history."""
    row = session.get(SignalsRow, platform) or SignalsRow(platform=platform)
    row.confirmed, row.pending = list(map(asdict, after.confirmed)), list(map(asdict, after.pending))
    row.checked_at = now
    session.add(row)
    for family in after.changed:
        old, new = _strictest(family, before.confirmed if before else ()), _strictest(family, after.confirmed)
        session.add(
            SignalChangeRow(
                platform=platform,
                family=family,
                before=old.verdict.value if old else Verdict.SILENT.value,
                after=new.verdict.value if new else Verdict.SILENT.value,
                evidence=new.evidence if new else "",
                at=now,
            )
        )
    session.flush()


def of_platform(session: Session, platform: str) -> list[Shown]:
    """The verdicts that stand on a platform, the strictest for each family and use."""
    row = session.get(SignalsRow, platform)
    if row is None:
        return []
    signals = list(map(_signal, row.confirmed))
    return [
        Shown(family, use.value, each.verdict.value, each.evidence, each.line, each.url, row.checked_at)
        for family in dict.fromkeys(signal.family for signal in signals)
        for use, each in _by_use(family, signals)
    ]


def history(session: Session, platform: str) -> Sequence[SignalChangeRow]:
    """The confirmed changes of a platform's signals, oldest first."""
    query = select(SignalChangeRow).where(SignalChangeRow.platform == platform).order_by(SignalChangeRow.at)
    return session.scalars(query).all()


def observed_since(session: Session, platform: str, family: str) -> datetime | None:
    """Since when sources of this family have told us ourselves; None when none has yet."""
    where = (SourceRow.family == family, SourceRow.platform == platform)
    return session.scalar(select(func.min(SourceRow.first_ok_at)).where(*where))


def replace_past(session: Session, platform: str, family: str, found: Iterable[SignalChangeRow]) -> None:
    """Stores the changes that an archive shows in place of those that it showed before."""
    mine = (SignalChangeRow.platform == platform, SignalChangeRow.family == family)
    session.execute(delete(SignalChangeRow).where(*mine, SignalChangeRow.since.is_not(None)))
    session.add_all(found)
    session.flush()


def _by_use(family: str, signals: Iterable[Signal]) -> list[tuple[Use, Signal]]:
    mine = [signal for signal in signals if signal.family == family]
    found = [(use, headline.signals[0]) for use, headline in combine(mine).items()]
    return found or [(signal.use, signal) for signal in mine[:1]]


def _strictest(family: str, signals: Iterable[Signal]) -> Signal | None:
    found = _by_use(family, signals)
    order = [Verdict.RESERVED, Verdict.UNREADABLE, Verdict.ALLOWED, Verdict.SILENT]
    return min((signal for _, signal in found), key=lambda signal: order.index(signal.verdict), default=None)


def _signal(data: dict[str, Any]) -> Signal:
    return Signal(**data | {"use": Use(data["use"]), "verdict": Verdict(data["verdict"])})
