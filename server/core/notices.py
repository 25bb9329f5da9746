"""Change × subscription → when its notice is due, or that it is none of the subscriber's business. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from server.core.model import Direction, Kind, Level

DIGESTS = ("instant", "daily", "weekly")
LEAST_LEVELS = (Level.MATERIAL, Level.NOTABLE)
"""What a subscription can ask for: material changes, or notable ones too. Noise is never sent."""


@dataclass(frozen=True, slots=True)
class Wish:
    """When a subscriber wants to be told. Minutes count from local midnight."""

    time_zone: str = "UTC"
    digest: str = "instant"
    digest_minute: int = 540
    quiet_from: int | None = None
    quiet_to: int | None = None


def wanted(
    level: Level, kind: Kind, direction: Direction, *, least: Level, kinds: tuple[str, ...] = (), only: str = ""
) -> bool:
    """Whether a subscription hears of such a change. `kinds` and `only` (a direction) are empty for all."""
    loud = level is not Level.NOISE and (level is Level.MATERIAL or least is Level.NOTABLE)
    return loud and (not kinds or kind in kinds) and (not only or direction == only)


def due_at(wish: Wish, now: datetime) -> datetime:
    """When a notice made now may be sent: at once, after the quiet hours, or with the next digest."""
    local = now.astimezone(zone(wish.time_zone))
    if wish.digest == "instant":
        return _after_quiet(wish, local).astimezone(now.tzinfo)
    return _after_quiet(wish, _next_digest(wish, local)).astimezone(now.tzinfo)


def zone(name: str) -> ZoneInfo:
    """The time zone of that name; UTC when there is none (a name may vanish from the system's table)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _after_quiet(wish: Wish, local: datetime) -> datetime:
    if wish.quiet_from is None or wish.quiet_to is None or not _within(local, wish.quiet_from, wish.quiet_to):
        return local
    return _next_at(local, wish.quiet_to)


def _within(local: datetime, begin: int, end: int) -> bool:
    minute = local.hour * 60 + local.minute
    return begin <= minute < end if begin <= end else minute >= begin or minute < end


def _next_at(local: datetime, minute: int) -> datetime:
    """The next moment at which the local clock shows `minute`: days are counted on the calendar, not in hours."""
    at = time(minute // 60 % 24, minute % 60, fold=local.fold)  # the hour that comes twice has a second half
    day = local.date() if local.time() < at.replace(fold=0) else local.date() + timedelta(days=1)
    return datetime.combine(day, at, local.tzinfo)


def _next_digest(wish: Wish, local: datetime) -> datetime:
    moment = _next_at(local, wish.digest_minute)
    while wish.digest == "weekly" and moment.weekday() != 0:
        moment = datetime.combine(moment.date() + timedelta(days=1), moment.time(), local.tzinfo)
    return moment


def in_short(platform: str, explanation: str, quote_before: str, quote_after: str, quiet: bool | None) -> str:
    """A change in plain text, for logs and the outbox page."""
    told = {True: " Nobody was told.", False: " It was announced.", None: ""}[quiet]
    quote = f"\nNow: “{quote_after}”" if quote_after else f"\nGone: “{quote_before}”" if quote_before else ""
    return f"{platform}: {explanation}{told}{quote}"
