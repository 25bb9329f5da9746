"""What a flow needs from outside, as protocols: the doors hand in real ones, tests hand in fakes."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time, in UTC."""

    def now(self) -> datetime:
        """An aware datetime."""
        ...


class Queue(Protocol):
    """Takes jobs by name, so that whoever queues never imports the work."""

    def enqueue(self, job: str, *args: str | int) -> None:
        """Queues `job` (a name of server.queues) once; raises QueueError when Redis does not answer."""
        ...

    def waiting(self) -> dict[str, int]:
        """How many jobs wait, by queue; raises QueueError when Redis does not answer."""
        ...
