"""`python -m bench.poll --rivals PYTHON [--pages 200]`: prints the table of docs/polling.md.

PYTHON is that of a virtual environment with bench/poll/requirements.txt; rounds follow one another on the same pages.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from bench.poll.rivals import ChangeDetection, UrlWatch
from server import embedded

HERE = Path(__file__).parent
CHANGED = 20
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Round:
    """One pass over all pages: how the site answers and how far the clock moves before."""

    name: str
    mode: str
    changed: bool
    hours: float


ROUNDS = (
    Round("cold", "etag", False, 0),
    Round("304, first", "etag", False, 6),
    Round("304", "etag", False, 6),
    Round("fresh tokens, first", "token", False, 30),
    Round("fresh tokens", "token", False, 6),
    Round("20 changed", "token", True, 6),
    Round("20 changed, again", "token", True, 30),
    Round("20 changed, quiet", "token", True, 6),
)


@dataclass
class Loop:
    """A program of this folder that does a round for each line it reads."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    waits: bool = False

    def __enter__(self) -> Loop:
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | self.environment
        )
        if self.waits:
            self._read()
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(30)

    def _read(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def round(self) -> dict[str, Any]:
        """What one round cost and found."""
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        return dict(json.loads(self._read()))


@click.command()
@click.option("--pages", default=200, show_default=True)
@click.option("--rivals", default="", help="Python of the environment of the rivals; without it only we are measured.")
@click.option("--without", multiple=True, help="Leave one out: urlwatch, changedetection.io, requests, httpx.")
@click.option("--json", "as_json", is_flag=True)
def main(pages: int, rivals: str, without: tuple[str, ...], as_json: bool) -> None:
    """Measure CPU, wall time, memory and findings of each program in each round."""
    folder = Path(tempfile.mkdtemp(prefix="cw-bench-"))
    rows: list[dict[str, Any]] = []
    try:
        with site(pages) as base, redis(folder) as url:
            for program in programs(folder, base, pages, url, rivals):
                if program.name in without:
                    continue
                say(base, "etag", [])
                (folder / "clock").write_text(BEGIN.isoformat())
                with program:
                    rows += list(rounds(program, base, pages, folder / "clock"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    click.echo(json.dumps(rows) if as_json else table(rows, pages))


def programs(folder: Path, base: str, pages: int, redis_url: str, rivals: str) -> Iterator[Any]:
    """All that are measured, one after the other."""
    ours = {
        "CLAUSEWATCH_DATA": str(folder / "data"),
        "CLAUSEWATCH_CLOCK_FILE": str(folder / "clock"),
        "CLAUSEWATCH_ALLOW_PRIVATE": "1",
        "CLAUSEWATCH_HOST_SPACING": "0",
        "REDIS_URL": redis_url,
    }
    yield Loop("clausewatch", [sys.executable, "-m", "bench.poll.ours", base, str(pages)], ours, waits=True)
    if rivals:
        for kind in ("requests", "httpx"):
            yield Loop(kind, [rivals, str(HERE / "floor.py"), kind, base, str(pages)])
        yield UrlWatch(rivals, folder / "urlwatch", base, pages)
        yield ChangeDetection(rivals, folder / "cd", base, pages)


def rounds(program: Any, base: str, pages: int, clock: Path) -> Iterator[dict[str, Any]]:
    """Each round of a program."""
    at = BEGIN
    for each in ROUNDS:
        at += timedelta(hours=each.hours)
        clock.write_text(at.isoformat())
        say(base, each.mode, list(range(0, pages, pages // CHANGED))[:CHANGED] if each.changed else [])
        told = program.round()
        yield {"program": program.name, "round": each.name, "ms": 1000 * told["cpu"] / pages} | told


def table(rows: list[dict[str, Any]], pages: int) -> str:
    """The figures, for people."""
    lines = [
        f"{pages} pages of 60 kB text",
        f"{'program':20} {'round':22} {'CPU ms/page':>11} {'wall s':>7} {'found':>6} {'MB':>5}",
    ]
    lines += [
        f"{row['program']:20} {row['round']:22} {row['ms']:11.2f} {row['wall']:7.2f} {row['found']:6} "
        f"{row['peak']:5.0f}  {row.get('outcomes', '')}"
        for row in rows
    ]
    return "\n".join(lines)


def say(base: str, mode: str, changed: list[int]) -> None:
    """Tells the site how to answer."""
    body = json.dumps({"mode": mode, "changed": changed}).encode()
    urllib.request.urlopen(urllib.request.Request(base + "/_mode", data=body, method="PUT"), timeout=10).close()


@contextmanager
def site(pages: int) -> Iterator[str]:
    """The site, in a process of its own."""
    port = free_port()
    command = [sys.executable, "-m", "bench.poll.site", str(port), str(pages)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A Redis for spacing, as a worker has it."""
    (folder / "redis").mkdir()
    command = embedded.command(folder / "redis")
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        socket_file = folder / "redis" / "redis.sock"
        while not socket_file.exists():
            time.sleep(0.02)
        try:
            yield f"unix://{socket_file}"
        finally:
            process.terminate()


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


if __name__ == "__main__":
    main()
