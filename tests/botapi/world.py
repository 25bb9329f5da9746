"""The world behind the server: chats, messages, updates, commands, files. No network in here."""

from __future__ import annotations

import itertools
import json
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.limits import Limits
from tests.botapi.markup import Refused, check_keyboard, parse

BOT = {"id": 123456789, "is_bot": True, "first_name": "Clausewatch", "username": "clausewatch_bot"}
BOT |= {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True}


@dataclass
class World:
    """What Telegram knows. Methods named like the Bot API's are what the bot calls."""

    limits: Limits = field(default_factory=Limits)
    messages: list[dict[str, Any]] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    webhook: dict[str, Any] = field(default_factory=dict)
    admins: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    names: dict[str, int] = field(default_factory=dict)
    """Public channels: "@name" → id."""
    files: dict[str, bytes] = field(default_factory=dict)
    keep: bool = True
    """Whether messages are kept in memory; a benchmark only counts them."""
    accepted: int = 0
    times: list[float] = field(default_factory=list)
    on_message: Callable[[dict[str, Any]], None] = lambda message: None
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    # What people do

    def push(self, **update: Any) -> int:
        """Something happens; gives its update_id."""
        number = next(self.numbers)
        self.updates.append({"update_id": number, **update})
        return number

    def chat(self, chat: int) -> dict[str, Any]:
        """A chat as Telegram shows it."""
        if chat > 0:
            return {"id": chat, "type": "private", "first_name": "Ann"}
        if chat in self.names.values():
            return {"id": chat, "type": "channel", "title": "News"}
        kind = "supergroup" if chat < -1_000_000_000_000 else "group"
        return {"id": chat, "type": kind, "title": "Friends"}

    def message(self, chat: int, text: str, user: int = 0, thread: int = 0, language: str = "en") -> dict[str, Any]:
        """A message of a person in a chat."""
        person = {"id": user or abs(chat), "is_bot": False, "first_name": "Ann", "language_code": language}
        found: dict[str, Any] = {"message_id": next(self.numbers), "date": int(time.time()), "chat": self.chat(chat)}
        found |= {"text": text}
        if found["chat"]["type"] == "channel":
            found["sender_chat"] = found["chat"]
        else:
            found["from"] = person
        if thread:
            found |= {"message_thread_id": thread, "is_topic_message": True}
        if text.startswith("/"):
            command = text.split()[0]
            found["entities"] = [{"type": "bot_command", "offset": 0, "length": len(command)}]
        return found

    # What the bot calls

    def getMe(self) -> dict[str, Any]:
        return dict(BOT)

    def sendMessage(self, chat_id: Any, text: str = "", **more: Any) -> dict[str, Any]:
        plain, entities = parse(text, more.get("parse_mode"))
        check_keyboard(more.get("reply_markup"))
        return self._accept(self._id(chat_id), plain, entities=entities, source=text, **more)

    def sendDocument(self, chat_id: Any, document: Any, **more: Any) -> dict[str, Any]:
        name, data = document
        self.files[name] = data
        return self._accept(self._id(chat_id), more.pop("caption", ""), file=name, **more)

    def editMessageText(self, text: str, chat_id: Any = 0, message_id: Any = 0, **more: Any) -> Any:
        plain, _ = parse(text, more.get("parse_mode"))
        check_keyboard(more.get("reply_markup"))
        message = self._find(int(chat_id), int(message_id))
        if message["plain"] == plain and message["markup"] == more.get("reply_markup"):
            raise Refused("Bad Request: message is not modified")
        message.update(plain=plain, source=text, markup=more.get("reply_markup"))
        return self._shown(message)

    def editMessageReplyMarkup(self, chat_id: Any, message_id: Any, reply_markup: Any = None) -> Any:
        check_keyboard(reply_markup)
        message = self._find(int(chat_id), int(message_id))
        message["markup"] = reply_markup
        return self._shown(message)

    def answerCallbackQuery(self, **_: Any) -> bool:
        return True

    def answerInlineQuery(self, results: Any, **_: Any) -> bool:
        if len(results) > 50:
            raise Refused("Bad Request: RESULTS_TOO_MUCH")
        for result in results:
            content = result["input_message_content"]
            parse(content["message_text"], content.get("parse_mode"))
            check_keyboard(result.get("reply_markup"))
        return True

    def setMyCommands(self, commands: Any, language_code: str = "", scope: Any = None) -> bool:
        if any(not 1 <= len(c["command"]) <= 32 or not 1 <= len(c["description"]) <= 256 for c in commands):
            raise Refused("Bad Request: BOT_COMMAND_INVALID")
        key = (language_code, json.dumps(scope) if scope else "")
        self.commands[key] = commands
        return True

    def setMyDescription(self, **_: Any) -> bool:
        return True

    def setWebhook(self, url: str = "", **more: Any) -> bool:
        self.webhook = {"url": url, **more} if url else {}
        return True

    def getWebhookInfo(self) -> dict[str, Any]:
        trouble = {"last_error_message": self.webhook["trouble"]} if self.webhook.get("trouble") else {}
        return {"url": self.webhook.get("url", ""), "pending_update_count": len(self.updates), **trouble}

    def deleteWebhook(self, **_: Any) -> bool:
        self.webhook = {}
        return True

    def getChat(self, chat_id: Any) -> dict[str, Any]:
        return self.chat(self._id(chat_id)) | {
            "accent_color_id": 0,
            "max_reaction_count": 1,
            "accepted_gift_types": {
                "unlimited_gifts": False,
                "limited_gifts": False,
                "unique_gifts": False,
                "premium_subscription": False,
                "gifts_from_channels": False,
            },
        }

    def getChatAdministrators(self, chat_id: Any) -> list[dict[str, Any]]:
        users = [{"id": user, "is_bot": False, "first_name": "Ann"} for user in sorted(self.admins[int(chat_id)])]
        return [{"status": "creator", "user": user, "is_anonymous": False} for user in users]

    def getFile(self, file_id: str) -> dict[str, Any]:
        size = len(self.files[file_id])
        return {"file_id": file_id, "file_unique_id": file_id, "file_size": size, "file_path": file_id}

    # Inside

    def _id(self, chat: Any) -> int:
        if str(chat).startswith("@"):
            if chat not in self.names:
                raise Refused("Bad Request: chat not found")
            return self.names[chat]
        return int(chat)

    def _accept(self, chat: int, plain: str, **more: Any) -> dict[str, Any]:
        message = {"id": next(self.numbers), "chat": chat, "plain": plain, "markup": more.pop("reply_markup", None)}
        message |= {"thread": int(more.pop("message_thread_id", 0) or 0), "at": time.monotonic()} | more
        self.accepted += 1
        self.times.append(message["at"])
        self.on_message(message)
        if self.keep:
            self.messages.append(message)
        return self._shown(message)

    def _shown(self, message: dict[str, Any]) -> dict[str, Any]:
        shown = {"message_id": message["id"], "date": int(time.time()), "chat": self.chat(message["chat"])}
        return shown | {"text": message["plain"], "from": BOT}

    def _find(self, chat: int, message: int) -> dict[str, Any]:
        for found in self.messages:
            if found["chat"] == chat and found["id"] == message:
                return found
        raise Refused("Bad Request: message to edit not found")
