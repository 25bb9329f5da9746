"""The gate before a web archive: a pace for each kind of request, one request at a time, and a breaker.

Archives limit by network address, so every worker must go through the same gate: it stands in Redis, or in this process
where there is none. Whoever ignores a 429 for a minute is locked out for an hour, then two: the breaker never does.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from redis import Redis

from server.answering import redis_answers
from server.core.errors import Busy

HOLD = 150.0
"""Seconds after which the place of a worker that died is free; longer than any request may take."""
CLOSED_AT_LEAST = 60.0
REFUSED_AT_LEAST = 3600.0
CLOSED_AT_MOST = 86400.0
STRIKES_LAST = 6 * 3600.0
"""Seconds after which trouble is forgotten: a breaker that opens again within them closes for twice as long."""

_ENTER = """
local closed = redis.call('pttl', KEYS[1])
if closed > 0 then return {1, closed} end
local held = redis.call('pttl', KEYS[2])
if held > 0 then return {2, math.min(held, 200)} end
local rest = redis.call('pttl', KEYS[3])
if rest > 0 then return {2, rest} end
redis.call('set', KEYS[2], ARGV[1], 'PX', ARGV[2])
if tonumber(ARGV[3]) > 0 then redis.call('set', KEYS[3], 1, 'PX', ARGV[3]) end
return {0, 0}"""
_LEAVE = "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end"
_CLOSE = """
local strikes = redis.call('incr', KEYS[2])
redis.call('pexpire', KEYS[2], ARGV[4])
local pause = math.min(tonumber(ARGV[1]) * 2 ^ (strikes - 1), tonumber(ARGV[3]))
pause = math.floor(math.max(pause, tonumber(ARGV[2])))
if pause > redis.call('pttl', KEYS[1]) then redis.call('set', KEYS[1], 1, 'PX', pause) end
return redis.call('pttl', KEYS[1])"""


class Ledger(Protocol):
    """Where the state of the gate is written."""

    def enter(self, host: str, lane: str, mine: str, pace: float) -> tuple[bool, float]:
        """(closed by the breaker, seconds to wait); zero seconds: the place is taken for `mine`."""

    def leave(self, host: str, mine: str) -> None:
        """Gives the place back."""

    def close(self, host: str, least: float, asked: float) -> float:
        """Closes the host, for twice as long with every strike; seconds until it opens."""


class RedisLedger:
    """The gate of all workers. Raises QueueError when Redis does not answer."""

    def __init__(self, redis: Redis) -> None:
        self._enter, self._leave, self._close = map(redis.register_script, (_ENTER, _LEAVE, _CLOSE))

    def enter(self, host: str, lane: str, mine: str, pace: float) -> tuple[bool, float]:
        """See Ledger."""
        keys = [f"{_key(host)}:closed", f"{_key(host)}:held", f"{_key(host)}:rest:{lane}"]
        with redis_answers():
            why, wait = self._enter(keys=keys, args=[mine, int(HOLD * 1000), int(pace * 1000)])
        return why == 1, wait / 1000

    def leave(self, host: str, mine: str) -> None:
        """See Ledger."""
        with redis_answers():
            self._leave(keys=[f"{_key(host)}:held"], args=[mine])

    def close(self, host: str, least: float, asked: float) -> float:
        """See Ledger."""
        keys = [f"{_key(host)}:closed", f"{_key(host)}:strikes"]
        args = [int(seconds * 1000) for seconds in (least, asked, CLOSED_AT_MOST, STRIKES_LAST)]
        with redis_answers():
            return int(self._close(keys=keys, args=args)) / 1000


@dataclass(slots=True)
class LocalLedger:
    """The gate of one process and one thread: for commands that run without Redis."""

    now: Callable[[], float] = time.monotonic
    closed: dict[str, float] = field(default_factory=dict)
    rests: dict[tuple[str, str], float] = field(default_factory=dict)
    strikes: dict[str, tuple[int, float]] = field(default_factory=dict)

    def enter(self, host: str, lane: str, mine: str, pace: float) -> tuple[bool, float]:
        """See Ledger."""
        now = self.now()
        if (left := self.closed.get(host, now) - now) > 0:
            return True, left
        if (left := self.rests.get((host, lane), now) - now) > 0:
            return False, left
        self.rests[host, lane] = now + pace
        return False, 0.0

    def leave(self, host: str, mine: str) -> None:
        """See Ledger."""

    def close(self, host: str, least: float, asked: float) -> float:
        """See Ledger."""
        now = self.now()
        count, since = self.strikes.get(host, (0, now))
        count = 0 if now - since > STRIKES_LAST else count
        self.strikes[host] = count + 1, now
        pause = max(min(least * 2**count, CLOSED_AT_MOST), asked)
        self.closed[host] = max(self.closed.get(host, now), now + pause)
        return self.closed[host] - now


@dataclass(slots=True)
class Gate:
    """Lets requests to an archive through, one at a time, `paces` (seconds between two) by lane."""

    ledger: Ledger
    paces: dict[str, float]
    patience: float = 0.0
    """Seconds that a request may wait for the breaker; a longer pause raises Busy at once."""
    sleep: Callable[[float], None] = time.sleep
    told: Callable[[str], None] = lambda _: None
    """Hears of long pauses, so that a terminal can show why nothing moves."""

    @contextmanager
    def through(self, host: str, lane: str) -> Iterator[None]:
        """Waits for its turn and holds the only place. Raises Busy when the archive is closed beyond `patience`."""
        mine = secrets.token_hex(8)
        while True:
            closed, wait = self.ledger.enter(host, lane, mine, self.paces.get(lane, 0.0))
            if not closed and wait <= 0:
                break
            if closed:
                self._consider(host, wait)
            self.sleep(wait + 0.002)
        try:
            yield
        finally:
            self.ledger.leave(host, mine)

    def close(self, host: str, *, asked: float = 0.0, refused: bool = False) -> float:
        """Opens the breaker after a 429, or longer after a refused connection; seconds until it lets through again."""
        return self.ledger.close(host, REFUSED_AT_LEAST if refused else CLOSED_AT_LEAST, asked)

    def _consider(self, host: str, wait: float) -> None:
        if wait > self.patience:
            raise Busy(
                f"{host} asked us to wait: it can be asked again in {wait:.0f} s. What was fetched is kept.",
                retry_after=wait,
            )
        self.told(f"{host} asked us to wait {wait:.0f} s")


def _key(host: str) -> str:
    return f"cw:archive:{host}"
