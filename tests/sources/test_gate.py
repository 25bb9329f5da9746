"""The gate before an archive: in this process and in Redis, by the same rules."""

from __future__ import annotations

import threading
import time

import pytest
from redis import Redis

from server.core.errors import Busy, QueueError
from server.sources.gate import Gate, Ledger, LocalLedger, RedisLedger


@pytest.fixture(params=["local", "redis"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    return LocalLedger() if request.param == "local" else RedisLedger(request.getfixturevalue("redis"))


def test_two_requests_of_one_lane_keep_their_distance_and_lanes_are_apart(ledger: Ledger) -> None:
    gate = Gate(ledger, {"list": 0.3, "replay": 0.0})
    began = time.monotonic()
    for lane in ("list", "replay", "replay"):
        with gate.through("a.example", lane):
            pass
    assert time.monotonic() - began < 0.29
    with gate.through("a.example", "list"):
        assert time.monotonic() - began >= 0.29


def test_a_closed_archive_is_closed_to_all_and_others_are_open(ledger: Ledger) -> None:
    Gate(ledger, {}).close("a.example")
    with pytest.raises(Busy) as busy, Gate(ledger, {}).through("a.example", "replay"):
        pass
    assert 50 < (busy.value.retry_after or 0) <= 60
    with Gate(ledger, {}).through("b.example", "replay"):
        pass


def test_each_strike_closes_for_twice_as_long_and_never_for_less_than_asked(ledger: Ledger) -> None:
    gate = Gate(ledger, {})
    assert gate.close("a.example") == pytest.approx(60, abs=1)
    assert gate.close("a.example") == pytest.approx(120, abs=1)
    assert gate.close("a.example", asked=1000) == pytest.approx(1000, abs=1)
    assert gate.close("b.example", refused=True) == pytest.approx(3600, abs=1)


def test_a_shorter_pause_does_not_open_earlier(ledger: Ledger) -> None:
    gate = Gate(ledger, {})
    gate.close("a.example", asked=1000)
    assert gate.close("a.example") == pytest.approx(1000, abs=2)


def test_workers_that_share_redis_take_turns(redis: Redis) -> None:
    inside, most = 0, 0
    lock = threading.Lock()

    def work() -> None:
        nonlocal inside, most
        gate = Gate(RedisLedger(redis), {})
        for _ in range(5):
            with gate.through("a.example", "replay"):
                with lock:
                    inside += 1
                    most = max(most, inside)
                time.sleep(0.002)
                with lock:
                    inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert most == 1


def test_without_redis_the_error_says_what_to_do() -> None:
    gate = Gate(RedisLedger(Redis(port=1, socket_connect_timeout=0.2)), {})
    with pytest.raises(QueueError, match="REDIS_URL"), gate.through("a.example", "list"):
        pass
