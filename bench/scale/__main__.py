"""What one unit of work costs here, and what the goal of docs/scaling.md costs then: `python -m bench.scale`.

Measured on PostgreSQL where its programs are installed, else on SQLite. Costs are CPU of our processes, not waiting.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from sqlalchemy import create_engine, text

from bench.poll.__main__ import Loop, programs, redis, rounds, say, site
from server import catalogue, settings
from server.sources.clock import SystemClock
from server.store import schema, session
from server.web.app import create_app
from server.web.context import Context
from server.web.hot import Hot
from tests import postgres

DOCUMENTS, SUBSCRIBERS, LOOKUPS = 10_000, 1_000_000, 100_000_000
POLLS_A_DAY, CHANGED, UNCACHED = 4, 0.01, 0.10
"""Looks at a document a day; the part of looks that show another wording; the part of look-ups that a CDN passes on."""
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing measured."""

    name: str
    value: float
    unit: str


@click.command()
@click.option("--pages", default=200, show_default=True, help="Documents that are polled.")
@click.option("--seconds", default=8.0, show_default=True, help="Of sending.")
@click.option("--json", "as_json", is_flag=True)
def main(pages: int, seconds: float, as_json: bool) -> None:
    """Measure units, then do the arithmetic."""
    with tempfile.TemporaryDirectory(prefix="cwscale-") as folder, databases(Path(folder)) as make:
        units = {unit.name: unit for unit in measure(Path(folder), make, pages, seconds)}
    if as_json:
        click.echo(json.dumps({unit.name: [unit.value, unit.unit] for unit in units.values()}))
        return
    for unit in units.values():
        click.echo(f"| {unit.name} | {unit.value:,.3g} {unit.unit} |")
    click.echo()
    for line in arithmetic({name: unit.value for name, unit in units.items()}):
        click.echo(f"| {line} |")


@contextlib.contextmanager
def databases(folder: Path) -> Iterator[Any]:
    """Makes addresses of empty databases, by name."""
    if postgres.programs() is None:
        yield lambda name: f"sqlite:///{folder}/{name}.db"
        return
    with postgres.Cluster() as cluster:

        def make(name: str) -> str:
            engine = create_engine(cluster.url, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name}"))
            engine.dispose()
            return cluster.url.replace("/postgres?", f"/{name}?")

        yield make


def measure(folder: Path, make: Any, pages: int, seconds: float) -> Iterator[Unit]:
    """Every unit."""
    url = make("polled")
    yield from of_polls(folder, url, pages)
    yield from of_storage(url, pages)
    yield from of_lookups(url)
    yield from of_sends(make("sent"), seconds)


def of_polls(folder: Path, url: str, pages: int) -> Iterator[Unit]:
    """CPU of a look, by what it shows."""
    names = {
        "cold": "first look (fetch, extract, read, store)",
        "304": "look, 304",
        "fresh tokens": "look, same text in other bytes",
        "20 changed": "look, 20 documents changed among all",
    }
    with site(pages) as base, redis(folder) as redis_url:
        loop = next(programs(folder, base, pages, redis_url, ""))
        assert isinstance(loop, Loop)
        loop.environment["DATABASE_URL"] = url
        say(base, "etag", [])
        (folder / "clock").write_text("2026-01-01T00:00:00+00:00")
        with loop:
            for row in rounds(loop, base, pages, folder / "clock"):
                if row["round"] in names:
                    yield Unit(names[row["round"]], row["ms"], "ms CPU")


def of_storage(url: str, pages: int) -> Iterator[Unit]:
    """Bytes that are kept, after the rounds above."""
    engine = session.open_engine(url)
    with engine.connect() as connection:
        captures, stored = connection.execute(text("SELECT count(*), sum(length(data)) FROM blobs")).one()
        if engine.dialect.name == "postgresql":
            whole = connection.scalar(text("SELECT pg_database_size(current_database())"))
        else:
            whole = connection.scalar(text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"))
    engine.dispose()
    yield Unit("raw page of 75 kB, packed", stored / captures, "bytes")
    yield Unit("database, for each document with its captures, versions, readings", whole / pages, "bytes")


def of_lookups(url: str) -> Iterator[Unit]:
    """CPU of a look-up that is in memory, and of one that Flask answers."""
    engine = session.open_engine(url)
    schema.migrate(engine)
    here = Context(
        settings.read({"CLAUSEWATCH_READS_A_MINUTE": "0", "SECRET_KEY": "k" * 32}),
        catalogue.load(), SystemClock(), session.snapshots(engine), session.transactions(engine), _NoQueue(),
    )  # fmt: skip
    flask = create_app(here)
    hot = Hot(flask.wsgi_app, here)
    environ = flask.test_request_context("/v1/lookup?host=soundcloud.com").request.environ
    for name, call, times, unit, scale in (
        ("look-up from memory, without the web server", hot, 20_000, "µs CPU", 1e6),
        ("look-up that Flask answers", flask.wsgi_app, 300, "ms CPU", 1e3),
    ):
        for _ in range(3):
            b"".join(call(dict(environ), _started))
        began = time.process_time()
        for _ in range(times):
            b"".join(call(dict(environ), _started))
        yield Unit(name, (time.process_time() - began) / times * scale, unit)
    engine.dispose()


class _NoQueue:
    def enqueue(self, job: str, *args: str | int) -> None:
        """Nothing runs here."""

    def waiting(self) -> dict[str, int]:
        """Nothing waits here."""
        return {}


def _started(*_: Any) -> None:
    """Takes status and headers."""


def of_sends(url: str, seconds: float) -> Iterator[Unit]:
    """A fan-out and a sender without a limit, by the bench of broadcasts."""
    words = ["--subscribers", "20000", "--seconds", "0", "--unlimited-seconds", str(seconds), "--database", url]
    command = [sys.executable, "-m", "bench.broadcast", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    queued = next(each for each in told if each["phase"] == "enqueue")
    sent = next(each for each in told if each["phase"] == "unlimited")
    yield Unit("deliveries queued by a change", queued["queued"] / max(queued["seconds"], 0.01), "a second")
    yield Unit("messages sent by one sender without a limit", sent["per_second"], "a second")


def arithmetic(cost: dict[str, float]) -> Iterator[str]:
    """The goal, in cores, bytes and hours."""
    polls = DOCUMENTS * POLLS_A_DAY
    same, changed = cost["look, same text in other bytes"], cost["first look (fetch, extract, read, store)"]
    cpu = polls * (same * (1 - CHANGED) + changed * CHANGED) / 1000
    yield f"looks a day | {polls:,} | {cpu / 60:,.0f} CPU minutes a day, {cpu / DAY:.1%} of a core"
    late = polls / DAY * 1.5
    yield f"looks abreast, 1.5 s each | {late:.1f} | one worker each, {late / 0.7:.0f} at 70 %"
    a_year = polls * CHANGED * 365 * cost["raw page of 75 kB, packed"]
    base = DOCUMENTS * cost["database, for each document with its captures, versions, readings"]
    yield f"storage | {base / 1e9:.1f} GB | and {a_year / 1e9:.1f} GB a year of raw pages of changes"
    speed = cost["messages sent by one sender without a limit"]
    hours = SUBSCRIBERS / 25 / 3600
    yield f"one change that all {SUBSCRIBERS:,} follow, at 25/s | {hours:.1f} h | Telegram's limit, not ours"
    paid = min(1000.0, speed)
    yield f"the same with paid broadcasts | {SUBSCRIBERS / paid / 60:.0f} min | {paid:.0f}/s by one sender"
    queued = SUBSCRIBERS / cost["deliveries queued by a change"]
    yield f"queueing it | {queued:.0f} s | in the transaction that publishes the change"
    origin = LOOKUPS / DAY * UNCACHED
    memory = cost["look-up from memory, without the web server"] / 1e6
    yield f"look-ups a second | {LOOKUPS / DAY:,.0f} | three times as many at the peak"
    share = f"{origin * memory:.1%} of a core, and the web server's own cost"
    yield f"of those that a CDN passes on ({UNCACHED:.0%}) | {origin:,.0f} | {share}"


if __name__ == "__main__":
    main()
