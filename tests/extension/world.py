"""What the browsers meet: a SoundCloud-like site over TLS with navigation within the page, and the real server."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme
from werkzeug.serving import make_server

from server.store import session
from server.web.app import create_app
from tests import databases
from tests.web.conftest import a_story

PAGE = (Path(__file__).parent / "site.html").read_text(encoding="utf-8")
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'"
"""Strict, as the real site's: nothing of ours may depend on what the page allows."""
TYPED = f"{POLICY}; require-trusted-types-for 'script'; trusted-types 'none'"
"""Below /typed: text becomes mark-up nowhere."""


class Site:
    """soundcloud.com on loopback."""

    def __init__(self) -> None:
        authority = trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        names = ("soundcloud.com", "www.soundcloud.com", "m.soundcloud.com", "other.example")
        authority.issue_cert(*names).configure_cert(context)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = PAGE.encode()
                self.send_response(200)
                for name, value in (("Content-Type", "text/html"), ("Content-Length", str(len(body)))):
                    self.send_header(name, value)
                self.send_header("Content-Security-Policy", TYPED if self.path.startswith("/typed") else POLICY)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = int(self.server.server_address[1])
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Ends it."""
        self.server.shutdown()
        self.server.server_close()


HOSTILE = "<img src=x onerror=\"document.title='broken in'\"><script>document.title='broken in'</script>"


def spoil(value: Any) -> Any:
    """Mark-up in every text of an answer, and addresses that are scripts."""
    if isinstance(value, dict):
        return {
            key: "javascript:alert(1)" if "url" in key or key == "telegram" else spoil(v) for key, v in value.items()
        }
    if isinstance(value, list):
        return [spoil(item) for item in value]
    return HOSTILE + value if isinstance(value, str) else value


class Api:
    """The real application on a small story; it can be made to break, to lie, and to fall silent."""

    def __init__(self, folder: Path) -> None:
        engine = session.open_engine(databases.sqlite(folder / "story.db"))
        self.app = create_app(a_story(engine))
        self.mode, self.asked = "real", list[str]()
        self.answers = threading.Event()
        """While cleared, a look-up waits for its answer."""
        self.port = free_port()
        self.server: Any = None
        self.reset()

    def reset(self) -> None:
        """As it was in the beginning."""
        self.mode = "real"
        self.asked.clear()
        self.answers.set()
        self.start()

    def start(self) -> None:
        """Listens (again)."""
        if self.server:
            return
        self.server = make_server("127.0.0.1", self.port, self._answer, threaded=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Falls silent: connections are refused."""
        if not self.server:
            return
        self.server.shutdown()
        self.server.server_close()
        self.server = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def _answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        query = environ.get("QUERY_STRING", "")
        self.asked.append(environ["PATH_INFO"] + (f"?{query}" if query else ""))
        if "lookup" in self.asked[-1]:
            self.answers.wait(20)
        cors = ("Access-Control-Allow-Origin", "*")
        if self.mode == "gone" and "lookup" in self.asked[-1]:
            start("404 Not Found", [("Content-Type", "application/problem+json"), cors])
            return [b"{}"]
        if self.mode == "moved":
            start("301 Moved Permanently", [("Location", f"{self.url}/new{environ['PATH_INFO']}"), cors])
            return []
        if self.mode == "broken":
            start("200 OK", [("Content-Type", "text/html"), cors])
            return [b"<html>not yours</html>"]
        if self.mode in ("real", "gone"):
            return self.app(environ, start)
        made = self.app.test_client().get(self.asked[-1]).json
        if self.mode == "stale":
            made = json.loads(json.dumps(made).replace('"stale": false', '"stale": true'))
        else:
            made = made if "hosts" in made else spoil(made)
            for platform in made.get("platforms", {}).values() if isinstance(made.get("platforms"), dict) else ():
                platform["name"] = HOSTILE + platform["name"]
        start("200 OK", [("Content-Type", "application/json"), cors])
        return [json.dumps(made).encode()]


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
