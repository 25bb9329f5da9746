"""The operator's public channels: CLAUSEWATCH_CHANNELS → chat ids, which only Telegram knows."""

from __future__ import annotations

import logging

from telegram import Bot
from telegram.error import BadRequest, Forbidden

from server.core.errors import ClausewatchError
from server.flows.channels import keep_channels, scope_of
from server.wiring import Service

log = logging.getLogger(__name__)


async def keep(bot: Bot, here: Service) -> None:
    """Looks the channels up and keeps them as subscriptions. One that cannot be used is named in the log."""
    found = []
    for pair in here.settings.channels:
        topic, _, chat = pair.partition("=")
        try:
            scope_of(here.catalogue, topic)
            found.append((topic, (await bot.get_chat(chat)).id if chat.startswith("@") else int(chat)))
        except (BadRequest, Forbidden) as why:
            log.error("CLAUSEWATCH_CHANNELS: %s cannot be used (%s); make the bot an admin of it.", chat, why)
        except ClausewatchError:
            log.error("CLAUSEWATCH_CHANNELS: %s is no topic; write all, a category, a platform or a kind.", topic)
    with here.write() as session:
        keep_channels(session, here.catalogue, found, here.clock.now())
