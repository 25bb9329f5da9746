"""The server: HTTP on loopback around a World, in a thread (`BotApi`) or as a process (`python -m tests.botapi`)."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl, unquote

from tests.botapi.faults import Fault
from tests.botapi.markup import Refused
from tests.botapi.world import World

TOKEN = "123456789:AAFakeTokenForTestsOnly-0123456789abcd"
SENDS = {"sendMessage", "sendDocument"}


class BotApi:
    """Telegram on loopback. `say` is a person writing, `texts` is what a chat has been told."""

    def __init__(self, token: str = TOKEN, port: int = 0) -> None:
        self.token = token
        self.port = port
        self.world = World()
        self.faults: list[Fault] = []
        self.webhook_statuses: list[int] = []
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._pollers = 0
        self._news: asyncio.Event | None = None

    @property
    def url(self) -> str:
        """What TELEGRAM_API_URL is to be."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> BotApi:
        self._thread.start()
        if not self._ready.wait(10):
            raise AssertionError("the Bot API server did not start")
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    # What people do

    def say(self, chat_id: int, text: str, **who: Any) -> int:
        """A person writes in a chat (`user`, `thread`, `language`); gives the update's number."""
        message = self.world.message(chat_id, text, **who)
        kind = "channel_post" if message["chat"]["type"] == "channel" else "message"
        return self.happen(**{kind: message})

    def press(self, chat_id: int, button: str, user: int = 0) -> str:
        """A person presses the newest button whose words contain `button`; gives its callback data."""
        for message in reversed(self.world.messages):
            if message["chat"] != chat_id or not message["markup"]:
                continue
            for found in (b for row in message["markup"]["inline_keyboard"] for b in row):
                if button in found["text"] and "callback_data" in found:
                    self._press(chat_id, message, found["callback_data"], user)
                    return str(found["callback_data"])
        raise AssertionError(f"no button {button!r} in {self.texts(chat_id)[-1:]}")

    def _press(self, chat: int, message: dict[str, Any], data: str, user: int) -> None:
        person = {"id": user or abs(chat), "is_bot": False, "first_name": "Ann", "language_code": "en"}
        shown = self.world._shown(message)
        if message["thread"]:
            shown |= {"message_thread_id": message["thread"], "is_topic_message": True}
        query = {"id": str(next(self.world.numbers)), "from": person, "message": shown}
        self.happen(callback_query=query | {"chat_instance": "1", "data": data})

    def ask_inline(self, user: int, query: str, language: str = "en") -> None:
        """A person types @bot and a query in some chat."""
        person = {"id": user, "is_bot": False, "first_name": "Ann", "language_code": language}
        number = str(next(self.world.numbers))
        self.happen(inline_query={"id": number, "from": person, "query": query, "offset": ""})

    def send_file(self, chat_id: int, name: str, data: bytes, caption: str = "") -> None:
        """A person sends a file."""
        self.world.files[name] = data
        message = self.world.message(chat_id, "")
        del message["text"]
        message["document"] = {"file_id": name, "file_unique_id": name, "file_name": name, "file_size": len(data)}
        self.happen(message=message | {"caption": caption})

    def member(self, chat_id: int, old: str, new: str) -> None:
        """Somebody blocks, unblocks, adds or removes the bot."""
        bot = {"id": 123456789, "is_bot": True, "first_name": "Clausewatch"}
        person = {"id": abs(chat_id), "is_bot": False, "first_name": "Ann", "language_code": "en"}
        states = [
            {"status": status, "user": bot} | ({"until_date": 0} if status == "kicked" else {}) for status in (old, new)
        ]
        update = {"chat": self.world.chat(chat_id), "from": person, "date": int(time.time())}
        self.happen(my_chat_member=update | {"old_chat_member": states[0], "new_chat_member": states[1]})

    def happen(self, **update: Any) -> int:
        """Any update; it goes to the webhook when one is set, else it waits for getUpdates."""
        number = self.world.push(**update)
        self._loop.call_soon_threadsafe(self._wake)
        return number

    def texts(self, chat_id: int) -> list[str]:
        """What the bot has told a chat, mark-up taken off, oldest first; edits show their newest words."""
        return [message["plain"] for message in list(self.world.messages) if message["chat"] == chat_id]

    def wait_for(self, what: Callable[[], Any], seconds: float = 20.0) -> Any:
        """Waits until `what()` is true and gives it; fails the test after `seconds`."""
        end = time.monotonic() + seconds
        while not (found := what()):
            if time.monotonic() > end:
                raise AssertionError(f"did not happen within {seconds} s; last calls {self.world.calls[-5:]}")
            time.sleep(0.02)
        return found

    def fail(self, *faults: Fault) -> None:
        """Replaces the faults."""
        self.faults = list(faults)

    # The server

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._news = asyncio.Event()
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=1 << 24))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.01))
        self._loop.close()

    def _wake(self) -> None:
        assert self._news is not None
        self._news.set()
        if self.world.webhook:
            self._loop.run_in_executor(None, self._post_updates)

    def _post_updates(self) -> None:
        while self.world.webhook and self.world.updates:
            update = self.world.updates[0]
            status = self.post_webhook(update, str(self.world.webhook.get("secret_token", "")))
            self.webhook_statuses.append(status)
            if status != 200:
                time.sleep(0.2)
                continue
            with contextlib.suppress(ValueError):
                self.world.updates.remove(update)

    def post_webhook(self, update: dict[str, Any], secret: str) -> int:
        """Delivers an update as Telegram does; gives the status (0: no answer)."""
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret}
        request = urllib.request.Request(self.world.webhook["url"], json.dumps(update).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code
        except OSError:
            return 0

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                lines = head.decode("latin-1").split("\r\n")
                headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:] if line)}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                path = unquote(lines[0].split(" ")[1])
                if not await self._respond(writer, path, headers.get("content-type", ""), body):
                    break
        writer.close()

    async def _respond(self, writer: asyncio.StreamWriter, path: str, kind: str, body: bytes) -> bool:
        if path.startswith(f"/file/bot{self.token}/"):
            return _write(writer, 200, self.world.files[path.rsplit("/", 1)[1]], "application/octet-stream")
        if not path.startswith(f"/bot{self.token}/"):
            status = 401 if path.startswith("/bot") else 404
            words = "Unauthorized" if status == 401 else "Not Found"
            return _answer(writer, status, {"ok": False, "error_code": status, "description": words})
        method = path.rsplit("/", 1)[1].partition("?")[0]
        arguments = _arguments(kind, body)
        if self.world.keep:
            self.world.calls.append((method, arguments))
        return await self._call(writer, method, arguments)

    async def _call(self, writer: asyncio.StreamWriter, method: str, arguments: dict[str, Any]) -> bool:
        chat = arguments.get("chat_id", 0)
        number = int(chat) if str(chat).lstrip("-").isdigit() else 0
        fault = next((fault for fault in self.faults if fault.strikes(method, number)), None)
        if fault and fault.do == "reset":
            return False
        if fault and fault.do == "html":
            return _write(writer, 502, b"<html><h1>502 Bad Gateway</h1></html>", "text/html")
        if fault and fault.do == "silly":
            return _write(writer, 200, b"<html>Welcome to the hotel's network</html>", "text/html")
        if fault and fault.do not in {"cut", "silent"}:
            return _answer(writer, *fault.answer(number))
        if method == "getUpdates":
            return await self._get_updates(writer, arguments)
        if method in SENDS and (seconds := self.world.limits.wait(number, time.monotonic())):
            return _answer(writer, *Fault("limited", retry_after=seconds).answer(number))
        try:
            result = getattr(self.world, method)(**arguments)
        except Refused as why:
            return _answer(writer, 400, {"ok": False, "error_code": 400, "description": str(why)})
        if fault and fault.do == "cut":
            return False
        if fault:
            await asyncio.sleep(fault.seconds)
        return _answer(writer, 200, {"ok": True, "result": result})

    async def _get_updates(self, writer: asyncio.StreamWriter, arguments: dict[str, Any]) -> bool:
        if self._pollers or self.world.webhook:
            words = "Conflict: terminated by other getUpdates request"
            if self.world.webhook:
                words = "Conflict: can't use getUpdates method while webhook is active"
            return _answer(writer, 409, {"ok": False, "error_code": 409, "description": words})
        offset, end = int(arguments.get("offset", 0)), time.monotonic() + float(arguments.get("timeout", 0))
        self.world.updates = [update for update in self.world.updates if update["update_id"] >= offset]
        assert self._news is not None
        self._pollers += 1
        try:
            while not self.world.updates and time.monotonic() < end and not writer.is_closing():
                self._news.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), min(0.2, max(0.0, end - time.monotonic())))
        finally:
            self._pollers -= 1
        return _answer(writer, 200, {"ok": True, "result": self.world.updates[: int(arguments.get("limit", 100))]})


def _arguments(kind: str, body: bytes) -> dict[str, Any]:
    if kind.startswith("application/json"):
        found: dict[str, Any] = json.loads(body or b"{}")
        return found
    if kind.startswith("multipart/form-data"):
        return _multipart(kind, body)
    return {key: _value(key, value) for key, value in parse_qsl(body.decode(), keep_blank_values=True)}


def _multipart(kind: str, body: bytes) -> dict[str, Any]:
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    found: dict[str, Any] = {}
    files: dict[str, tuple[str, bytes]] = {}
    for part in message.iter_parts():  # type: ignore[attr-defined]
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        if part.get_filename():
            files[f"attach://{name}"] = files[name] = (part.get_filename(), data)
        else:
            found[str(name)] = _value(str(name), data.decode())
    for name, value in found.items():
        if isinstance(value, str) and value in files:
            found[name] = files[value]
    return {**{name: file for name, file in files.items() if name == "document"}, **found}


def _value(name: str, value: str) -> Any:
    """Telegram takes structured arguments as JSON inside a form; words and numbers stay as they are."""
    if value[:1] in ("[", "{") and name not in {"text", "caption"}:
        with contextlib.suppress(ValueError):
            return json.loads(value)
    return value


def _answer(writer: asyncio.StreamWriter, status: int, body: dict[str, Any]) -> bool:
    return _write(writer, status, json.dumps(body).encode(), "application/json")


def _write(writer: asyncio.StreamWriter, status: int, body: bytes, kind: str) -> bool:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    return True
