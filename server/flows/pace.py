"""Even spacing of what is sent: one after the other, catching up gently after a hold-up."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

CATCH_UP = 1.08
"""How much faster than the rate it may go after a hold-up."""
DEBT = 2.0
"""Seconds of a hold-up that are made up for; what is older is forgotten."""
AHEAD = 0.2
"""Seconds of work that are taken at a time: what is taken but not yet sent is in doubt after a crash."""


@dataclass
class Pace:
    """Lets `rate` messages a second through, 0 as many as come. Time comes in from outside, so tests can move it."""

    rate: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    slot: float = float("-inf")
    last: float = float("-inf")

    def wait(self) -> None:
        """Returns when the next message may go."""
        if not self.rate:
            return
        gap = 1 / self.rate
        now = self.clock()
        if self.slot < now - DEBT:
            self.slot = now  # a long silence is no permission for a burst
        at = max(self.slot, self.last + gap / CATCH_UP)
        if at > now:
            self.sleep(at - now)
        self.last = max(now, at)
        self.slot += gap

    def soon(self) -> int:
        """How many messages can go within the next moment: at least one."""
        return max(1, int(self.rate * AHEAD)) if self.rate else 1_000
