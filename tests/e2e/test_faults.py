"""Faults with real processes: the change is found once and told once, whatever breaks meanwhile."""

from __future__ import annotations

import random
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from server import queues
from tests.e2e.instance import ROOT, free_port
from tests.e2e.platform import Tunery, Valkey, tunery

pytestmark = pytest.mark.e2e
POINTS = 20
"""How often a worker is killed."""


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    """A Redis that forgets everything when it is killed."""
    with Valkey(tmp_path) as server:
        yield server


@pytest.fixture
def story(valkey: Valkey, tmp_path: Path) -> Iterator[Tunery]:
    """Tunery, watched on SQLite."""
    with tunery(tmp_path, REDIS_URL=valkey.url) as made:
        yield made


def test_two_of_everything_and_a_locked_database_tell_once(story: Tunery) -> None:
    story.platform.up("web", "bot", "bot.2", "worker", "worker.2", "clock", "clock.2")
    story.follow()
    story.look()
    story.site.show("terms-after.md")
    story.look(hours=12)
    with closing(sqlite3.connect(story.platform.folder / "data" / "clausewatch.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        story.platform.kick()
        time.sleep(4)
        assert story.platform.lookup("tunery.example")["badge"]["state"] != "permits", "readers do not wait"
        other.execute("ROLLBACK")
    story.look(hours=25)
    story.hear()
    story.stay_silent()


def test_a_worker_killed_at_any_point_loses_and_doubles_nothing(story: Tunery) -> None:
    points = random.Random(7)
    story.platform.up("web", "bot", "worker")
    story.follow()
    story.look()
    story.site.show("terms-after.md")
    for number in range(POINTS):
        story.platform.move(hours=12)
        story.platform.kick()
        time.sleep(points.uniform(0, 0.4))
        story.platform.kill("worker")
        story.platform.redis().delete(*story.platform.redis().keys("cw:*") or ["none"])
        story.platform.run("worker")
        if number % 2:
            story.look(minutes=10)
    story.look(hours=25)
    story.hear()
    story.stay_silent()


def test_a_clock_that_jumps_back_and_far_ahead_tells_once(story: Tunery) -> None:
    story.platform.up("web", "bot", "worker", "clock")
    story.follow()
    story.look()
    story.site.show("terms-after.md")
    story.look(hours=12)
    story.platform.move(days=-40)
    story.platform.kick()
    time.sleep(2)
    assert story.told() == []
    story.look(days=400)
    story.hear()
    story.platform.move(days=-90)
    story.platform.kick(queues.DELIVER_DUE)
    time.sleep(2)
    story.platform.move(days=91)
    story.stay_silent()


def test_redis_killed_and_emptied_in_the_middle(story: Tunery, valkey: Valkey) -> None:
    story.platform.up("web", "bot", "worker", "clock")
    story.follow()
    story.look()
    story.site.show("terms-after.md")
    story.look(hours=12)
    story.platform.kick()
    valkey.kill()
    assert story.platform.lookup("tunery.example")["badge"]["state"] != "permits", "look-ups need no Redis"
    valkey.start()
    story.look(hours=25)
    story.hear()
    story.stay_silent()
    assert {name for name, process in story.platform.running.items() if process.poll() is not None} == set()


def test_every_process_ends_on_sigterm_while_redis_is_away(story: Tunery, valkey: Valkey) -> None:
    names = ("web", "bot", "worker", "clock")
    story.platform.up(*names)
    valkey.kill()
    story.platform.wait(lambda: "Redis broke off" in story.platform.log(), "the clock to miss Redis", seconds=60)
    story.platform.term()


def _taken_port(folder: Path) -> dict[str, str]:
    taken = socket.create_server(("127.0.0.1", 0))
    _taken_port.held = taken  # type: ignore[attr-defined]
    return {"PORT": str(taken.getsockname()[1]), "CLAUSEWATCH_BIND": "127.0.0.1"}


def _file_as_folder(folder: Path) -> dict[str, str]:
    (folder / "file").write_text("not a folder")
    return {"CLAUSEWATCH_DATA": str(folder / "file")}


def _broken_overlay(folder: Path) -> dict[str, str]:
    (folder / "mine").mkdir()
    (folder / "mine" / "own.toml").write_text("name = ")
    return {"CLAUSEWATCH_CATALOGUE": str(folder / "mine")}


WRONG = [
    ("up", _taken_port, "choose another"),
    ("up", _file_as_folder, "CLAUSEWATCH_DATA"),
    ("up", _broken_overlay, "own.toml"),
    ("up", lambda _: {"PORT": "eighty"}, "PORT"),
    ("up", lambda _: {"TELEGRAM_BOT_TOKEN": "secret words"}, "@BotFather"),
    ("migrate", lambda _: {"DATABASE_URL": "postgres://u:hidden@127.0.0.1:1/d"}, "DATABASE_URL"),
    ("worker", lambda _: {"REDIS_URL": "redis://:hidden@127.0.0.1:1/0"}, "REDIS_URL"),
    ("clock", lambda _: {"REDIS_URL": "redis://:hidden@127.0.0.1:1/0"}, "REDIS_URL"),
]


@pytest.mark.parametrize(("command", "fault", "remedy"), WRONG)
def test_what_cannot_start_says_why_in_one_line(tmp_path: Path, command: str, fault: object, remedy: str) -> None:
    environ = {"PATH": "/usr/bin:/bin", "CLAUSEWATCH_DATA": str(tmp_path / "d"), "PORT": str(free_port())}
    environ |= fault(tmp_path)  # type: ignore[operator]
    done = subprocess.run(
        [sys.executable, "-m", "server", command],
        cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode not in (0, None)
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line]
    assert len(lines) == 1, lines
    assert remedy in lines[0]
    assert "secret words" not in lines[0], "secrets are never shown"
    assert "hidden" not in lines[0], "secrets are never shown"
