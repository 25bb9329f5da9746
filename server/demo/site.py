"""A small site on loopback: a policy page with navigation, a cookie banner and a new token in every answer."""

from __future__ import annotations

import html
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HERE = Path(__file__).parent

_FRAME = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Terms of Use | Tunery</title></head><body>
<nav><a href="/">Tunery</a> <a href="/charts">Charts</a> <a href="/upload?t={token}">Upload</a></nav>
<div class="cookies">We use cookies to keep you signed in. <button>OK</button></div>
<main>{body}</main>
<footer>© Tunery · <a href="/press">Press</a> · visitor {token}</footer></body></html>"""


class DemoSite:
    """The site; `show` swaps its terms, as a platform does overnight. Use it as a context manager."""

    def __init__(self) -> None:
        self.terms = "terms-before.md"
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.port = int(self._server.server_address[1])

    def show(self, name: str) -> None:
        """Serves these terms from now on."""
        self.terms = name

    def page(self) -> bytes:
        """The terms as a page of the site."""
        blocks = (HERE / self.terms).read_text(encoding="utf-8").split("\n\n")
        return _FRAME.format(token=secrets.token_hex(8), body="\n".join(map(_block, blocks))).encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = self.path.startswith("/terms")
                body = site.page() if found else b"Not found"
                self.send_response(200 if found else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8" if found else "text/plain")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Says nothing: the demo tells its own story."""

        return Handler

    def __enter__(self) -> DemoSite:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _block(text: str) -> str:
    marks, _, words = text.strip().partition(" ")
    if marks and set(marks) == {"#"}:
        return f"<h{len(marks)}>{html.escape(words)}</h{len(marks)}>"
    return f"<p>{html.escape(text.strip())}</p>"
