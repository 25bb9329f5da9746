"""The bot as a process: a wrong token, a stop, a second one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from server.processes import PERMANENT
from tests import databases
from tests.botapi.faults import Fault
from tests.botapi.server import TOKEN, BotApi


@contextmanager
def process(folder: Path, api: BotApi, **more: str) -> Iterator[subprocess.Popen[str]]:
    """`python -m bot` with a migrated database."""
    environ = {
        "PATH": os.environ["PATH"],
        "CLAUSEWATCH_DATA": str(folder),
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": api.url,
    } | more
    started = subprocess.Popen([sys.executable, "-m", "bot"], env=environ, stderr=subprocess.PIPE, text=True)
    try:
        yield started
    finally:
        if started.poll() is None:
            started.kill()
        started.communicate()


def migrated(folder: Path) -> None:
    """The database of `folder`, with its tables."""
    databases.sqlite(folder / "clausewatch.db")


def test_a_wrong_token_is_one_line_and_for_good(api: BotApi, tmp_path: Path) -> None:
    migrated(tmp_path)
    with process(tmp_path, api, TELEGRAM_BOT_TOKEN=TOKEN[:-1] + "X") as started:
        _, said = started.communicate(timeout=60)
    assert started.returncode == PERMANENT
    (line,) = said.strip().splitlines()
    told = json.loads(line)["message"]
    assert told == "Telegram refuses TELEGRAM_BOT_TOKEN; set the one that @BotFather shows."


def test_no_token_is_one_line_and_for_good(api: BotApi, tmp_path: Path) -> None:
    with process(tmp_path, api, TELEGRAM_BOT_TOKEN="") as started:
        _, said = started.communicate(timeout=60)
    assert started.returncode == PERMANENT and "TELEGRAM_BOT_TOKEN is empty" in said and len(said.splitlines()) == 1


def test_a_webhook_without_an_address_is_one_line(api: BotApi, tmp_path: Path) -> None:
    with process(tmp_path, api, CLAUSEWATCH_WEBHOOK="1") as started:
        _, said = started.communicate(timeout=60)
    assert started.returncode == PERMANENT and "CLAUSEWATCH_PUBLIC_URL" in said and len(said.splitlines()) == 1


@pytest.mark.parametrize("fault", ["limited", "silly"])
def test_a_telegram_in_trouble_is_waited_for(api: BotApi, tmp_path: Path, fault: str) -> None:
    migrated(tmp_path)
    api.fail(*(Fault(fault, method=method, times=1) for method in ("setMyCommands", "deleteWebhook", "getUpdates")))
    with process(tmp_path, api) as started:
        api.say(7, "/help")
        api.wait_for(lambda: api.texts(7), 60)
        assert started.poll() is None


def test_a_webhook_that_cannot_be_set_is_set_later(api: BotApi, tmp_path: Path) -> None:
    migrated(tmp_path)
    api.fail(Fault("limited", method="setWebhook", times=1))
    more = {"CLAUSEWATCH_WEBHOOK": "1", "CLAUSEWATCH_PUBLIC_URL": "https://watch.example"}
    with process(tmp_path, api, **more):
        api.wait_for(lambda: api.world.webhook.get("url"), 60)
        api.world.deleteWebhook()


def test_it_answers_and_stops_within_seconds(api: BotApi, tmp_path: Path) -> None:
    migrated(tmp_path)
    with process(tmp_path, api) as started:
        api.say(7, "/help")
        api.wait_for(lambda: api.texts(7), 60)
        began = time.monotonic()
        started.send_signal(signal.SIGTERM)
        started.communicate(timeout=20)
        assert started.returncode == 0 and time.monotonic() - began < 10


def test_with_a_webhook_it_sets_it_and_does_not_poll(api: BotApi, tmp_path: Path) -> None:
    migrated(tmp_path)
    more = {"CLAUSEWATCH_WEBHOOK": "1", "CLAUSEWATCH_PUBLIC_URL": "https://watch.example"}
    with process(tmp_path, api, **more):
        api.wait_for(lambda: api.world.webhook.get("url") == "https://watch.example/telegram/webhook", 60)
        assert api.world.webhook["secret_token"]
        assert not any(method == "getUpdates" for method, _ in api.world.calls)
        api.world.deleteWebhook()


def test_killed_in_the_middle_it_goes_on_where_it_was(api: BotApi, tmp_path: Path) -> None:
    migrated(tmp_path)
    with process(tmp_path, api) as first:
        api.say(7, "/follow soundcloud")
        api.wait_for(lambda: api.texts(7), 60)
        first.kill()
        first.wait()
    api.say(7, "/list")
    with process(tmp_path, api):
        # The lease of the killed process has to run out first.
        api.wait_for(lambda: any("You follow 1 thing." in text for text in api.texts(7)), 90)
    assert sum("You now follow" in text for text in api.texts(7)) == 1
