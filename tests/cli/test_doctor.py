"""`clausewatch doctor`: each fault is found by its check, with the remedy and without secrets; the rest is well."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from click.testing import CliRunner

from server.cli.doctor import doctor
from server.store import heartbeats, session
from tests import databases
from tests.botapi.server import BotApi
from tests.e2e.instance import ROOT
from tests.sources.conftest import serving

TOKEN = "123456:" + "D" * 35
PUBLIC = "https://watch.example"

Run = Callable[[dict[str, str]], tuple[int, str, str]]
"""Exit status and both outputs of the command in an environment."""


@pytest.fixture
def telegram() -> Iterator[BotApi]:
    """Telegram, with the webhook set to us."""
    with BotApi(token=TOKEN) as api:
        api.world.setWebhook(url=f"{PUBLIC}/telegram/webhook")
        yield api


@pytest.fixture
def well(tmp_path: Path, telegram: BotApi, redis_server: Path) -> dict[str, str]:
    """The environment of an instance on which nothing is wrong."""
    url = databases.sqlite(tmp_path / "test.db")
    engine = session.open_engine(url)
    with session.transactions(engine)() as opened:
        for process in ("web", "worker", "clock"):
            heartbeats.beat(opened, process, "here", datetime.now(UTC))
    engine.dispose()
    return {
        "PATH": os.environ["PATH"],
        "CLAUSEWATCH_DATA": str(tmp_path),
        "DATABASE_URL": url,
        "REDIS_URL": f"unix://{redis_server}",
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": telegram.url,
        "CLAUSEWATCH_WEBHOOK": "1",
        "CLAUSEWATCH_PUBLIC_URL": PUBLIC,
        "CLAUSEWATCH_CONTACT": "you@example.org",
    }


def in_a_process(environ: dict[str, str]) -> tuple[int, str, str]:
    """`clausewatch doctor --json` as a process; that takes a second or two to load."""
    command = [sys.executable, "-m", "server", "doctor", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


def here(environ: dict[str, str]) -> tuple[int, str, str]:
    """The same command, called in this process."""
    with patch.dict(os.environ, environ, clear=True):
        done = CliRunner().invoke(doctor, ["--json"])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def examined(environ: dict[str, str], run: Run = here) -> dict[str, tuple[str, str]]:
    """State and words of each check."""
    status, out, err = run(environ)
    assert TOKEN not in out + err and "hidden" not in out + err
    found = [json.loads(line) for line in out.splitlines()]
    assert status == int(any(each["state"] == "broken" for each in found))
    return {each["name"]: (each["state"], each["says"]) for each in found}


@pytest.mark.parametrize("run", [in_a_process, here])
def test_what_is_well_is_said_to_be(well: dict[str, str], run: Run) -> None:
    found = examined(well, run)
    names = ("settings", "catalogue", "database", "migrations", "redis", "queues", "processes", "telegram", "webhook")
    assert {name: found[name][0] for name in names} == dict.fromkeys(names, "ok"), found
    assert {"disk", "sources", "network"} <= set(found)


FAULTS = [
    ({"CLAUSEWATCH_CONTACT": ""}, "settings", "warning", "CLAUSEWATCH_CONTACT"),
    ({"DATABASE_URL": "postgres://u:hidden@127.0.0.1:1/d"}, "database", "broken", "DATABASE_URL"),
    ({"DATABASE_URL": "postgres://u:hidden@127.0.0.1:1/d"}, "sources", "broken", "see database"),
    ({"DATABASE_URL": "sqlite:////tmp/does-not-exist-{pid}.db"}, "migrations", "broken", "clausewatch migrate"),
    ({"REDIS_URL": "redis://:hidden@127.0.0.1:1/0"}, "redis", "broken", "REDIS_URL"),
    ({"TELEGRAM_BOT_TOKEN": "123456:" + "X" * 35}, "telegram", "broken", "@BotFather"),
    ({"TELEGRAM_API_URL": "http://127.0.0.1:1"}, "telegram", "broken", "TELEGRAM_API_URL"),
    ({"TELEGRAM_BOT_USERNAME": "somebody_else"}, "telegram", "warning", "TELEGRAM_BOT_USERNAME"),
    ({"CLAUSEWATCH_PUBLIC_URL": "https://moved.example"}, "webhook", "broken", "python -m bot"),
    ({"CLAUSEWATCH_WEBHOOK": "0"}, "processes", "warning", "no sign of life from bot"),
    ({"TELEGRAM_BOT_TOKEN": ""}, "telegram", "warning", "TELEGRAM_BOT_TOKEN"),
]


@pytest.mark.parametrize(("fault", "check", "state", "remedy"), FAULTS)
def test_a_fault_is_found_with_its_remedy(
    well: dict[str, str], tmp_path: Path, fault: dict[str, str], check: str, state: str, remedy: str
) -> None:
    changed = {name: value.replace("/tmp/does-not-exist-{pid}", str(tmp_path / "new")) for name, value in fault.items()}
    found = examined(well | changed)
    assert found[check][0] == state and remedy in found[check][1], found[check]


def test_the_process_tells_what_is_broken_and_no_secret(well: dict[str, str]) -> None:
    found = examined(well | {"DATABASE_URL": "postgres://u:hidden@127.0.0.1:1/d"}, in_a_process)
    assert found["database"][0] == "broken" and "DATABASE_URL" in found["database"][1]


def test_a_worker_that_is_long_dead(well: dict[str, str]) -> None:
    engine = session.open_engine(well["DATABASE_URL"])
    with session.transactions(engine)() as opened:
        heartbeats.beat(opened, "worker", "here", datetime.now(UTC) - timedelta(minutes=20))
    engine.dispose()
    state, says = examined(well)["processes"]
    assert state == "warning" and "no sign of life from worker:" in says


def test_telegram_fails_to_reach_the_webhook(well: dict[str, str], telegram: BotApi) -> None:
    telegram.world.webhook["trouble"] = "Connection refused"
    state, says = examined(well)["webhook"]
    assert state == "warning" and "Connection refused" in says


def test_every_address_of_the_catalogue_is_asked_politely(well: dict[str, str], tmp_path: Path) -> None:
    overlay = tmp_path / "overlay"
    overlay.mkdir()
    with serving() as site:
        site.page("/terms", b"<p>words</p>")
        site.page("/feed", b"<rss/>")
        site.page("/robots.txt", b"User-agent: clausewatch\nDisallow: /closed\n", Content_Type="text/plain")
        (overlay / "tunery.toml").write_text(TUNERY.replace("SITE", site.url))
        wanted = {"CLAUSEWATCH_CATALOGUE": str(overlay), "CLAUSEWATCH_PLATFORMS": "tunery"}
        polite = {"CLAUSEWATCH_ALLOW_PRIVATE": "1", "CLAUSEWATCH_HOST_SPACING": "0"}
        with patch.dict(os.environ, well | wanted | polite, clear=True):
            done = CliRunner().invoke(doctor, ["--json", "--catalogue"])
        asked = [path for path, _ in site.asked]
    found = {
        (each["name"], each["says"].partition(site.url)[2]): each for each in map(json.loads, done.stdout.splitlines())
    }
    assert found["tunery/terms", "/terms  (not verified in the catalogue)"]["state"] == "ok"
    assert found["tunery feed", "/feed"]["state"] == "ok"
    assert found["tunery choice", "/gone: " + f"{site.url}/gone answers 404: the page is not there (any more)."]
    assert "/closed" not in asked and "stay out" in next(
        each["says"] for each in found.values() if "/closed" in each["says"]
    )


TUNERY = """
name = "Tunery"
category = "music"
homepage = "https://tunery.example/"
hosts = ["tunery.example"]
checked = 2026-11-23
[documents.terms]
type = "Terms of Service"
urls = ["SITE/terms", "SITE/closed"]
source = "made up"
[feeds.blog]
url = "SITE/feed"
kind = "blog"
verified = true
source = "made up"
[[choices]]
kind = "opt_out"
scope = "everything"
steps = ["Ask."]
url = "SITE/gone"
source = "made up"
"""
