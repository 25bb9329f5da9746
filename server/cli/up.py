"""`clausewatch up`: everything on one machine, with nothing to set.

It lives as long as the others do, so it loads neither database, queues nor catalogue: a child of its own prepares them.
"""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import logging
import os
import socket
import subprocess  # nosec B404: runs our own commands
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from server import embedded, logs, settings
from server.core.errors import SettingsError
from server.processes import Program, Supervisor
from server.settings import Settings

log = logging.getLogger("clausewatch")


@click.command()
@click.option("--all-in-one", is_flag=True, help="One small worker for everything: for free plans.")
def up(all_in_one: bool) -> None:
    """Start everything: Redis (unless REDIS_URL is set), web, worker, clock, and the bot when it has a token."""
    config = settings.read()
    logs.start(config, "supervisor")
    run(config, all_in_one=all_in_one)


def run(config: Settings, *, all_in_one: bool = False, banner: bool = True) -> None:
    """Starts everything and stays until a signal. Raises ClausewatchError when something cannot work."""
    _check_folder(config)
    with _only_one(config):
        _run_alone(config, all_in_one=all_in_one, banner=banner)


def _run_alone(config: Settings, *, all_in_one: bool, banner: bool) -> None:
    _check_port(config)
    _stop_leftover(config)
    environ = {**os.environ, "DATABASE_URL": config.database, "REDIS_URL": config.redis, "PYTHONUNBUFFERED": "1"}
    _prepare(environ)
    supervisor = Supervisor(programs(config, all_in_one=all_in_one), environ, say)
    try:
        supervisor.start()
        if banner and not supervisor.stopping:
            click.echo(welcome(config))
        supervisor.watch()
    finally:
        say("stopping …")
        supervisor.stop()
    say("stopped.")


def _prepare(environ: dict[str, str]) -> None:
    """Brings the database to the newest schema; what is wrong with it or the catalogue is told there, once."""
    done = subprocess.run([sys.executable, "-m", "server", "migrate"], env=environ, stdout=subprocess.DEVNULL)
    if done.returncode:
        raise SystemExit(done.returncode)


def say(line: str) -> None:
    """One line of the supervisor's own."""
    log.info("%s", line)


def programs(config: Settings, *, all_in_one: bool = False) -> list[Program]:
    """What to run, in order of start."""
    wanted = []
    if not config.redis_url:
        wanted.append(Program("redis", embedded.command(config.data), ready=lambda: _redis_answers(config)))
    ours = [sys.executable, "-m", "server"]
    wanted.append(Program("web", web_command(config), ready=lambda: _web_answers(config)))
    workers = 1 if all_in_one else config.workers
    wanted += [Program(f"worker {n}", [*ours, "worker"]) for n in range(1, workers + 1)]
    wanted.append(Program("clock", [*ours, "clock"]))
    if config.telegram_token:
        wanted.append(Program("bot", [sys.executable, "-m", "bot"], essential=False))
    return wanted


def web_command(config: Settings) -> list[str]:
    """Gunicorn with one process and threads: on one machine SQLite and memory matter more than cores."""
    return [
        *(sys.executable, "-m", "gunicorn", "server.wsgi:app", "--bind", f"{config.bind}:{config.port}"),
        *("--threads", str(config.web_threads), "--no-control-socket", "--logger-class", "server.gunicorn_log.Log"),
        *("--graceful-timeout", "20"),  # platforms kill after 30 s
        *("--worker-tmp-dir", "/dev/shm" if Path("/dev/shm").is_dir() else tempfile.gettempdir()),  # nosec B108
    ]


def _check_folder(config: Settings) -> None:
    try:
        config.data.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=config.data):
            pass
    except OSError as why:
        raise SettingsError(
            f"The data folder {config.data.absolute()} cannot be written ({why.strerror}). "
            "Make it writable, or set CLAUSEWATCH_DATA to another folder."
        ) from why


@contextlib.contextmanager
def _only_one(config: Settings) -> Iterator[None]:
    """Holds the data folder's lock: two instances on one folder would write over each other's Redis."""
    with (config.data / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as why:
            raise SettingsError(
                f"Clausewatch already runs on {config.data.absolute()}. "
                "Stop it first, or set CLAUSEWATCH_DATA to another folder."
            ) from why
        yield


def _stop_leftover(config: Settings) -> None:
    """Ends an embedded Redis that a killed supervisor left behind; it saves what it holds."""
    if not config.redis_url and embedded.ask(config.data, "PING"):
        say("a Redis of an earlier run is still there; stopping it first.")
        embedded.ask(config.data, "SHUTDOWN NOSAVE")


def _check_port(config: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.bind, config.port))
        except OSError as why:
            raise SettingsError(
                f"Port {config.port} on {config.bind} cannot be used ({why.strerror}). "
                "Stop what listens there, or choose another: PORT=8010 make run"
            ) from why


def _redis_answers(config: Settings) -> bool:
    return embedded.ask(config.data, "PING") == "+PONG"


def _web_answers(config: Settings) -> bool:
    """Whether the web process serves requests; that it listens only says that gunicorn has begun."""
    host = "127.0.0.1" if config.bind == "0.0.0.0" else config.bind  # nosec B104
    client = http.client.HTTPConnection(host, config.port, timeout=2)
    try:
        client.request("GET", "/healthz")
        return client.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        client.close()


def welcome(config: Settings) -> str:
    """Where to look, and how to load the extension."""
    here = config.public_url or f"http://127.0.0.1:{config.port}"
    extension = Path(__file__).parents[2] / "extension"
    bot = "on" if config.telegram_token else f"off (no TELEGRAM_BOT_TOKEN): notices are shown at {here}/outbox"
    return f"""
Clausewatch is up.
  pages      {here}
  API        {here}/v1/lookup?host=soundcloud.com   documented at {here}/docs
  bot        {bot}
  extension  Chrome: chrome://extensions, Developer mode, Load unpacked, choose {extension}
             Firefox: about:debugging, This Firefox, Load Temporary Add-on, choose {extension / "manifest.json"}
  data       {config.data.absolute()}
Ctrl-C stops everything.
"""
