"""The dead-man's alarm with real processes: whoever is left tells the operator, once, and of the return, once."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.e2e.platform import Platform, Valkey, tunery

pytestmark = pytest.mark.e2e
OPERATOR = 77
EVERY = ("web", "worker", "clock", "bot")
BEATS = "clausewatch_heartbeat_age_seconds"


def all_have_beaten(platform: Platform) -> bool:
    """Whether each process has shown once that it lives: what has never spoken is new, not silent."""
    page = platform.page("/metrics")
    return all(f'{BEATS}{{process="{name}"}}' in page for name in EVERY)


@pytest.mark.parametrize("dead", ["worker", "clock"])
def test_a_dead_process_is_told_by_those_that_live(tmp_path: Path, dead: str) -> None:
    environ = {"CLAUSEWATCH_HEARTBEAT": "1", "CLAUSEWATCH_OPERATORS": str(OPERATOR)}
    with Valkey(tmp_path) as valkey, tunery(tmp_path, REDIS_URL=valkey.url, **environ) as story:
        platform, told = story.platform, lambda: story.telegram.texts(OPERATOR)
        platform.up(*EVERY)
        platform.wait(lambda: all_have_beaten(platform), "a sign of life from everybody", seconds=60)
        time.sleep(6)
        assert told() == [], "nothing is silent"
        platform.kill(dead)
        platform.wait(told, "the alarm", seconds=120)
        time.sleep(4)
        assert [text.partition(" silent")[0] for text in told()] == [f"Alarm: process/{dead}"]
        assert platform.running.keys() & {dead} == set()
        platform.run(dead)
        platform.wait(lambda: len(told()) > 1, "the all-clear", seconds=120)
        time.sleep(4)
        assert told()[1:] == [f"All clear: process/{dead} no longer silent."]
        with pytest.raises(AssertionError):
            platform.wait(lambda: "Alarm" in platform.page("/outbox"), "an alarm on a public page", seconds=1)
