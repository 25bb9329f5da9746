"""Politeness shared by all workers: no host sees two requests at once, and none before it is time again."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from redis import Redis

from server.answering import redis_answers
from server.core.errors import Busy, RateLimited, ServerTrouble, SourceError
from server.sources.courtesy import host_of

HOLD = 120
"""Seconds after which a lease of a worker that died lets go; longer than a page, redirects and drawing may take."""

_LET_GO = """if redis.call('get', KEYS[1]) == ARGV[1] then
  if tonumber(ARGV[2]) > 0 then redis.call('set', KEYS[1], 'rest', 'PX', ARGV[2]) else redis.call('del', KEYS[1]) end
end"""


class Spacing:
    """One lease a host in Redis; after a request the host rests for `seconds`."""

    def __init__(self, redis: Redis, seconds: float) -> None:
        self.redis, self.seconds = redis, seconds

    @contextmanager
    def visit(self, host: str, *, patience: float = 0.0) -> Iterator[None]:
        """Holds the host for one request. Raises Busy (with when to come back) if it is not free within `patience`.

        A RateLimited or ServerTrouble error with a time, raised inside, closes the host to every worker until then,
        unless another host gave that answer.
        """
        key, mine = f"cw:host:{host}", secrets.token_hex(8)
        with redis_answers():
            self._take(key, host, mine, patience)
            rest = self.seconds
            try:
                yield
            except (RateLimited, ServerTrouble) as why:
                rest = max(rest, why.retry_after or 0.0) if _is_of(why, host) else rest
                raise
            finally:
                self._ask("EVAL", _LET_GO, 1, key, mine, int(rest * 1000))

    def _take(self, key: str, host: str, mine: str, patience: float) -> None:
        end = time.monotonic() + patience
        while not self._ask("SET", key, mine, "NX", "EX", HOLD):
            left = max(int(self.redis.pttl(key)), 100) / 1000
            if time.monotonic() + min(left, 1.0) > end:
                raise Busy(f"{host} is not free; it can be asked again in {left:.0f} s.", retry_after=left)
            time.sleep(min(left, 0.25))

    def _ask(self, *command: str | int) -> Any:
        """The answer to one command, without what the client does around each, which costs twice the command."""
        pool = self.redis.connection_pool
        connection = pool.get_connection()  # a new one where the kept one has broken off
        try:
            connection.send_command(*command)  # type: ignore[no-untyped-call]
            return connection.read_response()
        finally:
            pool.release(connection)


def _is_of(why: SourceError, host: str) -> bool:
    """Whether it was this host that asked to wait: a redirect may have led to another one."""
    answered = getattr(why.answer, "final_url", "")
    return not answered or host_of(answered) == host


class NoSpacing:
    """For one-off commands without Redis: the requests of one process follow one another anyhow."""

    @contextmanager
    def visit(self, host: str, *, patience: float = 0.0) -> Iterator[None]:
        """Lets every request through."""
        yield
