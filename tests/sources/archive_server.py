"""A small web archive on a local port that speaks one of three dialects, with captures given as values."""

from __future__ import annotations

import gzip
import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Kept:
    """One capture: its stamp, page and status; `length` and `digest` as the list shows them."""

    stamp: str
    body: bytes = b"<p>words</p>"
    status: int = 200
    url: str = "https://tunery.example/terms"
    digest: str = ""
    location: str = ""
    packed: bool = False
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class ArchiveServer:
    """Answers like the Internet Archive ("ia"), pywb ("pywb") or a bare Memento archive ("memento")."""

    kept: list[Kept]
    dialect: str = "ia"
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    """Answers given first, before anything else, one a request."""
    log: list[str] = field(default_factory=list)
    page: int = 10_000

    def __enter__(self) -> ArchiveServer:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.log.append(self.path)
                status, headers, body = outer.answers.pop(0) if outer.answers else outer.answer(self.path)
                with suppress(ConnectionError):  # who asked may have gone
                    self.send_response(status)
                    for name, value in ({"Content-Length": str(len(body))} | headers).items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    @property
    def url(self) -> str:
        """Where it listens; pywb's names a collection."""
        return f"http://127.0.0.1:{self.server.server_port}" + ("/coll" if self.dialect == "pywb" else "")

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body."""
        if self.dialect == "ia" and path.startswith("/cdx/search/cdx?"):
            return self._ia_list(parse_qs(urlsplit(path).query))
        if self.dialect == "pywb" and path.startswith("/coll/cdx?"):
            rows = self._of(parse_qs(urlsplit(path).query))
            return 200, {"Content-Type": "text/x-ndjson"}, b"\n".join(map(self._pywb_row, rows))
        if self.dialect == "memento" and path.startswith("/timemap/link/"):
            return 200, {"Content-Type": "application/link-format"}, self._timemap(path[15:])
        prefix = {"ia": "/web/", "pywb": "/coll/", "memento": "/"}[self.dialect]
        for one in self.kept:
            if path == f"{prefix}{one.stamp}id_/{one.url}":
                return self._replayed(one)
        return 404, {}, b"not archived"

    def _ia_list(self, query: dict[str, list[str]]) -> tuple[int, dict[str, str], bytes]:
        kept = self._of(query)
        start = int(query.get("resumeKey", ["0"])[0])
        header = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
        rows = [
            ["k", one.stamp, one.url, _kind(one), str(one.status or "-"), one.digest or one.stamp, str(len(one.body))]
            for one in kept[start : start + self.page]
        ]
        more = [[], [str(start + self.page)]] if start + self.page < len(kept) else []
        return 200, {"Content-Type": "application/json"}, json.dumps([header, *rows, *more] if rows else []).encode()

    def _of(self, query: dict[str, list[str]]) -> list[Kept]:
        """The captures of the address that was asked for; http and https are the same to an archive."""
        wanted = query["url"][0].partition("://")[2]
        return [one for one in self.kept if not wanted or one.url.partition("://")[2] == wanted]

    def _pywb_row(self, one: Kept) -> bytes:
        row = {"urlkey": "k", "timestamp": one.stamp, "url": one.url, "mime": "text/html", "digest": one.stamp}
        return json.dumps(row | ({"status": str(one.status)} if one.status else {})).encode()

    def _timemap(self, url: str) -> bytes:
        links = [f'<{url}>; rel="original"']
        for one in self._of({"url": [url]}):
            place = f"{self.url}/{one.stamp}/{one.url}"
            links.append(f'<{place}>; rel="memento"; datetime="{_date(one.stamp)}"')
        return ",\n".join(links).encode()

    def _replayed(self, one: Kept) -> tuple[int, dict[str, str], bytes]:
        headers = {
            "Memento-Datetime": _date(one.stamp),
            "Content-Type": f"{_kind(one)}; charset=utf-8",
            **dict(one.headers),
        }
        if one.location:
            headers["Location"] = one.location
        return one.status or 200, headers, gzip.compress(one.body) if one.packed else one.body


def _kind(one: Kept) -> str:
    """As a server tells it by the name, but for a page that stands in the place of a file."""
    kinds = {"txt": "text/plain", "json": "application/json"}
    return "text/html" if one.body.startswith(b"<") else kinds.get(one.url.rpartition(".")[2], "text/html")


def _date(stamp: str) -> str:
    return format_datetime(datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC), usegmt=True)
