"""A site of policy pages on loopback: `python -m bench.poll.site PORT PAGES`. `PUT /_mode` says how it answers.

etag: validators, 304 when asked for news. token: no validators, fresh tokens in the markup of every answer.
plain: neither. A list of changed pages carries one sentence more.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
import sys
from functools import cache

TEXT = 60_000
SENTENCE = "From today we may use the recordings that you upload to train models of artificial intelligence."
_SUBJECTS = ("You", "Our partners", "Members of a band", "Labels", "Listeners", "We", "Guests", "Moderators")
_VERBS = (
    "may keep",
    "must not copy",
    "can delete",
    "agree to respect",
    "should describe",
    "will receive",
    "can report",
)
_OBJECTS = ("the recordings", "a playlist", "the account", "every comment", "the invoice", "each message", "a profile")
_ENDS = (
    "as long as the account is open",
    "unless the law of the place where you live says otherwise",
    "when a court of law asks for it in writing",
    "within thirty days after the end of the month",
    "in the way that this agreement describes above",
)


@cache
def paragraphs(page: int) -> tuple[str, ...]:
    """The policy of a page: about 60 kB of sentences, the same for the same page."""
    made: list[str] = []
    size = at = 0
    while size < TEXT:
        sentences = []
        for _ in range(4):
            pick = page * 7919 + at * 104_729
            words = (part[pick // step % len(part)] for part, step in zip(PARTS, (1, 8, 61, 433), strict=True))
            sentences.append(" ".join(words) + f", see number {at}.")
            at += 1
        made.append(" ".join(sentences))
        size += len(made[-1])
    return tuple(made)


PARTS = (_SUBJECTS, _VERBS, _OBJECTS, _ENDS)


def render(page: int, changed: bool, token: str) -> bytes:
    """The HTML of a page."""
    texts = list(paragraphs(page))
    if changed:
        texts[len(texts) // 2] += " " + SENTENCE
    body = "".join(
        f'<h2 id="s{at}-{token}" class="h">Part {at} of the rules</h2><p class="t" data-k="{token}">{text}</p>'
        for at, text in enumerate(texts)
    )
    menu = "".join(f'<li><a href="/{n}?s={token}">Menu entry {n}</a></li>' for n in range(20))
    head = f'<title>Terms {page}</title><script nonce="{token}">window.boot={{"k":"{token}"}}</script>'
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{head}</head><body><nav><ul>{menu}</ul></nav>'
        f'<main><article class="policy"><h1>Terms of Use, edition {page}</h1>{body}</article></main>'
        f"<footer><p>Example Ltd.</p></footer></body></html>"
    ).encode()


class Site:
    """Answers requests; counts them."""

    def __init__(self) -> None:
        self.mode = "etag"
        self.changed: frozenset[int] = frozenset()
        self._kept: dict[tuple[int, bool], bytes] = {}

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> bytes:
        """A whole HTTP answer."""
        if path == "/_mode":
            wanted = json.loads(body)
            self.mode, self.changed = wanted["mode"], frozenset(wanted["changed"])
            return _http("204 No Content", b"")
        if not path.startswith("/p/"):
            return _http("404 Not Found", b"")
        return self._page(int(path[3:].partition("?")[0]), headers)

    def _page(self, page: int, headers: dict[str, str]) -> bytes:
        changed = page in self.changed
        etag = '"' + hashlib.sha1(f"{page} {changed}".encode(), usedforsecurity=False).hexdigest() + '"'
        if self.mode == "etag" and headers.get("if-none-match") == etag:
            return _http("304 Not Modified", b"", f"ETag: {etag}\r\n")
        if self.mode == "token":
            return _http("200 OK", render(page, changed, secrets.token_hex(8)))
        if (page, changed) not in self._kept:
            self._kept[page, changed] = render(page, changed, "static")
        return _http("200 OK", self._kept[page, changed], f"ETag: {etag}\r\n" if self.mode == "etag" else "")


def _http(status: str, body: bytes, extra: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n{extra}\r\n"
    return head.encode() + body


async def serve(port: int) -> None:
    """Serves until it is ended."""
    site = Site()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                headers: dict[str, str] = {}
                while (header := (await reader.readline()).decode("latin-1").strip()) != "":
                    name, _, value = header.partition(":")
                    headers[name.lower()] = value.strip()
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                writer.write(site.answer(line.decode("latin-1").split()[1], headers, body))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", port)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
