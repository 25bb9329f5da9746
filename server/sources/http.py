"""The one way out: every page, feed, archive and robots.txt is fetched by `Web.get`.

It connects to the address it has checked, follows redirects hop by hop with the same checks, takes no more bytes
than the cap (as sent and unpacked) and no longer than the deadline in all.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.exceptions import HTTPError, IncompleteRead, NewConnectionError, ProtocolError, SSLError, TimeoutError

from server.core.errors import (
    Deadline,
    Gone,
    Incomplete,
    RateLimited,
    Refused,
    ServerTrouble,
    SourceError,
    TooLarge,
)
from server.core.signals.robots import LARGEST, Robots, parse
from server.sources.addresses import resolve

CAP = 10 * 1024 * 1024
DEADLINE = 30.0
SILENCE = 15.0
"""Seconds without a byte after which an answer is given up; half the deadline when that is longer."""
HOPS = 5
LONGEST_WAIT = 86400.0
ROBOTS_SECONDS = 3600.0
_PORTS = {"http": 80, "https": 443}
_PERMANENT = {301, 308}
_REDIRECTS = {301, 302, 303, 307, 308}

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask "has it changed?": sent back as received, never made from our clock."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """The conditional request's headers."""
        pairs = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in pairs.items() if value}


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, whole. A 304 is an answer like any other."""

    url: str
    final_url: str
    status: int
    headers: Headers
    """As received, in order: joining two lines can change what they mean."""
    body: bytes
    moved_to: str = ""
    """Where every hop said for good that the address has moved; empty otherwise."""

    def header(self, name: str) -> str:
        """The first header of that name; empty when there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def validators(self) -> Validators:
        """What to send back next time."""
        return Validators(self.header("ETag") or None, self.header("Last-Modified") or None)


@dataclass(slots=True)
class Web:
    """Fetches politely and safely. `allow_private` opens loopback and any port: for tests and the demo."""

    user_agent: str
    allow_private: bool = False
    _robots: dict[str, tuple[float, Robots | None]] = field(default_factory=dict)
    _pools: dict[tuple[str, str, int], urllib3.HTTPConnectionPool] = field(default_factory=dict)

    def get(
        self,
        url: str,
        *,
        conditional: Validators | None = None,
        cap: int = CAP,
        deadline: float = DEADLINE,
        accept: str = "*/*",
        headers: Mapping[str, str] | None = None,
        accept_errors: bool = False,
    ) -> Response:
        """The answer at `url` after at most five redirects; raises a SourceError that says whether to try again.

        With `accept_errors` the first answer is given back whatever its status: archives hold errors and redirects.
        """
        end, silence = time.monotonic() + deadline, max(SILENCE, deadline / 2)
        wanted = {
            **(headers or {}),
            "User-Agent": self.user_agent,
            "Accept": accept,
            "Accept-Encoding": "gzip, deflate",
        }
        at, permanent = url, True
        for _ in range(HOPS + 1):
            conditions = conditional.headers() if conditional and _origin(at) == _origin(url) else {}
            status, received, body = self._one(at, wanted | conditions, cap, end, silence)
            answer = Response(url, at, status, received, body, at if permanent and at != url else "")
            if accept_errors:
                return answer
            if status not in _REDIRECTS:
                _raise_for(answer)
                return answer
            permanent = permanent and status in _PERMANENT
            at = _next_hop(at, answer.header("Location"))
        raise SourceError(f"{url} redirects more than {HOPS} times.", permanent=False)

    def robots(self, url: str) -> Robots | None:
        """The robots.txt in force for `url`, asked for once an hour; None when the site has none.

        A file that cannot be had (5xx, silence) closes the site for now, as RFC 9309 section 2.3.1.4 asks.
        """
        scheme, netloc = _origin(url)
        known = self._robots.get(netloc)
        if known is None or time.monotonic() - known[0] > ROBOTS_SECONDS:
            known = (time.monotonic(), self._fetch_robots(f"{scheme}://{netloc}/robots.txt"))
            self._robots[netloc] = known
        return known[1]

    def _fetch_robots(self, url: str) -> Robots | None:
        try:
            answer = self.get(url, cap=4 * LARGEST, deadline=15.0)
        except (ServerTrouble, Deadline, RateLimited):
            raise
        except SourceError as why:
            if isinstance(why, Gone) or why.cause == "blocked":
                return None
            raise
        if "html" in answer.header("Content-Type"):
            return None
        return parse(answer.body[:LARGEST].decode("utf-8", errors="replace"))

    def _one(
        self, url: str, headers: dict[str, str], cap: int, end: float, silence: float
    ) -> tuple[int, Headers, bytes]:
        scheme, host, port, target = self._take_apart(url)
        address = resolve(host, port, allow_private=self.allow_private)
        pool = self._pool(scheme, host, address, port)
        with _told(url):
            answer = pool.urlopen(
                "GET",
                target,
                headers=headers | {"Host": _host_header(scheme, host, port)},
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=False,
                timeout=urllib3.Timeout(connect=_left(url, end, 10), read=_left(url, end, silence)),
                assert_same_host=False,
            )
            try:
                body = _read(url, answer, cap, end)
                answer.release_conn()
            except BaseException:
                answer.close()
                raise
        return answer.status, tuple((str(k), str(v)) for k, v in answer.headers.items()), body

    def _take_apart(self, url: str) -> tuple[str, str, int, str]:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as why:
            raise Refused(f"{url!r} is not an address ({why}).") from why
        if parts.scheme not in _PORTS or not parts.hostname or parts.username or parts.password:
            raise Refused(f"{url!r} is not an http or https address that can be fetched.")
        port = port or _PORTS[parts.scheme]
        if port not in _PORTS.values() and not self.allow_private:
            raise Refused(f"{url!r} names port {port}; only 80 and 443 are fetched.")
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return parts.scheme, parts.hostname, port, target

    def _pool(self, scheme: str, host: str, address: str, port: int) -> urllib3.HTTPConnectionPool:
        key = (f"{scheme}:{host}", address, port)
        if key not in self._pools:
            if len(self._pools) >= 64:
                self._pools.pop(next(iter(self._pools))).close()
            if scheme == "https":  # the certificate is checked against the name, though we dial the address
                self._pools[key] = urllib3.HTTPSConnectionPool(
                    address, port, maxsize=1, server_hostname=host, assert_hostname=host, cert_reqs="CERT_REQUIRED"
                )
            else:
                self._pools[key] = urllib3.HTTPConnectionPool(address, port, maxsize=1)
        return self._pools[key]


@contextmanager
def _told(url: str) -> Iterator[None]:
    """Turns urllib3's errors into ours."""
    try:
        yield
    except TimeoutError as why:
        raise Deadline(f"{url} did not answer in time.") from why
    except SSLError as why:
        raise SourceError(f"{url} shows a certificate that does not hold ({why}).") from why
    except NewConnectionError as why:
        raise SourceError(f"{url} cannot be reached.") from why
    except ProtocolError as why:
        if any(isinstance(cause, IncompleteRead) for cause in why.args):
            raise Incomplete(f"{url} was cut short.") from why
        raise SourceError(f"{url} broke off the connection.") from why
    except HTTPError as why:
        raise SourceError(f"{url} cannot be fetched ({why}).") from why


def _read(url: str, answer: urllib3.BaseHTTPResponse, cap: int, end: float) -> bytes:
    """The body, unpacked, within cap and deadline."""
    unpack = _Unpacker(answer.headers.get("Content-Encoding", ""))
    parts, size = [], 0
    while raw := answer.read1(65536):
        if time.monotonic() > end:
            raise Deadline(f"{url} did not come whole within the deadline.")
        for piece in unpack.feed(raw, cap - size + 1):
            size += len(piece)
            if size > cap:
                raise TooLarge(f"{url} is larger than {cap // 1024} KiB.")
            parts.append(piece)
    if not unpack.whole:
        raise Incomplete(f"{url} was cut short.")
    return b"".join(parts)


class _Unpacker:
    """Unpacks gzip and deflate as the bytes say, not as the header does: mislabelled bodies exist."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding.strip().lower()
        self._decoder: zlib._Decompress | None = None
        self._begun = False

    def feed(self, raw: bytes, room: int) -> Iterator[bytes]:
        """What these bytes unpack to, in pieces, at most a little more than `room` in all."""
        if not self._begun:
            self._begun = True
            if raw[:2] == b"\x1f\x8b":
                self._decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
            elif self._encoding == "deflate":
                zlib_head = len(raw) > 1 and raw[0] & 0x0F == 8 and (raw[0] * 256 + raw[1]) % 31 == 0
                self._decoder = zlib.decompressobj(zlib.MAX_WBITS if zlib_head else -zlib.MAX_WBITS)
        if self._decoder is None:
            yield raw
            return
        while raw and room > 0 and not self._decoder.eof:
            try:
                piece = self._decoder.decompress(raw, min(room, 1 << 20))
            except zlib.error as why:
                raise Incomplete(f"The packed answer is damaged ({why}).") from why
            room -= len(piece)
            yield piece
            raw = self._decoder.unconsumed_tail

    @property
    def whole(self) -> bool:
        """Whether the packed stream has come to its end."""
        return self._decoder is None or self._decoder.eof


def _left(url: str, end: float, most: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise Deadline(f"{url} did not come whole within the deadline.")
    return min(left, most)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _host_header(scheme: str, host: str, port: int) -> str:
    shown = f"[{host}]" if ":" in host else host
    return shown if port == _PORTS[scheme] else f"{shown}:{port}"


def _next_hop(at: str, location: str) -> str:
    if not location:
        raise SourceError(f"{at} redirects to nowhere.")
    return urljoin(at, location)


def retry_after(value: str, now: float) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110 §10.2.3: seconds or a date), at most a day; None without."""
    text = value.strip()
    if text.isdigit():
        return min(float(text), LONGEST_WAIT)
    try:
        return min(max(parsedate_to_datetime(text).timestamp() - now, 0.0), LONGEST_WAIT)
    except (ValueError, TypeError):
        return None


def _raise_for(answer: Response) -> None:
    status, url = answer.status, answer.url
    wait = retry_after(answer.header("Retry-After"), time.time()) if answer.header("Retry-After") else None
    if status == 429:
        raise RateLimited(f"{url} asks us to slow down.", retry_after=wait)
    if status in {404, 410}:
        raise Gone(f"{url} answers {status}: the page is not there (any more).")
    if status >= 500:
        raise ServerTrouble(f"{url} answers {status}.", retry_after=wait)
    if status >= 400:
        raise _refusal(status, url)


def _refusal(status: int, url: str) -> SourceError:
    error = SourceError(f"{url} answers {status}: it does not let us in.", permanent=False)
    error.cause = "blocked"
    return error
