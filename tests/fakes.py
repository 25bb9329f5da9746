"""Fakes for the clock and the foreign web: the only things that tests replace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self.at = at

    def now(self) -> datetime:
        """The moment it stands at."""
        return self.at

    def move(self, **by: float) -> None:
        """Moves on (or back) by a timedelta's keywords."""
        self.at += timedelta(**by)
