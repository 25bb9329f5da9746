"""Long polling: one process asks Telegram for updates, stores them, and handles them. A second process waits."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from telegram.error import Conflict, InvalidToken, TelegramError

from bot import app as conversation
from bot import inbox
from bot.talk import pause_after
from server.core.errors import Busy
from server.store import leases, updates
from server.store.leases import Lease
from server.wiring import Service

log = logging.getLogger(__name__)

WAIT = 10
"""Seconds that Telegram holds a question for updates."""
LEASE = timedelta(seconds=30)


async def poll_for_ever(app: conversation.Bot, here: Service) -> None:
    """Polls until it is cancelled. Raises InvalidToken when Telegram refuses the token."""
    lease = await _wait_for_lease(here)
    try:
        await _stubbornly(app.bot.delete_webhook)
        offset = 0
        while True:
            offset = await _once(app, here, lease, offset)
    finally:
        with here.write() as session:
            leases.release(session, lease)


async def _wait_for_lease(here: Service) -> Lease:
    said = False
    while True:
        try:
            with here.write() as session:
                return leases.take(session, inbox.lease_name(here), leases.this_process(), datetime.now(UTC), LEASE)
        except Busy as busy:
            if not said:
                log.warning("another process handles this bot's updates; waiting (%s)", busy)
                said = True
            await asyncio.sleep(1.0)


async def _once(app: conversation.Bot, here: Service, lease: Lease, offset: int) -> int:
    """One question to Telegram. What it gives is stored before Telegram is told that it has arrived."""
    with here.write() as session:
        leases.renew(session, lease, datetime.now(UTC), LEASE)
        updates.prune(session, datetime.now(UTC))
    wait = 0 if inbox.is_waiting(here) else WAIT
    try:
        found = await app.bot.get_updates(offset=offset, timeout=wait, allowed_updates=conversation.ALLOWED)
    except Conflict as why:
        log.warning("another program polls with this token, or a webhook is set: %s", why)
        await asyncio.sleep(5.0)
        return offset
    except InvalidToken:
        raise
    except TelegramError as why:
        await _wait_after(why)
        return offset
    with here.write() as session:
        for update in found:
            updates.keep(session, update.update_id, update.to_dict(), datetime.now(UTC))
    await inbox.handle_batch(app, here)
    numbers: list[int] = [update.update_id + 1 for update in found]
    return max([offset, *numbers])


async def _stubbornly(call: object) -> None:
    """Calls until Telegram answers."""
    while True:
        try:
            await call()  # type: ignore[operator]
            return
        except InvalidToken:
            raise
        except TelegramError as why:
            await _wait_after(why)


async def _wait_after(why: TelegramError) -> None:
    log.warning("Telegram does not answer (%s); trying again", why)
    await asyncio.sleep(pause_after(why, 2.0))
