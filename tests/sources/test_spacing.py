"""Politeness over processes: one request a host at a time, a rest in between, and nobody comes before Retry-After."""

from __future__ import annotations

import threading
import time

import pytest
from redis import Redis

from server.core.errors import Busy, RateLimited, SourceError
from server.sources.courtesy import HOP_PATIENCE
from server.sources.http import DEADLINE, ROBOTS_DEADLINE
from server.sources.spacing import HOLD, Spacing


def test_a_host_is_held_by_one_at_a_time(redis: Redis) -> None:
    spacing = Spacing(redis, seconds=0)
    with spacing.visit("a.example"), pytest.raises(Busy), Spacing(redis, seconds=0).visit("a.example"):
        pass
    with spacing.visit("a.example"):
        pass


def test_a_lease_outlasts_the_longest_visit() -> None:
    drawing = fetching = DEADLINE
    last_hop = HOP_PATIENCE + ROBOTS_DEADLINE
    assert ROBOTS_DEADLINE + fetching + last_hop + drawing < HOLD


def test_other_hosts_do_not_wait(redis: Redis) -> None:
    spacing = Spacing(redis, seconds=60)
    with spacing.visit("a.example"), spacing.visit("b.example"):
        pass


def test_a_host_rests_after_a_request(redis: Redis) -> None:
    spacing = Spacing(redis, seconds=30)
    with spacing.visit("a.example"):
        pass
    with pytest.raises(Busy) as caught, spacing.visit("a.example"):
        pass
    assert 20 < (caught.value.retry_after or 0) <= 30


def test_retry_after_closes_the_host_for_everybody(redis: Redis) -> None:
    spacing = Spacing(redis, seconds=0)
    with pytest.raises(RateLimited), spacing.visit("a.example"):
        raise RateLimited("slow down", retry_after=300.0)
    with pytest.raises(Busy) as caught, Spacing(redis, seconds=0).visit("a.example"):
        pass
    assert 200 < (caught.value.retry_after or 0) <= 300


def test_an_ordinary_failure_does_not_close_the_host(redis: Redis) -> None:
    spacing = Spacing(redis, seconds=0)
    with pytest.raises(SourceError), spacing.visit("a.example"):
        raise SourceError("refused")
    with spacing.visit("a.example"):
        pass


def test_patience_waits_for_its_turn(redis: Redis) -> None:
    spacing = Spacing(redis, seconds=0)
    order: list[str] = []

    def hold() -> None:
        with spacing.visit("a.example"):
            order.append("first")
            time.sleep(0.5)

    thread = threading.Thread(target=hold)
    thread.start()
    while not order:
        time.sleep(0.01)
    with Spacing(redis, seconds=0).visit("a.example", patience=10):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]
