"""Telegram's limits as far as they are known: 30 messages a second, about one in a chat, 20 a minute in a group."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field


@dataclass
class Limits:
    """Counts what was accepted. Any limit can be lifted with 0."""

    per_second: int = 30
    per_chat: int = 3
    """Messages that one chat takes within a second: short bursts pass."""
    per_group_minute: int = 20
    everybody: deque[float] = field(default_factory=deque)
    chats: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    refused: int = 0

    def wait(self, chat: int, now: float) -> int:
        """0 when a message may go to `chat` now (it is counted then), else Telegram's retry_after in seconds."""
        seconds = max(
            _wait(self.everybody, self.per_second, 1.0, now),
            _wait(self.chats[chat], self.per_chat, 1.0, now) if chat > 0 else 0,
            _wait(self.chats[chat], self.per_group_minute, 60.0, now) if chat < 0 else 0,
        )
        if seconds:
            self.refused += 1
            return seconds
        self.everybody.append(now)
        self.chats[chat].append(now)
        return 0


def _wait(seen: deque[float], most: int, window: float, now: float) -> int:
    while seen and seen[0] <= now - window:
        seen.popleft()
    if not most or len(seen) < most:
        return 0
    return max(1, round(seen[0] + window - now))
