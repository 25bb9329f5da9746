"""Updates that are stored → handled, each once, in order within a chat, several chats at a time."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from telegram import Update

from bot import app as conversation
from bot.delivery import bot_id
from server.core.errors import Busy
from server.store import leases, updates
from server.wiring import Service

log = logging.getLogger(__name__)

BATCH, ABREAST = 50, 10
SHARE, LOOK = 5, 500
"""Of a batch, one chat gets at most SHARE updates, chosen from the LOOK oldest: who floods us keeps nobody waiting."""
TURN = 5.0
"""Seconds after which a chat's next update is left for the next batch."""
LEASE = timedelta(seconds=60)


def lease_name(here: Service) -> str:
    """The lease of whoever handles this bot's updates."""
    return f"inbox:{bot_id(here.settings)}"


def is_waiting(here: Service) -> bool:
    """Whether there are updates to handle."""
    with here.read() as session:
        return bool(updates.waiting(session, 1))


async def handle_batch(app: conversation.Bot, here: Service) -> int:
    """Handles what is stored, up to BATCH updates; gives how many were tried."""
    with here.read() as session:
        rows = [(row.id, row.data) for row in updates.waiting(session, LOOK)]
    queues: dict[Any, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    room = BATCH
    for id_, data in rows:
        queue = queues[_chat_of(data, id_)]
        if room and len(queue) < SHARE:
            queue.append((id_, data))
            room -= 1
    abreast = asyncio.Semaphore(ABREAST)
    await asyncio.gather(*(_handle_in_order(app, here, queue, abreast) for queue in queues.values() if queue))
    return BATCH - room


def _chat_of(data: dict[str, Any], id_: int) -> int | str:
    """The chat an update belongs to: within it, order is kept."""
    inner = next((value for key, value in data.items() if key != "update_id" and isinstance(value, dict)), {})
    for place in (inner, inner.get("message")):
        chat = place.get("chat") if isinstance(place, dict) else None
        if isinstance(chat, dict) and isinstance(chat.get("id"), int):
            return int(chat["id"])
    return f"update:{id_}"


def _parsed(app: conversation.Bot, id_: int, data: dict[str, Any]) -> Update | None:
    """The update; None when it is not as Telegram documents it, which no second try would mend."""
    try:
        return Update.de_json(data, app.bot)
    except Exception as why:  # the library raises whatever a missing or strange field leads to
        log.error("update %s is none that we understand (%s)", id_, type(why).__name__)
        return None


async def _handle_in_order(
    app: conversation.Bot, here: Service, queue: list[tuple[int, dict[str, Any]]], abreast: asyncio.Semaphore
) -> None:
    async with abreast:
        end = time.monotonic() + TURN
        for id_, data in queue:
            if time.monotonic() > end or not await _handle(app, here, id_, data):
                return  # tried again later, with what comes after it in this chat


async def _handle(app: conversation.Bot, here: Service, id_: int, data: dict[str, Any]) -> bool:
    with here.write() as session:
        go_on = updates.begin(session, id_)
    failed: set[int] = app.bot_data["failed"]
    failed.discard(id_)
    if go_on:
        update = _parsed(app, id_, data)
        if update is not None:
            await app.process_update(update)
    else:
        log.error("update %s is given up after %d tries", id_, updates.MOST_TRIES)
    if id_ in failed:
        await asyncio.sleep(1.0)
        return False
    with here.write() as session:
        updates.done(session, id_, datetime.now(UTC))
    return True


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """This worker's event loop: the library's connections live in it from job to job."""
    return asyncio.new_event_loop()


@cache
def _app(here: Service) -> conversation.Bot:
    app = conversation.build(here)
    _loop().run_until_complete(app.initialize())
    return app


def handle_for_a_while(here: Service, end: float) -> bool:
    """Handles stored updates until the monotonic clock shows `end`; whether there are more."""
    try:
        with here.write() as session:
            lease = leases.take(session, lease_name(here), leases.this_process(), datetime.now(UTC), LEASE)
            updates.prune(session, datetime.now(UTC))
    except Busy:
        return False  # its holder looks once more after it has let go
    try:
        app = _app(here)
        while time.monotonic() < end and _loop().run_until_complete(handle_batch(app, here)):
            pass
    finally:
        with here.write() as session:
            leases.release(session, lease)
    return is_waiting(here)
