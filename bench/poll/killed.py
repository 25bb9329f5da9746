"""`python -m bench.poll.killed`: 60 changed pages, polling killed with -9 in mid-round three times; what is lost?"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

import click
from redis import Redis
from sqlalchemy import func, select

from bench.poll.__main__ import BEGIN, Loop, redis, say, site
from server.flows.poll import CLAIM
from server.store import session
from server.store.tables import ChangeRow

PAGES = 60
DIES_AFTER = (0.8, 1.2, 1.6)
"""Seconds of a round after which its process is killed."""


@click.command()
def main() -> None:
    """Tell how many of the changes were recorded in the end."""
    folder = Path(tempfile.mkdtemp(prefix="cw-killed-"))
    try:
        with site(PAGES) as base, redis(folder) as url:
            say(base, "token", [])
            _round(folder, base, url, BEGIN)
            say(base, "token", list(range(PAGES)))
            for day in (1, 2):  # the change is seen on the first day and counts on the second; both days are hard
                at = BEGIN + timedelta(hours=30 * day)
                for seconds in DIES_AFTER:
                    _round(folder, base, url, at, seconds)
                    click.echo(f"killed after {seconds} s: {_changes(folder)} changes recorded")
                    at += CLAIM + timedelta(seconds=1)
                    Redis.from_url(
                        url
                    ).flushall()  # the dead worker's hold on the host ends after 45 s; none waits here
                _round(folder, base, url, at)
        click.echo(f"{_changes(folder)} of {PAGES} changes recorded")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _round(folder: Path, base: str, url: str, at: datetime, dies_after: float = 0.0) -> None:
    (folder / "clock").write_text(at.isoformat())
    ours = Loop("", [sys.executable, "-m", "bench.poll.ours", base, str(PAGES)], _environment(folder, url), waits=True)
    with ours:
        if not dies_after:
            ours.round()
            return
        assert ours.process.stdin is not None
        ours.process.stdin.write("go\n")
        ours.process.stdin.flush()
        time.sleep(dies_after)
        ours.process.kill()


def _environment(folder: Path, url: str) -> dict[str, str]:
    return {
        "CLAUSEWATCH_DATA": str(folder / "data"),
        "CLAUSEWATCH_CLOCK_FILE": str(folder / "clock"),
        "CLAUSEWATCH_ALLOW_PRIVATE": "1",
        "CLAUSEWATCH_HOST_SPACING": "0",
        "REDIS_URL": url,
    }


def _changes(folder: Path) -> int:
    (file,) = (folder / "data").glob("*.db")
    engine = session.open_engine(f"sqlite:///{file}")
    with session.snapshots(engine)() as opened:
        return opened.scalar(select(func.count()).select_from(ChangeRow)) or 0


if __name__ == "__main__":
    main()
