"""The webhook on Telegram's side: set, and set again when it was lost. Our side is server/web/api/telegram.py."""

from __future__ import annotations

import asyncio
import logging

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.app import ALLOWED
from bot.talk import pause_after
from server.core.errors import SettingsError
from server.core.secrets import webhook_secret
from server.settings import Settings

log = logging.getLogger(__name__)
PATH = "/telegram/webhook"
AGAIN = 3600.0
"""Seconds between two looks at whether the webhook is still ours."""


def check(settings: Settings) -> None:
    """Raises SettingsError when Telegram could not call us."""
    if settings.webhook and not settings.public_url:
        raise SettingsError("CLAUSEWATCH_WEBHOOK=1 needs CLAUSEWATCH_PUBLIC_URL: the https address of this server.")


async def keep_set(bot: Bot, settings: Settings) -> None:
    """Sets the webhook and keeps it set until it is cancelled."""
    while True:
        wait = AGAIN
        try:
            await bot.set_webhook(
                settings.public_url + PATH,
                allowed_updates=ALLOWED,
                secret_token=webhook_secret(settings.telegram_token),
                max_connections=20,
            )
        except InvalidToken:
            raise
        except TelegramError as why:
            log.warning("the webhook could not be set (%s); trying again", why)
            wait = pause_after(why, 10.0)
        await asyncio.sleep(wait)
