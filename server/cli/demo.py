"""`clausewatch demo`: a quiet change is found, the badge turns, the notice goes out. Real parts, invented platform."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess  # nosec B404: runs our own bot
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from server import queues, settings, wiring
from server.cli.up import programs
from server.core.errors import ClausewatchError
from server.demo.site import HERE, DemoSite
from server.flows.poll import sync_sources
from server.processes import Supervisor
from server.settings import Settings
from server.store import chats, follows, schema
from server.wiring import Service

DEMO_CHAT = 1
BEGIN = datetime(2025, 3, 10, 9, 0, tzinfo=UTC)


@click.command()
@click.option("--stay/--leave", default=None, help="Keep the server running afterwards (default: on a terminal).")
def demo(stay: bool | None) -> None:
    """Show how a quiet change is found, in under a minute, with nothing but this machine."""
    with DemoSite() as site, tempfile.TemporaryDirectory(prefix="clausewatch-demo-") as folder:
        config = _settings(Path(folder), site.port)
        service = wiring.build(config)
        schema.migrate(service.engine)
        sync_sources(service.poller, service.catalogue)
        with _running(config) as supervisor:
            _tell(Story(service, site, config))
            if stay or (stay is None and os.isatty(1)):
                click.echo(f"\nLook around: http://127.0.0.1:{config.port}/platforms/tunery   (Ctrl-C ends the demo)")
                supervisor.watch()


def _settings(folder: Path, site_port: int) -> Settings:
    """Settings of the demo alone: nothing of the environment's database, Redis or bot is touched."""
    overlay = folder / "catalogue"
    overlay.mkdir()
    text = (HERE / "tunery.toml").read_text(encoding="utf-8").replace("{port}", str(site_port))
    (overlay / "tunery.toml").write_text(text, encoding="utf-8")
    (folder / "clock").write_text(BEGIN.isoformat())
    return settings.read(
        {
            "CLAUSEWATCH_DATA": str(folder),
            "PORT": str(_free_port()),
            "CLAUSEWATCH_BIND": "127.0.0.1",
            "CLAUSEWATCH_CATALOGUE": str(overlay),
            "CLAUSEWATCH_PLATFORMS": "tunery",
            "CLAUSEWATCH_CLOCK_FILE": str(folder / "clock"),
            "CLAUSEWATCH_ALLOW_PRIVATE": "1",
            "CLAUSEWATCH_HOST_SPACING": "0",
        }
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(config: Settings) -> Iterator[Supervisor]:
    """All processes of the product, stopped in order at the end."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("CLAUSEWATCH_", "TELEGRAM_"))}
    environ = clean | settings.environment(config)
    supervisor = Supervisor(programs(config), environ, click.echo, log=config.data / "log")
    try:
        supervisor.start()
        yield supervisor
    finally:
        supervisor.stop()


class Story:
    """The steps of the demo: moving time, asking the API, waiting until something is so."""

    def __init__(self, service: Service, site: DemoSite, config: Settings) -> None:
        self.service, self.site, self.config = service, site, config
        self.now = BEGIN

    def pass_time(self, **by: float) -> None:
        """Moves the clock of every process and has the worker look at what is due."""
        self.now += timedelta(**by)
        assert self.config.clock_file
        new = self.config.clock_file.with_suffix(".new")
        new.write_text(self.now.isoformat())
        new.replace(self.config.clock_file)  # in one step: no process may read a half-written time
        self.service.queue.enqueue(queues.POLL_DUE)

    def ask(self) -> dict[str, Any]:
        """What the API answers the extension about the platform."""
        url = f"http://127.0.0.1:{self.config.port}/v1/lookup?host=tunery.example"
        with urllib.request.urlopen(url, timeout=5) as answer:  # nosec B310: our own loopback address
            found: dict[str, Any] = json.load(answer)
        return found

    def wait(self, until: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The API's answer once `until` holds. Raises when it does not within 40 seconds."""
        end = time.monotonic() + 40
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                found = self.ask()
                if until(found):
                    return found
            self.service.queue.enqueue(queues.POLL_DUE)
            time.sleep(0.2)
        raise ClausewatchError(
            "The demo got stuck: the worker did not get to it. Is this machine very busy? Try again."
        )


def _tell(story: Story) -> None:
    _chapter(story, "Tunery, an invented music platform, is put on the watch list.")
    story.service.queue.enqueue(queues.POLL_DUE)
    _show(story.wait(lambda answer: answer["badge"]["state"] != "unknown"))
    _follow(story)

    _chapter(story, "A listener of yours follows Tunery. Months pass; nothing changes; nobody hears anything.")
    story.pass_time(days=90)
    story.wait(lambda answer: str(answer["checked_at"])[:10] == f"{story.now:%Y-%m-%d}")
    click.echo("  looked again: same wording, no notice.")

    _chapter(story, "Overnight one sentence is added to the terms. No mail, no blog post, and the date on top stays.")
    story.site.show("terms-after.md")
    story.pass_time(hours=12)
    story.wait(lambda answer: str(answer["checked_at"])[:13] == f"{story.now:%Y-%m-%dT%H}")
    click.echo("  a new wording is seen once; a page that only flickers would be back by tomorrow.")

    story.pass_time(hours=25)
    _chapter(story, "A day later it still stands: the change is confirmed, and the badge turns.")
    _show(story.wait(lambda answer: answer["badge"]["state"] == "permits"))
    _chapter(story, "What a follower reads in Telegram:")
    click.echo(_indented(_newest_notice(story)))


def _chapter(story: Story, line: str) -> None:
    click.secho(f"\n{story.now:%d %B %Y}  {line}", bold=True)


def _show(answer: dict[str, Any]) -> None:
    badge = answer["badge"]
    click.echo(f"  badge [{badge['letter']}]  {badge['sentence']}")
    if quote := answer["training"]["quote"]:
        click.echo(f"  the sentence: “{quote}”")
    for each in answer["contradictions"]:
        click.echo(f"  says against may: {each['text']} ({each['says']['speaker']}, {each['says']['date']})")


def _indented(text: str) -> str:
    return "\n".join(f"  │ {line}" for line in text.splitlines())


def _follow(story: Story) -> None:
    """A follower without Telegram: the notice stays in the outbox, which is where the demo reads it."""
    with story.service.write() as session:
        chats.ensure(session, DEMO_CHAT, "private", "en", story.now)
        follows.add(session, DEMO_CHAT, 0, "platform:tunery", story.now)


def _newest_notice(story: Story) -> str:
    """The notice as the bot renders it: its own door is asked, since the server does not know the bot."""
    command = [sys.executable, "-m", "bot.preview"]
    environ = os.environ | settings.environment(story.config)
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode:
        raise ClausewatchError(f"The demo got stuck: {(done.stdout + done.stderr).strip()}")
    return done.stdout.strip()
