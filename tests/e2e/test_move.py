"""An instance is backed up, restored elsewhere, and moved from SQLite to PostgreSQL: nothing is lost or told twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, func, select

from server.store import schema
from server.store.dumps import _LEFT_OUT
from tests.conftest import fresh_database
from tests.e2e.instance import ROOT
from tests.e2e.platform import Tunery, Valkey, tunery

pytestmark = pytest.mark.e2e
ALL = ("web", "worker", "clock", "bot")


def command(story: Tunery, *words: str, **environ: str) -> str:
    """What a command of that instance prints."""
    done = subprocess.run(
        [sys.executable, "-m", "server", *words],
        cwd=ROOT, env=story.platform.environ | environ, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def counts(url: str) -> dict[str, int]:
    """How many rows each table has, of those that are handed on."""
    engine = create_engine(url)
    with engine.connect() as connection:
        tables = [table for table in schema.METADATA.sorted_tables if table.name not in _LEFT_OUT]
        found = {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
    engine.dispose()
    return found


def test_backup_restore_and_move(postgres_cluster: str, tmp_path: Path) -> None:
    for address in fresh_database(postgres_cluster):
        with Valkey(tmp_path) as valkey, tunery(tmp_path, REDIS_URL=valkey.url) as story:
            _live(story)
            backup = tmp_path / "one.backup"
            assert "rows in" in command(story, "backup", str(backup))
            assert backup.stat().st_mode & 0o077 == 0
            story.platform.term("worker", "clock", "bot")
            before = _seen(story)
            story.platform.term()
            source = f"sqlite:///{tmp_path}/data/clausewatch.db"
            restored = f"sqlite:///{tmp_path}/restored.db"
            command(story, "restore", str(backup), DATABASE_URL=restored)
            assert counts(restored).keys() == counts(source).keys()
            assert counts(restored)["changes"] == 1 and counts(restored)["follows"] == 1

            command(story, "move", "--to", address.replace("postgresql+psycopg://", "postgres://"))
            assert counts(address) == counts(source)
            story.platform.environ["DATABASE_URL"] = address.replace("postgresql+psycopg://", "postgres://")
            story.platform.up("web")
            assert _seen(story) == before
            story.platform.run("worker", "clock", "bot")
            story.stay_silent()
            story.site.show("terms-before.md")
            story.look(hours=30)
            story.look(hours=24 * 15)
            story.look(hours=24 * 15)
            story.platform.wait(lambda: len(story.told()) == 2, "the notice of the second change", seconds=60)


def _live(story: Tunery) -> None:
    story.platform.up(*ALL)
    story.live_through_the_change()


def _seen(story: Tunery) -> Any:
    return [story.platform.lookup("tunery.example"), story.platform.get("/v1/changes")]
