"""The bot's conversation: Telegram's updates → commands, buttons, words, inline queries, comings and goings."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import cache
from importlib import import_module
from typing import Any

from httpx import create_ssl_context
from telegram import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    CallbackQuery,
    ChatMemberUpdated,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)
from telegram.request import HTTPXRequest

from bot import cards, commands, phrases
from bot.command import Command
from bot.commands.status import look, show_status
from bot.i18n import LANGUAGES, nearest, words
from bot.message import escape
from bot.talk import Talk, talk_of
from server.core.model import Stance
from server.flows import subscribe
from server.settings import Settings
from server.store import chats
from server.wiring import Service

log = logging.getLogger(__name__)

ALLOWED = ["message", "channel_post", "callback_query", "inline_query", "my_chat_member"]
INLINE_MOST = 10
_LEADS = {"y": "", "h": "", "o": "", "s": "", "u": "", "f": subscribe.FOLLOW_LINK, "d": subscribe.DIFF_LINK}
"""Verb of a button → what its link to the bot begins with; behind it stands a platform, or a change's number."""
Bot = Application[Any, Any, Any, Any, Any, Any]
Context = ContextTypes.DEFAULT_TYPE
_WRITTEN = (filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST) & ~filters.IS_AUTOMATIC_FORWARD
"""What people write; the copy of a channel's post in its group was heard in the channel."""


def build(here: Service) -> Bot:
    """The conversation of this service's bot; updates are handed to its `process_update`."""
    settings = here.settings
    builder = Application.builder().token(settings.telegram_token).updater(None)
    builder = builder.base_url(f"{settings.telegram_api}/bot").base_file_url(f"{settings.telegram_api}/file/bot")
    ask = HTTPXRequest(16, read_timeout=10, connect_timeout=5, pool_timeout=10, httpx_kwargs=_tls())
    listen = HTTPXRequest(connection_pool_size=1, httpx_kwargs=_tls())
    app: Bot = builder.request(ask).get_updates_request(listen).build()
    app.bot_data["here"] = here
    app.bot_data["failed"] = set()
    for command in commands.every():
        app.add_handler(CommandHandler(command.name, _runner(command), filters=_WRITTEN))
        for verb, press in command.presses.items():
            app.add_handler(CallbackQueryHandler(_presser(command, press), pattern=f"^{verb}:"))
    app.add_handler(CallbackQueryHandler(_stale))
    app.add_handler(InlineQueryHandler(_inline))
    app.add_handler(ChatMemberHandler(_member, ChatMemberHandler.MY_CHAT_MEMBER))
    app.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, _migrated))
    app.add_handler(MessageHandler(filters.Document.ALL & _WRITTEN, _file))
    app.add_handler(MessageHandler(filters.ChatType.PRIVATE & filters.TEXT & _WRITTEN, _words))
    app.add_error_handler(_failed)
    return app


@cache
def _tls() -> dict[str, Any]:
    """One TLS context for all connections of this process: for each of its own, every root certificate is read anew."""
    return {"verify": create_ssl_context()}


def _talk(update: Update, context: Context, args: tuple[str, ...] = ()) -> Talk | None:
    return talk_of(context.bot_data["here"], context.bot, update, args)


Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]


def _runner(command: Command) -> Handler:
    async def handle(update: Update, context: Context) -> None:
        talk = _talk(update, context, tuple(context.args or ()))
        if talk is None:
            return
        if command.operator and not talk.is_operator:
            await _unknown(talk)
        elif command.changes and not await talk.may_change():
            await talk.say(escape(phrases.admins_only(talk.w)))
        else:
            await command.run(talk)

    return handle


def _presser(command: Command, press: Callable[[Talk, tuple[str, ...]], Awaitable[None]]) -> Handler:
    async def handle(update: Update, context: Context) -> None:
        query, talk = update.callback_query, _talk(update, context)
        if query is None or query.data is None or talk is None:
            return
        if command.operator and not talk.is_operator:
            await _quietly(query.answer())
            return
        in_channel = talk.place.kind == "channel"
        if (command.presses_change or in_channel) and not await talk.may_change():
            await _quietly(_refuse(query, query.data, talk))
        elif in_channel and (url := _in_private(talk.bot.username, query.data)) and not command.presses_change:
            await _quietly(query.answer(url=url))
        else:
            await _quietly(query.answer())
            await press(talk, tuple(query.data.split(":")[1:]))

    return handle


async def _refuse(query: CallbackQuery, data: str, talk: Talk) -> None:
    """Who may not press here is led to the bot itself, or told why."""
    url = _in_private(talk.bot.username, data) if talk.place.kind == "channel" else ""
    if url:
        await query.answer(url=url)
    else:
        await query.answer(phrases.admins_only(talk.w), show_alert=True)


def _in_private(username: str, data: str) -> str:
    """The link that does in a chat of one's own what a button of a channel says, where an answer would be a post."""
    verb, about, *_ = [*data.split(":"), ""]
    return f"https://t.me/{username}?start={_LEADS[verb]}{about}" if verb in _LEADS else ""


async def _quietly(answer: Awaitable[Any]) -> None:
    """A press that is answered too late is refused; what it asked for is done all the same."""
    try:
        await answer
    except BadRequest as why:
        log.debug("a press could not be answered: %s", why)


async def _stale(update: Update, context: Context) -> None:
    """A button of an older version of this bot."""
    talk = _talk(update, context)
    if update.callback_query and talk:
        await _quietly(update.callback_query.answer(talk.w.t("This button is too old; ask again.")))


async def _words(update: Update, context: Context) -> None:
    """Words that are no command: a platform's name or address gives its status."""
    text = (update.effective_message.text or "") if update.effective_message else ""
    talk = _talk(update, context)
    if talk is None:
        return
    if text.startswith("/"):
        await _unknown(talk)
    else:
        await show_status(talk, text)


async def _unknown(talk: Talk) -> None:
    """In groups a command may be another bot's."""
    if talk.place.kind == "private":
        await talk.say(escape(talk.w.t("I do not know that command; /help lists them.")))


async def _file(update: Update, context: Context) -> None:
    """A file to import: in private any file, in groups one whose caption is the command."""
    message, talk = update.effective_message, _talk(update, context)
    if message is None or message.document is None or talk is None:
        return
    if talk.place.kind != "private" and not (message.caption or "").startswith("/import"):
        return
    if not await talk.may_change():
        await talk.say(escape(phrases.admins_only(talk.w)))
        return
    take_file = import_module("bot.commands.import").take_file
    await take_file(talk, message.document.file_id, message.document.file_size or 0)


async def _inline(update: Update, context: Context) -> None:
    """@bot soundcloud in any chat: cards to choose from."""
    query = update.inline_query
    if query is None:
        return
    here = context.bot_data["here"]
    with here.read() as session:
        known = chats.get(session, query.from_user.id)  # a chat with a person has the person's number
    w = words(known.language if known else nearest(query.from_user.language_code))
    talk = Talk(here, context.bot, update, subscribe.Place(query.from_user.id), query.from_user.id, w)
    results = []
    for platform in subscribe.search(here.catalogue, query.query, INLINE_MOST):
        found = look(talk, platform)
        signals = [(signal.family, str(signal.verdict)) for signal in found.signals]
        card = cards.status(w, found.status, signals, followed=None, broken=found.broken_promises)
        content = InputTextMessageContent(card.text, "HTML", link_preview_options=LinkPreviewOptions(is_disabled=True))
        says = phrases.badge(w, Stance(found.status.badge.state))
        results.append(InlineQueryResultArticle(platform.id[:64], platform.name, content, description=says))
    await _quietly(query.answer(results, cache_time=60, is_personal=True))


async def _member(update: Update, context: Context) -> None:
    """The bot was blocked, removed, or let in again."""
    event: ChatMemberUpdated | None = update.my_chat_member
    if event is None:
        return
    now = event.new_chat_member
    out = now.status in ("kicked", "left") or not getattr(now, "can_send_messages", True)
    with context.bot_data["here"].write() as session:
        if out:
            chats.block(session, event.chat.id, "blocked: the bot was removed")
        else:
            chats.wake(session, event.chat.id)


async def _migrated(update: Update, context: Context) -> None:
    """A group became a supergroup."""
    message = update.effective_message
    if message is None:
        return
    old, new = message.chat.id, message.migrate_to_chat_id
    if message.migrate_from_chat_id:
        old, new = message.migrate_from_chat_id, message.chat.id
    if new:
        with context.bot_data["here"].write() as session:
            chats.rename(session, old, new)


async def _failed(update: object, context: Context) -> None:
    """Network trouble: the update is tried again. Anything else is ours: logged, and said."""
    error = context.error
    number = update.update_id if isinstance(update, Update) else 0
    if isinstance(error, (NetworkError, RetryAfter)) and not isinstance(error, BadRequest):
        log.warning("update %s will be tried again: %s", number, error)
        context.bot_data["failed"].add(number)
        return
    log.error("update %s failed", number, exc_info=error)
    talk = _talk(update, context) if isinstance(update, Update) else None
    if talk and not isinstance(error, TelegramError):
        await talk.say(escape(talk.w.t("Something broke on our side; it has been logged.")))


async def introduce(app: Bot, settings: Settings) -> None:
    """Tells Telegram the commands, in every language; operators see theirs as well."""
    everybody = [command for command in commands.every() if not command.operator]
    for language in LANGUAGES:
        w = words(language)
        menu = [BotCommand(command.name, command.says(w)) for command in everybody]
        code = None if language == "en" else language
        await app.bot.set_my_commands(menu, language_code=code)
        await app.bot.set_my_commands(menu, scope=BotCommandScopeAllGroupChats(), language_code=code)
    full = [BotCommand(command.name, command.says(words("en"))) for command in commands.every()]
    for chat in settings.operators:
        try:
            await app.bot.set_my_commands(full, scope=BotCommandScopeChat(int(chat)))
        except BadRequest as why:
            log.warning("operator %s has not written to the bot yet: %s", chat, why)
