"""The worker's jobs of the bot. Each is short, resumable, and harmless when it runs twice."""

from __future__ import annotations

import logging
import time
from functools import cache
from threading import Timer

from bot import delivery, inbox
from server import queues, settings, wiring
from server.core.errors import QueueError
from server.flows.deliver import Sender
from server.flows.deliver import deliver as send_for_a_while
from server.store import outbox

log = logging.getLogger(__name__)

SOON = 20.0
"""Seconds: what is due later is found by the clock's next tick."""


@cache
def service() -> wiring.Service:
    """This worker's service."""
    return wiring.build(settings.read())


@cache
def sender() -> Sender:
    """This worker's sender: its spacing goes on from job to job."""
    return delivery.sender(service())


def deliver() -> None:
    """Sends what is due for a few seconds, and queues itself again when there is more."""
    here = service()
    if not here.settings.telegram_token:
        log_notices()
        return
    wait = send_for_a_while(sender())
    if wait == 0.0:
        here.queue.enqueue(queues.DELIVER_DUE)
    elif wait is not None and wait < SOON:
        _deliver_in(wait)
    if here.settings.webhook and inbox.is_waiting(here):
        here.queue.enqueue(queues.HANDLE_UPDATES)


def _deliver_in(seconds: float) -> None:
    """Queues the next job after a while. A timer that dies with its worker costs at most one tick of the clock."""
    timer = Timer(seconds, _queue_delivery)
    timer.daemon = True
    timer.start()


def _queue_delivery() -> None:
    try:
        service().queue.enqueue(queues.DELIVER_DUE)
    except QueueError as why:
        log.warning("a delivery waits for the next tick: %s", why)


_logged = {"notice": 0}


def log_notices() -> None:
    """Without a bot, notices go to the log: each once in this process."""
    with service().read() as session:
        for notice in reversed(outbox.progress(session)):
            if notice["id"] > _logged["notice"]:
                log.warning("notice № %s waits, there is no bot: %s", notice["id"], notice["text"])
                _logged["notice"] = notice["id"]


def handle_updates() -> None:
    """Handles updates that came by webhook, for a few seconds."""
    here = service()
    if here.settings.telegram_token and inbox.handle_for_a_while(here, time.monotonic() + 4.0):
        here.queue.enqueue(queues.HANDLE_UPDATES)
