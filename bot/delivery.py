"""Delivery: what was taken from the outbox becomes a message, and goes out by the lean way."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import render
from bot.i18n import words
from bot.message import Button, Message
from bot.stories import story
from bot.wire import Wire
from server import counters
from server.catalogue import Catalogue
from server.flows.deliver import Outcome, Sender
from server.settings import Settings
from server.store import leases, outbox
from server.store.deliveries import Taken
from server.store.tables import ChangeRow
from server.store.tables_people import NoticeRow
from server.wiring import Service

FRESH = 30.0
"""Seconds for which a rendered message serves all chats of one language."""
PAID = 48
"""Connections without a limit of rate; 16 carry the ordinary one even when some calls stay silent."""


class Composer:
    """Renders each notice once for each language, however many chats get it."""

    def __init__(self, catalogue: Catalogue, public_url: str, today: Callable[[], Any]) -> None:
        self._catalogue, self._public_url, self._today = catalogue, public_url, today
        self._made: dict[tuple[object, ...], Message | None] = {}
        self._since, self._newest = float("-inf"), 0

    def __call__(self, session: Session, taken: Taken) -> dict[str, Any] | None:
        """The arguments of sendMessage; None when the change has been withdrawn since."""
        # A correction is a notice of its own: from its transaction on, nothing that was made before is sent.
        if taken.newest != self._newest or time.monotonic() - self._since > FRESH:
            self._made.clear()
            self._since, self._newest = time.monotonic(), taken.newest
        key = (taken.notices, taken.digest, taken.language)
        if key not in self._made:
            self._made[key] = self._make(session, taken)
        message = self._made[key]
        return None if message is None else payload(message, taken.chat, taken.thread)

    def _make(self, session: Session, taken: Taken) -> Message | None:
        w = words(taken.language)
        notices = session.scalars(select(NoticeRow).where(NoticeRow.id.in_(taken.notices)).order_by(NoticeRow.id))
        told = [(notice, session.get(ChangeRow, notice.change_id or 0)) for notice in notices]
        if taken.digest:
            stories = [(n.id, self._story(row)) for n, row in told if row is not None and row.state == "published"]
            return render.digest(w, stories) if stories else None
        notice, change = told[0]
        if change is None:
            return render.broadcast(w, notice.text, notice.id)
        first = outbox.notice_of(session, change.id)
        earlier = first.id if first else 0
        if notice.kind == "correction":
            return render.correction(w, self._story(change), notice.id, earlier, notice.text)
        if change.state != "published":
            return None
        if notice.kind == "corrected":
            return render.corrected(w, self._story(change), notice.id, earlier)
        return render.notice(w, self._story(change), notice.id, self._today())

    def _story(self, row: ChangeRow) -> render.Story:
        return story(row, self._catalogue, self._public_url)


def payload(message: Message, chat: int, thread: int) -> dict[str, Any]:
    """A message as arguments of sendMessage."""
    found: dict[str, Any] = {"chat_id": chat, "text": message.text, "parse_mode": "HTML"}
    found["link_preview_options"] = {"is_disabled": True}
    if thread:
        found["message_thread_id"] = thread
    if message.rows:
        found["reply_markup"] = {"inline_keyboard": [[_button(b) for b in row] for row in message.rows]}
    return found


def _button(button: Button) -> dict[str, str]:
    return {"text": button.text} | ({"url": button.url} if button.url else {"callback_data": button.data})


def bot_id(settings: Settings) -> str:
    """The number before the colon of the token: names the bot without giving the token away."""
    return settings.telegram_token.partition(":")[0]


def sender(service: Service) -> Sender:
    """The sender of this service's bot."""
    settings = service.settings
    slots = 16 if 0 < settings.send_rate <= 60 else PAID
    wire = Wire(settings.telegram_api, settings.telegram_token, slots)

    def post(taken: Taken, message: dict[str, Any]) -> Outcome:
        outcome = wire.send(message)
        counters.add("sends", outcome.kind)
        return outcome

    composer = Composer(service.catalogue, settings.public_url, lambda: service.clock.now().date())
    return Sender(
        name=f"sender:{bot_id(settings)}",
        holder=leases.this_process(),
        write=service.write,
        clock=service.clock,
        compose=composer,
        post=post,
        rate=float(settings.send_rate),
        slots=slots,
    )
