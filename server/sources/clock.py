"""Clocks: the machine's own, and one that reads a file, so that a test can move time for every process at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from server.core.errors import SettingsError


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The current time in UTC."""
        return datetime.now(UTC)


class FileClock:
    """The time that stands in a file (ISO 8601). For tests and the demo: history goes by in seconds."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def now(self) -> datetime:
        """The time in the file; raises SettingsError when it holds none."""
        try:
            moment = datetime.fromisoformat(self.file.read_text().strip())
        except (OSError, ValueError) as why:
            raise SettingsError(f"CLAUSEWATCH_CLOCK_FILE: {self.file} holds no ISO time ({why}).") from why
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
