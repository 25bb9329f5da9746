"""POST /telegram/webhook: stores an update, answers 200, and leaves the work to a worker."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from flask import Blueprint, Response, request

from server import queues
from server.core.errors import QueueError
from server.core.secrets import same, webhook_secret
from server.store import updates
from server.web.context import context
from server.web.errors import problem

log = logging.getLogger(__name__)
PATH = "/telegram/webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
LARGEST = 1 << 20
"""Bytes of an update; Telegram's are some kilobytes."""


def blueprint() -> Blueprint:
    """The endpoint. Without CLAUSEWATCH_WEBHOOK=1 and a token it does not exist."""
    found = Blueprint("telegram", __name__)

    @found.post(PATH)
    def receive() -> Response:
        """Take one update from Telegram."""
        here = context()
        if not (here.settings.webhook and here.settings.telegram_token):
            return problem(404, "This server has no webhook.")
        if not same(request.headers.get(HEADER, ""), webhook_secret(here.settings.telegram_token)):
            return problem(403, "The secret token is missing or wrong.")
        if (request.content_length or 0) > LARGEST:
            return problem(413, "An update is not that large.")
        update = request.get_json(silent=True)
        update = update if isinstance(update, dict) else {}
        number = update.get("update_id")
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 2**63:
            return problem(400, "This is no update: it has no update_id.")
        with here.write() as session:
            new = updates.keep(session, number, update, datetime.now(UTC))
        if new:
            _wake_a_worker()
        return Response(status=200)

    return found


def _wake_a_worker() -> None:
    """The update is stored, so a Redis that is away only delays it: the clock's next tick finds it."""
    try:
        context().queue.enqueue(queues.HANDLE_UPDATES)
    except QueueError as why:
        log.warning("an update waits for the next tick: %s", why)
