"""Counters: how often things happened, summed over all processes in Redis; lost with it, as Prometheus expects."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

KEY = "cw:counted"

_waiting: Counter[str] = Counter()
_lock = Lock()


def add(name: str, label: str, times: int = 1) -> None:
    """Counts in this process; `flush` hands it on."""
    with _lock:
        _waiting[f"{name}:{label}"] += times


def flush(redis: Redis) -> None:
    """Adds what was counted to the sums of all; without Redis it waits."""
    with _lock:
        counted = dict(_waiting)
        _waiting.clear()
    try:
        with redis.pipeline(transaction=False) as pipe:
            for field, times in counted.items():
                pipe.hincrby(KEY, field, times)
            if counted:
                pipe.execute()
    except RedisError:
        with _lock:
            _waiting.update(counted)


def read(redis: Redis, name: str) -> dict[str, int]:
    """The sums under a name, by label; raises RedisError."""
    raw: dict[Any, Any] = redis.hgetall(KEY)
    found = {field.decode(): int(times) for field, times in raw.items()}
    return {field.partition(":")[2]: times for field, times in found.items() if field.startswith(f"{name}:")}
