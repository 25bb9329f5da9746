"""Many policies on loopback whose wording follows a movable clock, with faults of every kind in between."""

from __future__ import annotations

import secrets
import socket
import sys
import threading
import zlib
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.e2e.instance import free_port

TAKES = "By uploading anything you agree that {name} may use it to train its generative artificial intelligence models."
ASKS = "Write to us at terms@{name}.example, on working days, if anything on this page is not clear to you."
BASE = """{name} is a place to publish what you make. By opening an account you agree to these terms of use.
You keep all rights in the recordings, pictures and texts that you upload to {name}.
You give us a licence to store your uploads, to convert them to other formats and to show them to visitors of {name}.
You promise that you hold the rights needed for everything you upload, and that nothing in it breaks the law.
You may not use bots to raise the number of plays, pretend to be someone else, or upload what belongs to others.
We may remove uploads that break these rules and close the accounts of those who keep doing so.
Visitors may pay you through {name}. We keep ten percent of each payment and send you the rest every month.
We may change these terms from time to time. If a change matters to you, you can close your account at any time."""
WALL = "<p>Before you continue: we value your privacy. Accept all cookies or manage your choices.</p>"
_PAGE = """<!doctype html><html lang="en"><title>Terms of Use</title><body><nav><a href="/?t={token}">Home</a></nav>
<main><h1>Terms of Use</h1>{body}</main><footer>Visitor {token}</footer></body></html>"""


@dataclass(frozen=True, slots=True)
class Policy:
    """A document and what becomes of it: `turns` and `reworded` are hours after the beginning, 0 for never."""

    platform: int
    number: int
    turns: float = 0
    """From here on it lets the platform train."""
    reworded: float = 0
    """From here on it holds a sentence that means nothing here."""
    flickers: tuple[float, float] = (0, 0)
    """Between these hours only it seems to turn."""

    @property
    def name(self) -> str:
        """What the platform is called."""
        return f"Site{self.platform}"

    @property
    def path(self) -> str:
        """Where it lives on its host."""
        return f"/{self.platform}/{self.number}"

    def text(self, hours: float) -> str:
        """Its wording so long after the beginning."""
        turned = 0 < self.turns <= hours or self.flickers[0] < hours < self.flickers[1]
        more = [TAKES] if turned else []
        more += [ASKS] if 0 < self.reworded <= hours else []
        return "\n".join([BASE, *more]).format(name=self.name)


class Sites:
    """The sites of `policies`, a host for each few platforms. Use it as a context manager."""

    def __init__(self, policies: list[Policy], clock: Callable[[], datetime], begin: datetime, hosts: int = 10) -> None:
        self.policies = {policy.path: policy for policy in policies}
        self.clock, self.begin, self.port = clock, begin, free_port()
        self.faulty = False
        many = hosts if sys.platform == "linux" else 1  # elsewhere loopback has but one address
        self.hosts = [f"127.0.0.{number + 1}" for number in range(many)]
        self.asked: list[str] = []

    def url(self, policy: Policy) -> str:
        """Its address."""
        return f"http://{self.hosts[policy.platform % len(self.hosts)]}:{self.port}{policy.path}"

    def hours(self) -> float:
        """Since the beginning."""
        return (self.clock() - self.begin) / timedelta(hours=1)

    def __enter__(self) -> Sites:
        self._stack = ExitStack()
        for host in self.hosts:
            server = ThreadingHTTPServer((host, self.port), self._handler())
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self._stack.callback(server.server_close)
            self._stack.callback(server.shutdown)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def fault(self, path: str) -> str:
        """One look in five goes wrong, another way each hour; the same in every run."""
        dice = zlib.crc32(f"{path} {int(self.hours())}".encode()) % 30
        kinds = ("unavailable", "reset", "wall", "short", "empty", "gone")
        return kinds[dice] if self.faulty and dice < len(kinds) else ""

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        sites = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                policy = sites.policies.get(self.path)
                if policy is None:
                    self._answer(404, b"not here", "text/plain")
                    return
                sites.asked.append(self.path)
                getattr(self, f"_{sites.fault(self.path) or 'plain'}")(policy)

            def _plain(self, policy: Policy) -> None:
                body = "".join(f"<p>{line}</p>" for line in policy.text(sites.hours()).splitlines())
                self._page(body)

            def _unavailable(self, policy: Policy) -> None:
                self.send_response(503)
                self.send_header("Retry-After", "1")  # real time: it holds up the whole host
                self.send_header("Content-Length", "0")
                self.end_headers()

            def _gone(self, policy: Policy) -> None:
                self._answer(404, b"<html><body><h1>Not found</h1></body></html>", "text/html")

            def _reset(self, policy: Policy) -> None:
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True

            def _wall(self, policy: Policy) -> None:
                self._page(WALL)

            def _empty(self, policy: Policy) -> None:
                self._page("")

            def _short(self, policy: Policy) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", "9000")
                self.end_headers()
                self.wfile.write(b"<html><body><main><p>By opening")
                self.close_connection = True

            def _page(self, body: str) -> None:
                page = _PAGE.format(token=secrets.token_hex(8), body=body)
                self._answer(200, page.encode(), "text/html; charset=utf-8")

            def _answer(self, status: int, body: bytes, kind: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Says nothing."""

            def handle(self) -> None:
                with suppress(OSError):  # whoever asked was killed
                    super().handle()

        return Handler
