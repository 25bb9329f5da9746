"""What it means that Redis does not answer, said once for all who ask it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from redis.exceptions import RedisError

from server.core.errors import QueueError


@contextmanager
def redis_answers() -> Iterator[None]:
    """Turns RedisError into a QueueError that says what to do."""
    try:
        yield
    except RedisError as why:
        raise QueueError(_remedy(why)) from why


def _remedy(why: RedisError) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(why):
        return "Nobody vouches for the certificate of Redis. Set REDIS_TLS_VERIFY=0 if that is as it should be."
    return f"Redis does not answer ({why}). Check REDIS_URL, or that it runs."
