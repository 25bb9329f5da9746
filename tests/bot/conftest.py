"""A bot that talks over HTTP, through the real library, to the Bot API server of the tests."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import app as conversation
from bot import polling
from server import settings, wiring
from server.wiring import Service
from tests import databases, shipped
from tests.botapi.server import TOKEN, BotApi


@pytest.fixture
def api() -> Iterator[BotApi]:
    """Telegram on loopback."""
    with BotApi() as api:
        yield api


def service(api: BotApi, database: str, folder: Path, **more: str) -> Service:
    """A service on that migrated database that talks to `api`."""
    environ = {
        "DATABASE_URL": database,
        "CLAUSEWATCH_DATA": str(folder),
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": api.url,
        "CLAUSEWATCH_OPERATORS": "99",
    }
    here = wiring.build(settings.read(environ | more))
    here.__dict__["catalogue"] = shipped.platforms()
    return here


@pytest.fixture
def here(api: BotApi, tmp_path: Path) -> Iterator[Service]:
    """A service on SQLite."""
    here = service(api, databases.sqlite(tmp_path / "bot.db"), tmp_path, CLAUSEWATCH_PUBLIC_URL="https://watch.example")
    yield here
    here.engine.dispose()


class Polling:
    """The bot's polling process, as a thread."""

    def __init__(self, here: Service) -> None:
        self.here = here
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.task: asyncio.Task[None] | None = None

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.task = self.loop.create_task(self._work())
        try:
            self.loop.run_until_complete(self.task)
        except asyncio.CancelledError:
            pass
        finally:
            self.loop.close()

    async def _work(self) -> None:
        app = conversation.build(self.here)
        async with app:
            await conversation.introduce(app, self.here.settings)
            await polling.poll_for_ever(app, self.here)

    def stop(self) -> None:
        """Stops it as SIGTERM does."""
        if self.thread.is_alive() and self.task is not None:
            self.loop.call_soon_threadsafe(self.task.cancel)
        self.thread.join(10)
        assert not self.thread.is_alive(), "the bot did not stop"


@pytest.fixture
def bot(here: Service) -> Iterator[Polling]:
    """The bot, polling."""
    bot = Polling(here)
    bot.thread.start()
    yield bot
    bot.stop()
