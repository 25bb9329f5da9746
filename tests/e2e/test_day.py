"""A day of many documents: every change of meaning is found once and told once, whatever breaks meanwhile.

A simulated day of 24 hours runs on real processes. One look in five goes wrong, one of two workers is killed with -9
at random moments, and wordings flicker and are reworded beside those that really turn. Afterwards the
faults end, and whatever has not been confirmed yet must be.
"""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from server import queues
from tests.botapi.server import BotApi
from tests.e2e.platform import BEGIN, CHAT, TOKEN, Platform, Valkey
from tests.e2e.sites import Policy, Sites

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]
PLATFORMS = int(os.environ.get("CLAUSEWATCH_DAY_PLATFORMS", "10"))
"""Ten documents each. 50, which takes three minutes, is for before a release."""
EACH, HOURS = 10, 24
KILL_EVERY = 3
"""Hours. Most of the time of this test is the new worker's start, and what the dead one had claimed."""

MOMENT = timedelta(seconds=20)
"""Longer than a document waits whose host was busy. Looking further ahead would pull the day's failures after it."""


def policies() -> list[Policy]:
    """Of each ten, one turns, one is reworded and one flickers for an hour; the rest stays as it is."""
    found = []
    for index in range(PLATFORMS * EACH):
        what = {1: "turns", 4: "reworded", 7: "flickers"}.get(index % 10, "")
        hour = 1 + index % 7
        given = {"turns": hour, "reworded": hour, "flickers": (hour, hour + 1.5)}
        chosen = {what: given[what]} if what else {}
        found.append(Policy(index // EACH, index % EACH, **chosen))  # type: ignore[arg-type]
    return found


def overlay(sites: Sites) -> dict[str, str]:
    """A catalogue of the sites."""
    found: dict[str, str] = {}
    for policy in sites.policies.values():
        id_ = policy.name.lower()
        head = f'name = "{policy.name}"\ncategory = "music"\nhosts = ["{id_}.example"]\nhomepage = "https://{id_}.example/"\n'
        document = f'[documents.terms-{policy.number}]\ntype = "Terms of Service"\nurls = ["{sites.url(policy)}"]\n'
        found[id_] = found.get(id_, head + "checked = 2025-03-01\n") + document
    return found


class Day:
    """The platform's processes, the sites, one follower of everything, and the hours going by."""

    def __init__(self, platform: Platform, sites: Sites, telegram: BotApi) -> None:
        self.platform, self.sites, self.telegram = platform, sites, telegram
        self.dice = random.Random(24)

    def query(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Rows of the database, read beside the processes."""
        path = f"file:{self.platform.folder / 'data' / 'clausewatch.db'}?mode=ro"
        with closing(sqlite3.connect(path, uri=True, timeout=30)) as database:
            return database.execute(sql, values).fetchall()

    def documents(self) -> int:
        """How many documents are known as sources."""
        ((number,),) = self.query("SELECT count(*) FROM sources WHERE family = 'page'")
        return int(str(number))

    def waiting(self) -> int:
        """How many documents are due now or in a moment; what a dead worker had claimed is due within the hour."""
        soon = (self.platform.at + MOMENT).strftime("%Y-%m-%d %H:%M:%S.%f")
        ((number,),) = self.query("SELECT count(*) FROM sources WHERE family = 'page' AND next_check_at <= ?", soon)
        return int(str(number))

    def catch_up(self) -> None:
        """Waits until nothing waits; seconds go by meanwhile, for a host that is busy is due a moment later."""

        def done() -> bool:
            if self.waiting():
                self.platform.kick()
                self.platform.move(seconds=MOMENT.total_seconds() / 2)
                return False
            return True

        self.platform.wait(done, "all documents to be looked at", seconds=300)

    def hour(self, number: int) -> None:
        """An hour goes by; in some a worker is killed and another takes its place."""
        end = self.platform.at + timedelta(hours=1)
        self.platform.move(minutes=45)
        self.platform.kick()
        if number % KILL_EVERY == 0:
            self.replace_a_worker()
        self.catch_up()
        self.platform.set_clock(max(end, self.platform.at))

    def replace_a_worker(self) -> None:
        """One is killed at any moment of its work, a new one starts."""
        time.sleep(self.dice.uniform(0, 1.0))
        self.platform.kill("worker.2")
        # The host that the dead one had asked is free again after 45 seconds of real time: they pass here.
        self.platform.redis().delete(*self.platform.redis().keys("cw:host:*") or ["none"])
        self.platform.run("worker.2")

    def memory(self) -> int:
        """Resident KiB of the worker that is not killed."""
        status = Path(f"/proc/{self.platform.running['worker'].pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])

    def told(self) -> Counter[str]:
        """How many notices of each platform reached the follower; one in flight at a kill may come twice, as one №."""
        texts = {text.rpartition("№")[2].split()[0]: text for text in self.telegram.texts(CHAT) if "№" in text}
        return Counter(text.split(" ", 1)[0] for text in texts.values())


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    """Everything started, every document looked at once."""
    holder: list[Platform] = []
    sites = Sites(policies(), lambda: holder[0].at if holder else BEGIN, BEGIN)
    with sites, BotApi(token=TOKEN) as telegram, Valkey(tmp_path) as valkey:
        bot = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url, "TELEGRAM_BOT_USERNAME": "a_bot"}
        hours = {"CLAUSEWATCH_CONFIRM_HOURS": "6", "CLAUSEWATCH_SEND_RATE": "0", "REDIS_URL": valkey.url}
        with Platform(tmp_path, BEGIN, overlay(sites), **bot, **hours) as platform:
            holder.append(platform)
            platform.release()
            platform.up("web", "bot", "worker", "clock")
            telegram.say(CHAT, "/follow all")
            platform.wait(lambda: telegram.texts(CHAT), "the bot's answer", seconds=60)
            made = Day(platform, sites, telegram)
            platform.wait(lambda: made.documents() == PLATFORMS * EACH, "the sources", seconds=60)
            made.catch_up()
            platform.wait(lambda: len(set(sites.asked)) == PLATFORMS * EACH, "the last ones claimed", seconds=60)
            platform.run("worker.2")  # only now: the memory of the first is from here on that of a worker that has read
            yield made


def test_every_change_of_a_day_is_found_once_and_told_once(day: Day) -> None:
    turned = Counter(policy.name for policy in day.sites.policies.values() if policy.turns)
    day.sites.faulty = True
    memory = []
    for hour in range(HOURS):
        day.hour(hour)
        memory.append(day.memory())
    day.sites.faulty = False
    for hour in range(HOURS):  # who was unlucky until now: a change is confirmed by two looks that succeed
        if len(day.query("SELECT id FROM changes WHERE level = 'material'")) == turned.total():
            break
        day.hour(hour)
    day.platform.wait(lambda: day.told().total() >= turned.total(), "all notices", seconds=90, kick=queues.DELIVER_DUE)
    assert day.told() == turned
    found = day.query("SELECT document, direction FROM changes WHERE level = 'material'")
    expected = {f"{p.name.lower()}/terms-{p.number}" for p in day.sites.policies.values() if p.turns}
    assert sorted(str(document) for document, _ in found) == sorted(expected)
    assert {direction for _, direction in found} == {"worse"}
    assert memory[-1] < memory[HOURS // 4] * 1.2, memory
