"""A scripted server on loopback: the foreign web, with its faults."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from server.sources.http import Web

BOMB = gzip.compress(b"\0" * (64 << 20), 1)
Answer = Callable[[BaseHTTPRequestHandler], None]


class ForeignSite:
    """Answers each path as scripted and remembers what was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked.append((self.path, dict(self.headers.items())))
                site.answers.get(self.path, site.missing)(self)

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    @staticmethod
    def missing(handler: BaseHTTPRequestHandler) -> None:
        """404."""
        send(handler, 404, b"not found", {"Content-Type": "text/plain"})

    def paths(self) -> list[str]:
        """What was asked for, in order, robots.txt left out."""
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def page(self, path: str, body: bytes, status: int = 200, **headers: str) -> None:
        """A plain answer; header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named.setdefault("Content-Type", "text/html; charset=utf-8")
        self.answers[path] = lambda handler: send(handler, status, body, named)


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str]) -> None:
    """A whole answer."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    if "Content-Length" not in headers:
        handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def drip(handler: BaseHTTPRequestHandler) -> None:
    """One byte now and then, for as long as anybody listens."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    for _ in range(400):
        try:
            handler.wfile.write(b"x")
            handler.wfile.flush()
        except OSError:
            return
        time.sleep(0.05)


def endless(handler: BaseHTTPRequestHandler) -> None:
    """A body without a length that does not end by itself."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Connection", "close")
    handler.end_headers()
    block = b"<p>more</p>" * 6000
    for _ in range(20_000):
        try:
            handler.wfile.write(block)
        except OSError:
            return


def bomb(handler: BaseHTTPRequestHandler) -> None:
    """64 KiB that unpack to 64 MiB."""
    send(handler, 200, BOMB, {"Content-Type": "text/html", "Content-Encoding": "gzip"})


def half(handler: BaseHTTPRequestHandler) -> None:
    """Half of what the length says, then the end."""
    send(handler, 200, b"<p>half</p>", {"Content-Type": "text/html", "Content-Length": "1000", "Connection": "close"})
    handler.close_connection = True


def cut(handler: BaseHTTPRequestHandler) -> None:
    """The connection ends without an answer."""
    handler.close_connection = True
    handler.connection.close()


@contextmanager
def serving() -> Iterator[ForeignSite]:
    """A foreign site that answers."""
    made = ForeignSite()
    threading.Thread(target=made.server.serve_forever, daemon=True).start()
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()


@pytest.fixture
def site() -> Iterator[ForeignSite]:
    """A foreign site."""
    with serving() as made:
        yield made


@pytest.fixture
def web() -> Web:
    """A way out that may reach loopback."""
    return Web(user_agent="Clausewatch/test (+https://watch.example)", allow_private=True)
