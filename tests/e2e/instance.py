"""A whole running Clausewatch for tests: real processes, a movable clock, an own data folder."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from redis import Redis

from server import queues

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Instance:
    """`clausewatch up` with an overlay catalogue and a clock file. Use it as a context manager."""

    def __init__(self, folder: Path, at: datetime, overlay: dict[str, str], **environ: str) -> None:
        self.folder, self.at, self.port = folder, at, free_port()
        self.process: subprocess.Popen[bytes] | None = None
        catalogue = folder / "catalogue"
        catalogue.mkdir(parents=True, exist_ok=True)
        for name, text in overlay.items():
            (catalogue / f"{name}.toml").write_text(text, encoding="utf-8")
        self.set_clock(at)
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("CLAUSEWATCH_", "TELEGRAM_"))}
        for name in ("DATABASE_URL", "REDIS_URL", "PORT"):
            inherited.pop(name, None)
        self.environ = inherited | {
            "CLAUSEWATCH_DATA": str(folder / "data"),
            "PORT": str(self.port),
            "CLAUSEWATCH_BIND": "127.0.0.1",
            "CLAUSEWATCH_CATALOGUE": str(catalogue),
            "CLAUSEWATCH_PLATFORMS": ",".join(overlay),
            "CLAUSEWATCH_CLOCK_FILE": str(folder / "clock"),
            "CLAUSEWATCH_ALLOW_PRIVATE": "1",
            "CLAUSEWATCH_HOST_SPACING": "0",
            "CLAUSEWATCH_READS_A_MINUTE": "0",
            **environ,
        }

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def set_clock(self, at: datetime) -> None:
        """Moves the clock of every process."""
        self.at = at.astimezone(UTC)
        new = self.folder / "clock.new"
        new.write_text(self.at.isoformat())
        new.replace(self.folder / "clock")

    def start(self) -> Instance:
        """Starts it and waits until it answers."""
        log = (self.folder / "log").open("ab")
        command = [sys.executable, "-m", "server", "up"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environ, stdout=log, stderr=log)
        self.wait(lambda: self.answers(), "the server to answer", seconds=60)
        return self

    def stop(self) -> int:
        """Stops it as Ctrl-C does; gives its exit status."""
        assert self.process
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def __enter__(self) -> Instance:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def log(self) -> str:
        """What all its processes said."""
        return (self.folder / "log").read_text(errors="replace")

    def answers(self) -> bool:
        """Whether it is ready."""
        assert self.process
        if self.process.poll() is not None:
            raise AssertionError(f"it ended with {self.process.returncode}:\n{self.log()[-3000:]}")
        try:
            return bool(self.get("/readyz"))
        except (OSError, AssertionError):
            return False

    def get(self, path: str) -> Any:
        """The JSON at a path."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=20) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as why:
            raise AssertionError(f"{path}: {why.code} {why.read()[:500]!r}") from why

    def page(self, path: str) -> str:
        """The page at a path."""
        with urllib.request.urlopen(self.url + path, timeout=20) as answer:
            return str(answer.read().decode())

    def lookup(self, host: str) -> Any:
        """What the extension sees."""
        return self.get(f"/v1/lookup?host={host}")

    def redis(self) -> Redis:
        """Its Redis."""
        url = self.environ.get("REDIS_URL") or f"unix://{self.folder / 'data' / 'redis.sock'}"
        return queues.open_redis(url, verify=self.environ.get("REDIS_TLS_VERIFY") != "0")

    def kick(self, job: str = queues.POLL_DUE) -> None:
        """Queues a job now instead of waiting for the clock process."""
        queues.RedisQueue(self.redis()).enqueue(job)

    def wait(self, until: Callable[[], Any], what: str, *, seconds: float = 30, kick: str = "") -> Any:
        """The first true value of `until`; fails with the log when there is none in time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if value := until():
                return value
            if kick:
                self.kick(kick)
            time.sleep(0.15)
        raise AssertionError(f"waited {seconds} s for {what}; log:\n{self.log()[-4000:]}")

    def look(self, platform: str, document: str = "terms") -> Any:
        """Has the document looked at at the present clock time; gives its entry in the API afterwards.

        Time goes on by a second with each try: a host that was busy is due a moment later.
        """
        since = self.at

        def tried() -> Any:
            found = self._looked(platform, document, since)
            if not found:
                self.move(seconds=1)
                self.kick()
            return found

        return self.wait(tried, f"a look at {platform}/{document}")

    def _looked(self, platform: str, document: str, since: datetime) -> Any:
        for entry in self.get(f"/v1/sources?platform={platform}")["sources"]:
            if entry["key"] == f"page:{platform}/{document}" and entry["last_checked_at"]:
                return entry if datetime.fromisoformat(entry["last_checked_at"]) >= since else None
        return None

    def move(self, **by: float) -> None:
        """Moves the clock on."""
        self.set_clock(self.at + timedelta(**by))
