"""Change × subscription → when a notice is due, or that it is none of this subscriber's business."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from server.core.model import Level


@dataclass(frozen=True, slots=True)
class Wish:
    """When a chat wants to be told. Minutes count from local midnight."""

    time_zone: str = "UTC"
    quiet_from: int | None = None
    quiet_to: int | None = None
    digest: str = "instant"
    digest_minute: int = 540


def levels_told(least: str) -> tuple[str, ...]:
    """The levels that a subscription of this least level hears of."""
    return (Level.MATERIAL.value,) if least == Level.MATERIAL else (Level.MATERIAL.value, Level.NOTABLE.value)


def due_at(wish: Wish, now: datetime) -> datetime:
    """When a notice made now may be sent: at once, after the quiet hours, or with the next digest."""
    zone = _zone(wish.time_zone)
    local = now.astimezone(zone)
    if wish.digest != "instant":
        return _next_digest(wish, local).astimezone(now.tzinfo)
    if wish.quiet_from is None or wish.quiet_to is None or not _quiet(local, wish.quiet_from, wish.quiet_to):
        return now
    return _next_at(local, wish.quiet_to).astimezone(now.tzinfo)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _quiet(local: datetime, begin: int, end: int) -> bool:
    minute = local.hour * 60 + local.minute
    return begin <= minute < end if begin <= end else minute >= begin or minute < end


def _next_at(local: datetime, minute: int) -> datetime:
    """The next moment at which the local clock shows `minute`; days are counted on the calendar, not in hours."""
    at = time(minute // 60 % 24, minute % 60)
    day = local.date() if local.time() < at else local.date() + timedelta(days=1)
    return datetime.combine(day, at, local.tzinfo)


def _next_digest(wish: Wish, local: datetime) -> datetime:
    moment = _next_at(local, wish.digest_minute)
    while wish.digest == "weekly" and moment.weekday() != 0:
        moment = datetime.combine(moment.date() + timedelta(days=1), moment.timetz().replace(tzinfo=None), local.tzinfo)
    return moment


def in_short(name: str, explanation: str, quote_after: str, quote_before: str, quiet: bool | None) -> str:
    """A change in plain text, for logs and the outbox page."""
    told = {True: " Nobody was told.", False: " It was announced.", None: ""}[quiet]
    quote = f"\nNow: “{quote_after}”" if quote_after else f"\nGone: “{quote_before}”" if quote_before else ""
    return f"{name}: {explanation}{told}{quote}"
