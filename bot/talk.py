"""One person's turn: who speaks where, in which language, and how to answer. Commands get this."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Update
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.i18n import Words, nearest, words
from bot.message import Message, Rows
from server import queues
from server.catalogue import Catalogue
from server.core.errors import QueueError
from server.flows.subscribe import Place
from server.store import chats
from server.wiring import Service

log = logging.getLogger(__name__)

PATIENCE = 10
"""Seconds that an answer waits when Telegram asks for it; else the update is tried again later."""


@dataclass(frozen=True)
class Talk:
    """A command, a press of a button or a word, with where it came from."""

    here: Service
    bot: Bot
    update: Update
    place: Place
    user: int
    w: Words
    args: tuple[str, ...] = ()
    asleep: bool = False
    """Whether the chat is thought to be out of reach."""

    @property
    def catalogue(self) -> Catalogue:
        """The platforms."""
        return self.here.catalogue

    @property
    def asked(self) -> str:
        """What follows the command, as one text."""
        return " ".join(self.args)

    @property
    def now(self) -> datetime:
        """The time."""
        return self.here.clock.now()

    @property
    def public_url(self) -> str:
        """Where people reach our pages; empty when nobody can."""
        return self.here.settings.public_url

    @property
    def pages(self) -> str:
        """Our pages' address, for files: one that works on this machine when there is no public one."""
        return self.public_url or f"http://127.0.0.1:{self.here.settings.port}"

    @property
    def zone(self) -> str:
        """The chat's time zone."""
        with self.here.read() as session:
            known = chats.get(session, self.place.chat)
            return known.time_zone if known else "UTC"

    @property
    def is_operator(self) -> bool:
        """Whether this chat is one of those who run this server."""
        return str(self.place.chat) in self.here.settings.operators

    def wake_the_sender(self) -> None:
        """Queues delivery; what is due is in the database, so a Redis that is away only delays it."""
        try:
            self.here.queue.enqueue(queues.DELIVER_DUE)
        except QueueError as why:
            log.warning("notices wait for the clock's next tick: %s", why)

    @property
    def is_press(self) -> bool:
        """Whether a button was pressed: its message is the bot's, so only its user tells who pressed it."""
        return self.update.callback_query is not None

    async def may_change(self) -> bool:
        """Whether this person may change what the chat follows: everybody in private, admins elsewhere."""
        if self.place.kind == "private":
            return True
        message = self.update.effective_message
        if not self.is_press and message and message.sender_chat and message.sender_chat.id == self.place.chat:
            return True  # a post of a channel, whose writers are its admins, or an anonymous admin of a group
        # Not getChatMember: in a group whose members are hidden it answers only a bot that is an admin.
        admins = await self.bot.get_chat_administrators(self.place.chat)
        return self.user in {admin.user.id for admin in admins}

    async def reply(self, message: Message) -> None:
        """Answers in the same chat and topic."""
        await self._patiently(
            self.bot.send_message,
            chat_id=self.place.chat,
            text=message.text,
            parse_mode="HTML",
            reply_markup=markup(message.rows),
            message_thread_id=self.place.thread or None,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )

    async def say(self, text: str) -> None:
        """Answers with a text that is HTML already."""
        await self.reply(Message(text))

    async def show(self, message: Message) -> None:
        """Replaces the message whose button was pressed; answers anew when there is none."""
        query = self.update.callback_query
        if query is None or query.message is None:
            await self.reply(message)
            return
        try:
            await self._patiently(
                self.bot.edit_message_text,
                text=message.text,
                chat_id=self.place.chat,
                message_id=query.message.message_id,
                parse_mode="HTML",
                reply_markup=markup(message.rows),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except BadRequest as why:
            if "not modified" not in str(why):  # pressed twice
                await self.reply(message)

    async def document(self, name: str, data: bytes) -> None:
        """Answers with a file."""
        await self._patiently(
            self.bot.send_document,
            chat_id=self.place.chat,
            document=data,
            filename=name,
            message_thread_id=self.place.thread or None,
        )

    async def _patiently(self, call: Any, **arguments: Any) -> None:
        """Calls Telegram; waits once when asked to, for a short time. A chat that has blocked us is put to sleep, one
        that slept and can be answered wakes: not every right that is given back is told.
        """
        try:
            await call(**arguments)
        except RetryAfter as busy:
            wait = seconds(busy)
            with self.here.write() as session:
                chats.hold_back(session, self.place.chat, datetime.now(UTC) + timedelta(seconds=wait))
            if wait > PATIENCE:
                raise
            await asyncio.sleep(wait)
            await call(**arguments)
        except Forbidden as why:
            with self.here.write() as session:
                chats.block(session, self.place.chat, f"blocked: {why}")
            return
        if self.asleep:
            with self.here.write() as session:
                chats.wake(session, self.place.chat)


def seconds(busy: RetryAfter) -> float:
    """How long Telegram asks to wait; the library gives a number or a timedelta."""
    wait = busy.retry_after
    return wait if isinstance(wait, (int, float)) else wait.total_seconds()


def pause_after(why: TelegramError, usual: float) -> float:
    """Seconds to wait before Telegram is asked again: what it names, else the usual time."""
    return seconds(why) if isinstance(why, RetryAfter) else usual


def markup(rows: Rows) -> InlineKeyboardMarkup | None:
    """Buttons as Telegram's keyboard."""
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(b.text, url=b.url or None, callback_data=b.data or None) for b in row] for row in rows]
    )


def talk_of(here: Service, bot: Bot, update: Update, args: tuple[str, ...] = ()) -> Talk | None:
    """The talk of an update; None when nobody can be answered."""
    chat, user, message = update.effective_chat, update.effective_user, update.effective_message
    if chat is None:
        return None
    thread = getattr(message, "message_thread_id", None) if getattr(message, "is_topic_message", None) else None
    with here.read() as session:
        known = chats.get(session, chat.id)
        language = known.language if known else nearest(user.language_code if user else None)
    place = Place(chat.id, thread or 0, chat.type, language)
    asleep = known is not None and known.state == chats.BLOCKED
    return Talk(here, bot, update, place, user.id if user else 0, words(language), args, asleep)
