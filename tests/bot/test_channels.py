"""Public channels: resolved, kept as the setting says, and posted to before anybody else."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from bot import app as conversation
from bot import channels, delivery
from server.flows.deliver import deliver
from server.store import follows, outbox
from server.store.tables_people import ChatRow
from server.wiring import Service
from tests import databases
from tests.bot.conftest import service
from tests.botapi.server import BotApi
from tests.store.test_outbox import a_change, a_follower

NEWS, MUSIC = -1_000_000_000_001, -1_000_000_000_002


def keep(here: Service) -> None:
    """What the bot's process does at its start."""

    async def run() -> None:
        app = conversation.build(here)
        async with app:
            await channels.keep(app.bot, here)

    asyncio.run(run())


def test_channels_come_first(api: BotApi, tmp_path: Path) -> None:
    api.world.names = {"@news": NEWS}
    wanted = f"all=@news,music={MUSIC},training=@news,nonsense=@news,all=@gone"
    here = service(api, databases.sqlite(tmp_path / "x.db"), tmp_path, CLAUSEWATCH_CHANNELS=wanted)
    with here.write() as session:
        for chat in range(1, 6):
            a_follower(session, chat)
    keep(here)
    with here.read() as session:
        assert [row.scope for row in follows.of_chat(session, MUSIC)] == ["category:music"]
    with here.write() as session:
        outbox.fan_out(session, a_change(session), datetime.now(UTC), category="music")
    deliver(delivery.sender(here), 30)  # it ends once all are told
    assert {message["chat"] for message in api.world.messages[:2]} == {NEWS, MUSIC}
    assert len(api.world.messages) == 7


def test_a_channel_that_is_no_longer_named_is_told_nothing(api: BotApi, tmp_path: Path) -> None:
    api.world.names = {"@news": NEWS}
    url = databases.sqlite(tmp_path / "x.db")
    keep(service(api, url, tmp_path, CLAUSEWATCH_CHANNELS="all=@news"))
    here = service(api, url, tmp_path)
    keep(here)
    with here.read() as session:
        assert follows.of_chat(session, NEWS) == [] and not session.get_one(ChatRow, NEWS).public
