"""The processes of the Procfile as a platform runs them: each on its own, with PORT, DATABASE_URL and REDIS_URL."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from server import demo, embedded, queues
from server.core.errors import QueueError
from server.demo.site import DemoSite
from tests.botapi.server import BotApi
from tests.e2e.instance import ROOT, Instance, free_port

BEGIN = datetime(2025, 3, 1, 12, tzinfo=UTC)
TOKEN = "123456:" + "P" * 35
CHAT = 2002
PASSWORD = "valkeys-own-password"

PROCFILE = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())


class Platform(Instance):
    """An Instance whose processes are started, killed and stopped one by one."""

    def __init__(self, *args: Any, **environ: str) -> None:
        super().__init__(*args, **environ)
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def command(self, name: str) -> list[str]:
        """The Procfile's command with this Python; "worker.2" is a second worker."""
        words = shlex.split(PROCFILE[name.partition(".")[0]])
        return [sys.executable, *words[1:]]

    def release(self) -> None:
        """The release phase."""
        subprocess.run(self.command("release"), cwd=ROOT, env=self.environ, check=True, capture_output=True)

    def run(self, *names: str) -> None:
        """Starts processes."""
        for name in names:
            with (self.folder / "log").open("ab") as log:
                options: dict[str, Any] = {"cwd": ROOT, "env": self.environ, "stdout": log, "stderr": log}
                self.running[name] = subprocess.Popen(self.command(name), start_new_session=True, **options)

    def up(self, *names: str) -> Platform:
        """Starts processes, the web process among them, and waits until it answers."""
        self.run(*names)
        self.process = self.running["web"]
        self.wait(self.answers, "the web process", seconds=60)
        return self

    def term(self, *names: str, within: float = 30) -> dict[str, int]:
        """SIGTERM to all at once, as platforms do; exit statuses. Fails when one does not end in time."""
        ending = {name: self.running.pop(name) for name in names or tuple(self.running)}
        for process in ending.values():
            process.terminate()
        end = time.monotonic() + within
        return {name: process.wait(max(end - time.monotonic(), 0.01)) for name, process in ending.items()}

    def kill(self, name: str) -> None:
        """kill -9 to one process and all that it started."""
        process = self.running.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def __enter__(self) -> Platform:
        return self

    def __exit__(self, *_: object) -> None:
        for name in tuple(self.running):
            self.kill(name)


class Valkey:
    """A real server on TCP with a password, as platforms give one; it keeps nothing on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it, empty, and waits until it answers."""
        options = {"--port": str(self.port), "--bind": "127.0.0.1", "--requirepass": PASSWORD, "--save": ""}
        command = [embedded.program(), *(word for pair in options.items() for word in pair)]
        self.process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL)
        for _ in range(400):
            with contextlib.suppress(RedisError):
                Redis.from_url(self.url).ping()
                return
            time.sleep(0.05)
        raise AssertionError("Valkey did not start")

    def kill(self) -> None:
        """kill -9."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def __enter__(self) -> Valkey:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


class Tunery:
    """The demo's invented platform, watched by the processes of a platform, and one follower in Telegram."""

    def __init__(self, site: DemoSite, platform: Platform, telegram: BotApi) -> None:
        self.site, self.platform, self.telegram = site, platform, telegram

    def follow(self) -> None:
        """Somebody follows Tunery."""
        self.telegram.say(CHAT, "/follow tunery")
        self.platform.wait(lambda: self.telegram.texts(CHAT), "the bot's answer", seconds=60)

    def look(self, **later: float) -> None:
        """Moves the clock on and waits until the terms have been looked at since; claims of the dead run out."""
        self.platform.move(**later)
        since = self.platform.at
        end = time.monotonic() + 60
        while not self.platform._looked("tunery", "terms", since):
            assert time.monotonic() < end, f"nobody looks; log:\n{self.platform.log()[-4000:]}"
            with contextlib.suppress(QueueError):
                self.platform.kick()
            time.sleep(0.5)
            self.platform.move(seconds=20)

    def told(self) -> list[str]:
        """The notices that reached the follower."""
        return [text for text in self.telegram.texts(CHAT) if "№" in text]

    def hear(self) -> None:
        """Waits for the first notice."""
        self.platform.wait(self.told, "the notice", seconds=60, kick=queues.DELIVER_DUE)

    def live_through_the_change(self) -> None:
        """From the first look to the notice of the one change, with a follower."""
        self.follow()
        self.look()
        self.site.show("terms-after.md")
        self.look(hours=12)
        self.look(hours=25)
        self.hear()

    def stay_silent(self, seconds: float = 2) -> None:
        """Another look and another delivery bring nothing more: one notice, one change."""
        self.look(hours=7)
        self.platform.kick(queues.DELIVER_DUE)
        time.sleep(seconds)
        assert len(self.told()) == 1, self.told()
        changes = self.platform.get("/v1/changes")["changes"]
        assert [change["direction"] for change in changes] == ["worse"], changes


@contextlib.contextmanager
def tunery(folder: Path, **environ: str) -> Iterator[Tunery]:
    """The site, a Bot API server and a platform on which nothing runs yet."""
    with DemoSite() as site, BotApi(token=TOKEN) as telegram:
        text = (Path(demo.__file__).parent / "tunery.toml").read_text().replace("{port}", str(site.port))
        bot = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url, "TELEGRAM_BOT_USERNAME": "tunery_bot"}
        with Platform(folder, BEGIN, {"tunery": text}, **bot, **environ) as platform:
            platform.release()
            yield Tunery(site, platform, telegram)
