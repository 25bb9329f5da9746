"""What breaks in the middle of work, with real processes: PostgreSQL restarts, the disk fills up, a deploy."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests import postgres
from tests.conftest import fresh_database, require
from tests.e2e.instance import ROOT
from tests.e2e.platform import Valkey, tunery
from tests.flows.test_backfill import NEW, OLD
from tests.sources.archive_server import ArchiveServer, Kept

pytestmark = pytest.mark.e2e
ALL = ("web", "worker", "clock", "bot")


def test_postgresql_restarts_in_the_middle_of_work(tmp_path: Path) -> None:
    require("PostgreSQL", postgres.programs() is not None)
    with postgres.Cluster() as cluster, Valkey(tmp_path) as valkey:
        made = fresh_database(cluster.url)
        url = next(made)
        environ = {"DATABASE_URL": url.replace("postgresql+psycopg://", "postgres://"), "REDIS_URL": valkey.url}
        with tunery(tmp_path, **environ, CLAUSEWATCH_HEARTBEAT="1") as story:
            platform = story.platform
            platform.up(*ALL)
            story.follow()
            story.look()
            story.site.show("terms-after.md")
            platform.move(hours=12)
            platform.kick()
            cluster.stop()
            for _ in range(4):
                platform.kick()
                time.sleep(1)
            assert platform.page("/healthz"), "the web process lives"
            cluster.start()
            platform.wait(platform.answers, "the database to be used again", seconds=60)
            story.look(hours=1)
            story.look(hours=25)
            story.hear()
            story.stay_silent()
            assert {name for name, process in platform.running.items() if process.poll() is not None} == set()
        made.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount") or "mount"
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("needs the right to mount a small file system")
    yield folder
    subprocess.run([shutil.which("umount") or "umount", "-l", str(folder)], check=True)


def test_a_full_disk_loses_and_doubles_nothing_once_there_is_room(tmp_path: Path, small_disk: Path) -> None:
    database = small_disk / "clausewatch.db"
    with (
        Valkey(tmp_path) as valkey,
        tunery(tmp_path, REDIS_URL=valkey.url, DATABASE_URL=f"sqlite:///{database}") as story,
    ):
        platform = story.platform
        platform.up(*ALL)
        story.follow()
        story.look()
        story.site.show("terms-after.md")
        _fill(small_disk)
        platform.move(hours=12)
        for _ in range(6):
            platform.kick()
            time.sleep(0.5)
        assert "disk is full" in platform.log(), "the log says why"
        assert platform.lookup("tunery.example")["badge"]["state"] != "permits", "what is known is still told"
        (small_disk / "filler").unlink()
        story.look(hours=1)
        story.look(hours=25)
        story.hear()
        story.stay_silent()
    with closing(sqlite3.connect(database)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def _fill(disk: Path) -> None:
    with (disk / "filler").open("wb", buffering=0) as filler:
        try:
            while True:
                filler.write(bytes(4096))
        except OSError:
            os.sync()


def test_a_deploy_in_the_middle_of_a_backfill_goes_on_where_it_was(tmp_path: Path) -> None:
    url = "https://zoom.us/terms"
    bodies = [OLD] * 16 + [NEW] * 16 + [OLD] * 16
    kept = [Kept(f"20{20 + n // 12}{n % 12 + 1:02d}01000000", body, url=url) for n, body in enumerate(bodies)]
    environ = {"PATH": os.environ["PATH"], "CLAUSEWATCH_DATA": str(tmp_path), "CLAUSEWATCH_ALLOW_PRIVATE": "1"}
    with ArchiveServer(kept) as archive:
        command = [sys.executable, "-m", "server", "backfill", "zoom", "--document", "terms", "--archive", archive.url]

        def start(pace: str) -> subprocess.Popen[str]:
            paced = environ | {"CLAUSEWATCH_ARCHIVE_REPLAYS": pace}
            pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
            return subprocess.Popen([*command, "--json"], cwd=ROOT, env=paced, **pipes)  # type: ignore[call-overload]

        first = start("60")
        end = time.monotonic() + 60
        while len(_replays(archive)) < 3 and time.monotonic() < end:
            time.sleep(0.05)
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=30)
        before = _replays(archive)
        done = start("60000")
        told, said = done.communicate(timeout=120)
        assert done.returncode == 0, said
        after = _replays(archive)[len(before) :]
    assert 3 <= len(before) < len(before) + len(after)
    assert [path for path in after if path in before[:-1]] == [], "what was stored is not asked for again"
    found = json.loads(told.splitlines()[-1])
    with closing(sqlite3.connect(tmp_path / "clausewatch.db")) as opened:
        changes = opened.execute(
            "SELECT count(*), count(DISTINCT before_id || '-' || after_id) FROM changes"
        ).fetchone()
        notices = opened.execute("SELECT count(*) FROM notices").fetchone()
    assert found["outcome"] == "complete"
    assert changes[0] == changes[1] == len(found["changes"]) >= 1
    assert notices == (0,), "the past is no news"


def _replays(archive: ArchiveServer) -> list[str]:
    return [path for path in archive.log if path.startswith("/web/")]
