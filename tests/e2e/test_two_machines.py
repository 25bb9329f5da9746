"""Two workers that share a database, a Redis and nothing else: each document is looked at once a round, by either."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from server import queues
from tests.conftest import fresh_database
from tests.e2e.instance import ROOT
from tests.e2e.platform import Valkey

pytestmark = pytest.mark.e2e
DOCUMENTS, ROUNDS = 40, 3
WORDS = "You keep all rights in what you upload. We store it and show it to those whom you choose. " * 12


class Site:
    """A platform with many documents; notes who asked for what. Each answer takes a moment, as on the web."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.startswith("/terms/"):
                    asked.append((self.headers["User-Agent"], self.path))
                time.sleep(0.03)
                body = f"<h1>Terms {self.path}</h1><p>{WORDS}</p>".encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Machine:
    """A checkout, a data folder and a worker of its own."""

    def __init__(self, folder: Path, name: str, environ: dict[str, str]) -> None:
        self.root = folder / name
        for part in ("server", "bot"):
            shutil.copytree(ROOT / part, self.root / part, ignore=shutil.ignore_patterns("__pycache__"))
        own = {"CLAUSEWATCH_CONTACT": f"{name}@example.org", "CLAUSEWATCH_DATA": str(self.root / "data")}
        self.environ = environ | own
        self.log = (self.root / "log").open("wb")
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, command: str) -> subprocess.Popen[bytes]:
        """Starts a process of this machine."""
        words = [sys.executable, "-m", "server", command]
        self.process = subprocess.Popen(words, cwd=self.root, env=self.environ, stdout=self.log, stderr=self.log)
        return self.process


@pytest.fixture
def database(postgres_cluster: str) -> Iterator[str]:
    """What both share."""
    yield from fresh_database(postgres_cluster)


def test_two_machines_share_the_work_and_double_nothing(database: str, tmp_path: Path) -> None:
    site, clock = Site(), tmp_path / "clock"
    overlay = tmp_path / "catalogue"
    overlay.mkdir()

    def at(number: int) -> str:
        """A host of its own for each document: nobody asks one host for two things at once."""
        return f"http://127.0.0.{number + 1}:{site.server.server_address[1]}"

    head = f'name = "Many"\ncategory = "music"\nhosts = ["many.example"]\nhomepage = "{at(1)}/"\nchecked = 2025-01-01\n'
    for n in range(DOCUMENTS):
        head += f'[documents.t{n}]\ntype = "Terms of Service"\ntitle = "Terms {n}"\nurls = ["{at(n)}/terms/{n}"]\n'
    (overlay / "many.toml").write_text(head)
    with Valkey(tmp_path) as valkey:
        environ = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": database,
            "REDIS_URL": valkey.url,
            "CLAUSEWATCH_HOST_SPACING": "0",
            "CLAUSEWATCH_CATALOGUE": str(overlay),
            "CLAUSEWATCH_PLATFORMS": "many",
            "CLAUSEWATCH_CLOCK_FILE": str(clock),
            "CLAUSEWATCH_ALLOW_PRIVATE": "1",
            "CLAUSEWATCH_CONFIRM_HOURS": "1",
        }
        clock.write_text("2025-03-01T00:00:00+00:00")
        machines = [Machine(tmp_path, name, environ) for name in ("one", "two")]
        assert machines[0].run("migrate").wait(60) == 0
        workers = [machine.run("worker") for machine in machines]
        queue = queues.RedisQueue(queues.open_redis(valkey.url))
        try:
            for number in range(ROUNDS):
                new = clock.with_suffix(".new")
                new.write_text(f"2025-03-{number + 1:02d}T12:00:00+00:00")
                new.replace(clock)
                _round(queue, site, (number + 1) * DOCUMENTS)
        finally:
            for worker in workers:
                worker.terminate()
            assert [worker.wait(30) for worker in workers] == [0, 0]
    site.server.shutdown()
    logs = "".join((machine.root / "log").read_text() for machine in machines)
    assert set(Counter(path for _, path in site.asked).values()) == {ROUNDS}, "each document once a round"
    share = Counter(agent.partition("+")[2] for agent, _ in site.asked)
    assert len(share) == 2 and min(share.values()) >= DOCUMENTS * ROUNDS // 10, share
    engine = create_engine(database)
    with engine.connect() as connection:
        tables = ("versions", "changes", "notices")
        counts = {table: connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in tables}
    engine.dispose()
    assert counts == {"versions": DOCUMENTS, "changes": 0, "notices": 0}
    assert "Traceback" not in logs, logs[-3000:]


def _round(queue: queues.RedisQueue, site: Site, wanted: int) -> None:
    end = time.monotonic() + 90
    while len(site.asked) < wanted and time.monotonic() < end:
        queue.enqueue(queues.POLL_DUE)
        time.sleep(0.1)
    time.sleep(1.5)  # whoever would look twice does it now
