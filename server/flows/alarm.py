"""Alarm: tells the operators once when the watching or the telling has been silent too long, and once when it is back.

It rides on the outbox, so a notice about a silent Telegram arrives when Telegram does; the log has it at once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.store import chats, measures, outbox

log = logging.getLogger(__name__)

AWAKE = timedelta(minutes=30)
"""Silence counts only once we have been up for so long: a laptop that slept is no alarm."""
OUTBOX = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Watched:
    """One thing that must not fall silent: when it was last heard, and what to do."""

    name: str
    last: datetime
    patience: timedelta
    remedy: str


def check(
    session: Session, now: datetime, *, up_since: datetime, poll_every: timedelta, operators: Sequence[int]
) -> list[str]:
    """Stores the alarms and all-clears that are news, and gives their words."""
    if now - up_since < AWAKE:
        return []
    said = []
    silent = {item.name: item for item in watched(session, now, poll_every) if now - item.last > item.patience}
    open_ = outbox.open_alarms(session)
    for name, item in silent.items():
        implied = "polling" in silent and name.startswith("sources/")
        if name not in open_ and not implied:
            text = f"Alarm: {name} silent since {item.last:%Y-%m-%d %H:%M} UTC. {item.remedy}"
            said.append(_tell(session, f"alarm:{name}:{now:%Y%m%dT%H%M%S}", text, now, operators))
    for name in open_.keys() - silent.keys():
        text = f"All clear: {name} no longer silent."
        said.append(_tell(session, f"clear:{name}:{now:%Y%m%dT%H%M%S}", text, now, operators))
    return said


def watched(session: Session, now: datetime, poll_every: timedelta) -> Iterator[Watched]:
    """Everything that must not fall silent. What has never spoken is new, not silent."""
    families = [family for family in measures.families(session) if family.last_checked_at]
    if last := max((family.last_checked_at for family in families if family.last_checked_at), default=None):
        remedy = "No source is looked at: are the worker and the clock running? See `clausewatch doctor`."
        yield Watched("polling", last, 2 * poll_every + timedelta(hours=2), remedy)
    for family in families:
        if family.last_ok_at:
            remedy = "Every look at these sources fails: see /v1/sources and `clausewatch doctor`."
            yield Watched(f"sources/{family.name}", family.last_ok_at, max(3 * poll_every, timedelta(hours=30)), remedy)
    if stuck := measures.stuck_since(session, now):
        yield Watched("outbox", stuck, OUTBOX, "Notices are due and none is sent: does Telegram answer?")


def _tell(session: Session, key: str, text: str, now: datetime, operators: Sequence[int]) -> str:
    log.error("%s", text)
    for chat in operators:
        chats.ensure(session, chat, "private", "en", now)
    outbox.tell(session, key, "alarm", text, operators, now)
    return text
