"""SoundCloud's real story with real processes: two changes are told, every other recorded version stays silent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.botapi.server import BotApi
from tests.e2e.instance import Instance
from tests.e2e.rig import Rig
from tests.extension.conftest import launched
from tests.extension.world import Site

pytestmark = pytest.mark.e2e

BEGIN = datetime(2023, 6, 1, 12, tzinfo=UTC)
WORSE = datetime(2024, 2, 12, 12, tzinfo=UTC)
BETTER = datetime(2025, 5, 27, 18, 13, 36, tzinfo=UTC)
TOKEN = "123456:" + "A" * 35
CHAT = 1001

OVERLAY = """
{documents}
[documents.terms]
browser = false
urls = ["{rig}/live/soundcloud.com/terms-of-use"]
"""
OTHERS = ("privacy", "cookies", "community-guidelines", "copyright", "fan-insights")

FAULTS: list[dict[str, Any]] = [
    {"kind": "cookie_wall"},
    {"kind": "truncate"},
    {"kind": "503", "retry_after": 1},
    {"kind": "redirect_loop"},
    {"kind": "reset"},
]


def overlay(rig: Rig) -> dict[str, str]:
    """SoundCloud as catalogued, its pages on the rig; all but the terms answer 404 there."""
    others = "".join(f'[documents.{name}]\nurls = ["{rig.url}/live/soundcloud.com/none/{name}"]\n' for name in OTHERS)
    return {"soundcloud": OVERLAY.format(documents=others, rig=rig.url)}


class Story:
    """Time passing for the rig and the instance together."""

    def __init__(self, rig: Rig, instance: Instance, bot_api: BotApi) -> None:
        self.rig, self.instance, self.bot_api = rig, instance, bot_api

    def look_at(self, moment: datetime) -> Any:
        """One look at the terms at `moment`."""
        self.rig.set_clock(moment)
        self.instance.set_clock(moment)
        return self.instance.look("soundcloud")

    def look_through_faults(self, moment: datetime) -> None:
        """One look for each fault, an hour apart, then one that succeeds."""
        for hours, fault in enumerate(FAULTS):
            self.rig.fail({"match": "/live/soundcloud.com/terms-of-use", **fault})
            self.look_at(moment + timedelta(hours=25 * hours))
        self.rig.call("DELETE", "/_faults")

    def state(self) -> str:
        """The badge's state."""
        return str(self.instance.lookup("soundcloud.com")["badge"]["state"])

    def settles(self, state: str) -> None:
        """Waits until the badge is in this state: look-ups are kept for a second."""
        self.instance.wait(lambda: self.state() == state, f"the badge to be {state}", seconds=10)

    def told(self) -> list[str]:
        """The notices that reached the follower, in order."""
        return [text for text in self.bot_api.texts(CHAT) if "№" in text]


@pytest.fixture(params=[(), ("--noise",)], ids=["plain", "noise"])
def story(request: pytest.FixtureRequest, shared: Path, tmp_path: Path) -> Iterator[Story]:
    """The rig, a Bot API server, and a whole instance."""
    with (
        Rig(shared, BEGIN, ["soundcloud.bundle"], *request.param) as rig,
        BotApi(token=TOKEN) as bot_api,
        Instance(
            tmp_path,
            BEGIN,
            overlay(rig),
            TELEGRAM_BOT_TOKEN=TOKEN,
            TELEGRAM_BOT_USERNAME="clausewatch_test_bot",
            TELEGRAM_API_URL=bot_api.url,
        ) as instance,
    ):
        yield Story(rig, instance, bot_api)


def versions(rig: Rig) -> list[datetime]:
    """When each recorded version appeared."""
    found = rig.call("GET", "/_versions?url=https://soundcloud.com/terms-of-use")
    return [datetime.fromisoformat(entry["at"]) for entry in found]


def test_two_changes_are_told_and_nothing_else(story: Story) -> None:
    story.look_at(BEGIN)
    assert story.state() == "silent"
    story.bot_api.say(CHAT, "/follow soundcloud")
    story.instance.wait(lambda: story.bot_api.texts(CHAT), "the bot's answer")

    story.look_through_faults(WORSE - timedelta(days=20))
    assert story.state() == "silent"

    expected = {WORSE: ("permits", "worse"), BETTER: ("opt_in", "better")}
    state = "silent"
    for moment in [at for at in versions(story.rig) if at > BEGIN]:
        before = len(story.told())
        story.look_at(moment + timedelta(hours=1))
        assert story.state() == state, f"one sighting must not turn the badge ({moment})"
        story.look_at(moment + timedelta(hours=30))
        if moment in expected:
            state = expected[moment][0]
            story.instance.wait(lambda: len(story.told()) > before, "the notice", kick="bot.tasks.deliver")  # noqa: B023
        story.settles(state)
        story.look_through_faults(moment + timedelta(days=3))
        story.settles(state)
    _check_notices(story)


def _check_notices(story: Story) -> None:
    told = story.told()
    assert len(told) == 2, told
    changes = story.instance.get("/v1/changes?level=material")["changes"]
    assert [(c["direction"], c["happened_to"][:10]) for c in changes] == [
        ("better", "2025-05-27"),
        ("worse", "2024-02-12"),
    ]
    better, worse = changes
    assert "train" in worse["quote_after"], worse
    assert worse["quote_after"][:60] in told[0]
    assert better["quote_after"][:60] in told[1]
    answer = story.instance.lookup("soundcloud.com")
    assert answer["training"]["stance"] == "opt_in"
    assert answer["training"]["quote"]


BADGES = [
    (BEGIN + timedelta(days=1), "silent", "–"),
    (WORSE, "permits", "YES"),
    (BETTER, "opt_in", "ASK"),
]
"""When, and what the badge says then: its state and its letter."""


def test_the_badge_in_the_browser_turns_with_the_terms(shared: Path, tmp_path: Path) -> None:
    site = Site()
    with (
        Rig(shared, BEGIN, ["soundcloud.bundle"], "--noise") as rig,
        Instance(tmp_path, BEGIN, overlay(rig)) as instance,
    ):
        story = Story(rig, instance, BotApi())
        story.look_at(BEGIN)
        with launched(tmp_path / "profile", site, instance.url) as chromium:
            for moment, state, letter in BADGES:
                story.look_at(moment + timedelta(hours=1))
                story.look_at(moment + timedelta(hours=30))
                story.settles(state)
                chromium.use_server(instance.url)
                page = chromium.open()
                badge = page.locator("clausewatch-badge[kind=corner] .chip")
                badge.wait_for(timeout=15_000)
                assert badge.inner_text() == letter
                page.close()
    site.close()
