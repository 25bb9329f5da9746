"""The one way out: every page, feed, archive and robots.txt is fetched by `Web.get`.

It connects to the address it has checked, follows redirects hop by hop with the same checks, takes no more bytes
than the cap (as sent and unpacked) and no longer than the deadline in all.
"""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

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
from server.sources import addresses
from server.sources.addresses import Resolver, Target
from server.sources.unpack import unpack
from server.sources.wire import Wire, Wires

CAP = 10 * 1024 * 1024
"""Bytes of a body, as sent and as unpacked."""
DEADLINE = 30.0
"""Seconds for everything: resolving, connecting, every hop, the last byte."""
HOPS = 5
LONGEST_WAIT = 86_400.0
_CHUNK = 65_536
_REDIRECTS = (301, 302, 303, 307, 308)
_PERMANENT = (301, 308)
ROBOTS_SECONDS = 3600.0
ROBOTS_DEADLINE = 15.0
_CONNECT = 10.0
"""Seconds for resolving a name, and for connecting, at most."""

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
    seconds: float = 0.0
    """How long fetching took."""

    def header(self, name: str) -> str:
        """The first header of that name; empty when there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def validators(self) -> Validators:
        """What to send back next time."""
        return Validators(self.header("ETag") or None, self.header("Last-Modified") or None)


@dataclass(slots=True)
class _Trip:
    """One call of `get`, over all its hops."""

    start: Target
    began: float
    until: float
    cap: int
    general: dict[str, str]
    """Headers for every hop."""
    private: dict[str, str] = field(default_factory=dict)
    """Headers for the first origin only."""
    permanent: bool = True
    hops: int = 0
    permit: Callable[[str], None] | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")


@dataclass(slots=True)
class Web:
    """Fetches politely and safely. `allow_private` opens loopback and any port: for tests and the demo."""

    user_agent: str
    allow_private: bool = False
    look_up: Resolver = addresses.look_up
    tls: ssl.SSLContext | None = None
    """Trust; the system's when None."""
    _wires: Wires | None = None
    _robots: dict[str, tuple[float, Robots | None]] = field(default_factory=dict)

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
        permit: Callable[[str], None] | None = None,
    ) -> Response:
        """The answer at `url` after at most five redirects; raises a SourceError that says whether to try again.

        With `accept_errors` the first answer is given back whatever its status: archives hold errors and redirects.
        `permit` is asked for the address and for every one that a redirect leads to, and raises to keep us from it.
        """
        if permit is not None:
            permit(url)
        trip = self._begin(url, cap, deadline)
        trip.general["Accept"], trip.permit = accept, permit
        trip.private |= dict(headers or {}) | (conditional or Validators()).headers()
        if "Accept-Language" in trip.private:
            trip.general["Accept-Language"] = trip.private.pop("Accept-Language")
        response = self._travel(trip, follow=not accept_errors)
        if not accept_errors:
            _raise_for(response)
            _refuse_parts(response, asked=bool(conditional and conditional.headers()))
        return response

    def _begin(self, url: str, cap: int, deadline: float) -> _Trip:
        general = {"User-Agent": self.user_agent, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
        now = time.monotonic()
        return _Trip(addresses.parse(url, self.allow_private), now, now + deadline, cap, general)

    def _travel(self, trip: _Trip, *, follow: bool) -> Response:
        target = trip.start
        while True:
            answer = self._ask(target, trip)
            if not follow or answer.status not in _REDIRECTS:
                break
            target = self._follow(target, answer, trip)
        moved = target.url if trip.hops and trip.permanent else ""
        seconds = time.monotonic() - trip.began
        return Response(trip.start.url, target.url, answer.status, answer.headers, answer.body, moved, seconds)

    def close(self) -> None:
        """Ends kept connections."""
        if self._wires is not None:
            self._wires.close()

    def robots(self, url: str) -> Robots | None:
        """The robots.txt in force for `url`, asked for once an hour; None when the site has none.

        A file that cannot be had (5xx, silence) closes the site for now, as RFC 9309 section 2.3.1.4 asks.
        """
        scheme, host, port = addresses.parse(url, self.allow_private).origin
        origin = f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
        known = self._robots.get(origin)
        if known is None or time.monotonic() - known[0] > ROBOTS_SECONDS:
            known = (time.monotonic(), self._fetch_robots(f"{origin}/robots.txt"))
            self._robots[origin] = known
        return known[1]

    def _fetch_robots(self, url: str) -> Robots | None:
        answer = self._travel(self._begin(url, CAP, ROBOTS_DEADLINE), follow=True)
        if answer.status == 429 or answer.status >= 500:
            _raise_for(answer)
        if answer.status >= 400:
            return None
        # Whatever its type: files that a script prints come as text/html, and a page in their place has no rules.
        return parse(answer.body[:LARGEST].decode("utf-8", errors="replace"))

    def _follow(self, target: Target, answer: _Answer, trip: _Trip) -> Target:
        location = answer.header("location")
        if not location:
            raise SourceError(f"{target.url} redirects to nowhere.")
        trip.hops += 1
        if trip.hops > HOPS:
            raise SourceError(f"{trip.start.url} redirects more than {HOPS} times.", permanent=False)
        trip.permanent = trip.permanent and answer.status in _PERMANENT
        # Header values arrive as Latin-1; servers that do not encode an address mean UTF-8.
        location = location.encode("latin-1", "replace").decode("utf-8", "replace").strip().replace(" ", "%20")
        try:
            found = addresses.parse(urljoin(target.url, location), self.allow_private)
        except ValueError as why:
            raise Refused(f"{target.url} redirects to {location!r}, which is not an address.") from why
        if trip.permit is not None:
            trip.permit(found.url)
        return found

    def _ask(self, target: Target, trip: _Trip) -> _Answer:
        wires = self._open_wires()
        if wire := wires.kept(target, trip.until):
            try:
                return self._exchange(wires, wire, target, trip)
            except (ConnectionError, http.client.HTTPException) as why:
                # The other side may close a kept connection at any time; while nothing came, that is no failure.
                if wire.received:
                    raise _as_ours(why, target) from why
            except OSError as why:
                raise _as_ours(why, target) from why
        checked = addresses.resolve(target, self.look_up, self.allow_private, _left(target, trip))
        wire = wires.open(target, checked, time.monotonic() + _left(target, trip))
        wire.until = trip.until
        try:
            return self._exchange(wires, wire, target, trip)
        except (OSError, http.client.HTTPException) as why:
            raise _as_ours(why, target) from why

    def _open_wires(self) -> Wires:
        if self._wires is None:
            self._wires = Wires(self.tls or ssl.create_default_context())
        return self._wires

    def _exchange(self, wires: Wires, wire: Wire, target: Target, trip: _Trip) -> _Answer:
        whole = False
        try:
            headers = {"Host": target.host_header} | trip.general
            if target.origin == trip.start.origin:
                headers |= trip.private
            raw = wire.ask(target.path, headers)
            received = tuple((name, value.replace("\0", "")) for name, value in raw.getheaders())
            answer = _Answer(raw.status, received, _read(raw, target, trip))
            whole = not raw.will_close
        finally:
            if whole:
                wires.keep(target, wire)
            else:
                wire.end()
        if answer.status in _REDIRECTS:
            return answer
        return _Answer(raw.status, received, unpack(answer.body, answer.header("content-encoding"), trip.cap))


def _left(target: Target, trip: _Trip) -> float:
    remaining = trip.until - time.monotonic()
    if remaining <= 0:
        raise Deadline(f"{target.host} did not answer in time.")
    return min(remaining, _CONNECT)


def _read(raw: http.client.HTTPResponse, target: Target, trip: _Trip) -> bytes:
    if raw.length is not None and raw.length > trip.cap:
        raise TooLarge(f"{target.host} announces {raw.length:,} bytes, more than {trip.cap:,}")
    body = bytearray()
    while chunk := raw.read1(_CHUNK):
        body += chunk
        if len(body) > trip.cap:
            raise TooLarge(f"{target.host} sends more than {trip.cap:,} bytes")
        if time.monotonic() > trip.until:
            raise Deadline(f"{target.host} did not send the whole answer in time")
    if raw.length:
        raise Incomplete(f"{target.host} stopped {raw.length:,} bytes before the end")
    raw.close()  # http.client does so only when it is asked for one byte more
    return bytes(body)


def _as_ours(error: Exception, target: Target) -> SourceError:
    if isinstance(error, TimeoutError):
        return Deadline(f"{target.host} did not send the whole answer in time")
    if isinstance(error, http.client.IncompleteRead):
        return Incomplete(f"{target.host} stopped in the middle of the answer")
    if isinstance(error, OSError) and not isinstance(error, http.client.HTTPException):
        return Incomplete(f"{target.host} broke the connection: {error}")
    return SourceError(f"{target.host} does not answer as a web server does: {type(error).__name__}")


def retry_after(value: str, now: float) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110 §10.2.3: seconds or a date), at most a day; None without."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
        return min(max(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() - now, 0.0), LONGEST_WAIT)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _raise_for(answer: Response) -> None:
    if (error := _error(answer)) is not None:
        error.answer = answer
        raise error


def _refuse_parts(answer: Response, *, asked: bool) -> None:
    """An answer that stands for something we do not have: part of a body, or "as before" where nothing was asked."""
    if answer.status == 206:
        raise Incomplete(f"{answer.url} sends a part only, though the whole was asked for.")
    if answer.status == 304 and not asked:
        raise Incomplete(f"{answer.url} answers 304, though nobody asked whether it has changed.")


def _error(answer: Response) -> SourceError | None:
    status, url = answer.status, answer.url
    if status == 304 or 200 <= status < 300:
        return None
    wait = retry_after(answer.header("Retry-After"), time.time())
    if status == 429:
        return RateLimited(f"{url} asks us to slow down.", retry_after=wait)
    if status in {404, 410}:
        gone = Gone(f"{url} answers {status}: the page is not there (any more).")
        gone.status = status
        return gone
    if status >= 500:
        return ServerTrouble(f"{url} answers {status}.", retry_after=wait)
    error = SourceError(f"{url} answers {status}: it does not let us in.", permanent=False)
    error.cause = "blocked"
    return error
