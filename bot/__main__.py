"""The bot's process: introduces itself to Telegram, then polls, or sets the webhook and keeps it set.

Ends with one line and a status that says "do not start me again" when it cannot work as configured.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys

from telegram.error import InvalidToken, TelegramError

from bot import app as conversation
from bot import channels, webhook
from bot.polling import poll_for_ever
from bot.talk import pause_after
from server import logs, pulse, settings, wiring
from server.core.errors import ClausewatchError, SettingsError
from server.processes import PERMANENT
from server.store import session
from server.wiring import Service

log = logging.getLogger("bot")
RETRY = 5.0


def main() -> int:
    """Runs until SIGTERM or Ctrl-C; gives the exit status."""
    try:
        config = settings.read()
        logs.start(config, "bot")
        if not config.telegram_token:
            raise SettingsError("TELEGRAM_BOT_TOKEN is empty: set the token that @BotFather gives.")
        webhook.check(config)
        here = wiring.build(config)
        session.check(here.engine)
        pulse.start(config, "bot")
        asyncio.run(_run(here))
    except InvalidToken:
        log.critical("Telegram refuses TELEGRAM_BOT_TOKEN; set the one that @BotFather shows.")
        return PERMANENT
    except ClausewatchError as why:
        log.critical("%s", why)
        return PERMANENT if why.permanent else 1
    return 0


async def _run(here: Service) -> None:
    task = asyncio.create_task(_work(here))
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _work(here: Service) -> None:
    app = conversation.build(here)
    await _when_telegram_answers(app, here)
    try:
        if here.settings.webhook:
            await webhook.keep_set(app.bot, here.settings)
        else:
            await poll_for_ever(app, here)
    finally:
        await app.shutdown()


async def _when_telegram_answers(app: conversation.Bot, here: Service) -> None:
    """Introduces the bot; waits for Telegram, since a server may start before its network."""
    while True:
        try:
            await app.initialize()
            await conversation.introduce(app, here.settings)
            await channels.keep(app.bot, here)
            return
        except InvalidToken:
            raise
        except TelegramError as why:
            wait = pause_after(why, RETRY)
            log.warning("Telegram does not answer (%s); trying again in %.0f s", why, wait)
            await asyncio.sleep(wait)


if __name__ == "__main__":
    sys.exit(main())
