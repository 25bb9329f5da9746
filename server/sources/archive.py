"""A web archive: lists the captures of an address and replays one, in three dialects, at a pace it can bear.

Rules of replay: the raw capture (`id_`) only; `Memento-Datetime` tells archived content, whatever its status, from the
archive speaking for itself; the asked moment must be the answered one; no redirect is followed, for behind it waits
today's page or another moment.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Protocol
from urllib.parse import quote, urlsplit

from server.core.errors import Gone, RateLimited, Refused, ServerTrouble, SourceError
from server.sources import cdx, timemap
from server.sources.cdx import Listed
from server.sources.gate import Gate
from server.sources.http import Headers, Response, retry_after

LIST, REPLAY = "list", "replay"
"""The two lanes of the gate."""
LIST_CAP, LIST_SECONDS = 40 * 1024 * 1024, 120.0
REPLAY_CAP, REPLAY_SECONDS = 10 * 1024 * 1024, 60.0
PAGES = 20
"""Pages of a list that are asked for; more captures than that are not needed for one document."""
TRIES = 3
_SENT = "x-archive-orig-"
_HIDES = "AccessControlException"
SAME_MOMENT = 1.0
"""Seconds by which the answered moment may differ from the asked one."""


class Dialect(StrEnum):
    """How an archive is asked."""

    IA = "ia"
    """CDX at /cdx/search/cdx and replay under /web/, as the Internet Archive has it."""
    PYWB = "pywb"
    """CDX at COLLECTION/cdx and replay under COLLECTION/; the base address names the collection."""
    MEMENTO = "memento"
    """TimeMaps only, at /web/timemap/link/ or /timemap/link/."""


def as_sent(headers: Headers) -> Headers:
    """The headers that the page itself came with: the Internet Archive marks them, other archives pass them on."""
    marked = tuple((name[len(_SENT) :], value) for name, value in headers if name.lower().startswith(_SENT))
    kind = tuple((name, value) for name, value in headers if name.lower() == "content-type")
    return kind + marked if marked else headers


class Web(Protocol):
    """The way out."""

    def get(
        self, url: str, *, cap: int = ..., deadline: float = ..., accept: str = ..., accept_errors: bool = ...
    ) -> Response:
        """One answer; with `accept_errors` whatever its status, redirects included."""
        ...


@dataclass(frozen=True, slots=True)
class Replayed:
    """A capture as the archive gave it back; `elsewhere` when it answered with a redirect to another moment."""

    listed: Listed
    answer: Response
    elsewhere: str = ""


@dataclass(slots=True)
class Archive:
    """One web archive. `dialect` is found out with the first list when it is not given."""

    web: Web
    gate: Gate
    base: str = "https://web.archive.org"
    dialect: Dialect | None = None
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.time
    requests: int = 0
    """How many requests were sent, lists included."""
    _places: dict[Dialect, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """The host that the gate counts by."""
        return urlsplit(self.base).netloc.lower()

    def captures(self, url: str, *, since: str = "", until: str = "") -> list[Listed]:
        """Every capture of `url`, oldest first, within stamps of 4 to 14 digits. Raises SourceError."""
        listers = {Dialect.IA: self._cdx, Dialect.PYWB: self._cdx, Dialect.MEMENTO: self._timemap}
        for dialect in [self.dialect] if self.dialect else Dialect:
            try:
                found = listers[dialect](dialect, url, since, until)
            except SourceError as why:
                if self.dialect or not _is_not_spoken(why):
                    raise
                continue
            self.dialect = dialect
            return [one for one in found if _within(one.stamp, since, until)]
        raise SourceError(f"{self.base} answers neither CDX nor a TimeMap: set the address, or --dialect.")

    def replay(self, listed: Listed) -> Replayed:
        """The capture as it was made. Raises SourceError; Gone when the archive does not have it after all."""
        with self._polite(REPLAY):
            answer = self.web.get(self.address(listed), cap=REPLAY_CAP, deadline=REPLAY_SECONDS, accept_errors=True)
            if not answer.header("Memento-Datetime"):
                return self._spoken(listed, answer)
        return _exact(listed, answer)

    def address(self, listed: Listed) -> str:
        """Where a capture is replayed raw; also the name under which it is stored."""
        return listed.address or f"{self._replay_base()}/{listed.stamp}id_/{listed.url}"

    def _replay_base(self) -> str:
        return self.base if self.dialect is Dialect.PYWB else f"{self.base}/web"

    def _cdx(self, dialect: Dialect, url: str, since: str, until: str) -> list[Listed]:
        path = "/cdx/search/cdx" if dialect is Dialect.IA else "/cdx"
        found: list[Listed] = []
        resume = ""
        for _ in range(PAGES):
            answer = self._listing(f"{self.base}{path}?{cdx.query(url, since, until, resume)}")
            rows, following = cdx.parse(answer.body)
            found += rows
            if not following or following == resume:
                break
            resume = following
        return sorted({one for one in found if cdx.is_of(one, url)}, key=lambda one: (one.at, one.url))

    def _timemap(self, _: Dialect, url: str, since: str, until: str) -> list[Listed]:
        for path in ("/web/timemap/link/", "/timemap/link/"):
            try:
                return self._timemap_pages(f"{self.base}{path}{url}", url)
            except SourceError as why:
                if not _is_not_spoken(why):
                    raise
        raise Gone(f"{self.base} has no TimeMap of {url}.")

    def _timemap_pages(self, first: str, url: str) -> list[Listed]:
        found, waiting, seen = [], [first], {first}
        while waiting and len(seen) <= PAGES:
            rows, further = timemap.parse(self._listing(waiting.pop(0)).body, url)
            found += rows
            fresh = [one for one in further if one not in seen and urlsplit(one).netloc.lower() == self.host]
            waiting += fresh
            seen.update(fresh)
        return sorted(set(found), key=lambda one: one.at)

    def _listing(self, url: str) -> Response:
        """A list, tried again when the archive is slow or in trouble: its lists often take a minute."""
        address = quote(url, safe=":/?&=%+*,;~@!$'()[]#-._")
        for attempt in range(TRIES):
            try:
                with self._polite(LIST):
                    return self._checked(self.web.get(address, cap=LIST_CAP, deadline=LIST_SECONDS, accept_errors=True))
            except SourceError as why:
                if why.permanent or attempt + 1 == TRIES:
                    raise
                self.sleep(0.0 if isinstance(why, RateLimited) or why.retry_after else 2.0 * 2**attempt)
        raise AssertionError("the last attempt returns or raises")

    @contextmanager
    def _polite(self, lane: str) -> Iterator[None]:
        """One request through the gate; what the archive says about being asked too much closes it for everybody."""
        with self.gate.through(self.host, lane):
            self.requests += 1
            try:
                yield
            except RateLimited as why:
                why.retry_after = self.gate.close(self.host, asked=why.retry_after or 0.0)
                raise
            except ServerTrouble as why:
                if why.retry_after:
                    why.retry_after = self.gate.close(self.host, asked=why.retry_after)
                raise
            except SourceError as why:
                if _was_refused(why):
                    why.retry_after = self.gate.close(self.host, refused=True)
                raise

    def _checked(self, answer: Response) -> Response:
        """An answer of the archive itself, as an error if it is one."""
        status, url = answer.status, answer.url
        wait = retry_after(answer.header("Retry-After"), self.clock())
        if status == 429:
            raise RateLimited(f"{self.host} asks us to slow down.", retry_after=wait)
        if status in {404, 410}:
            raise Gone(f"{url} answers {status}: the archive does not have it.")
        if status == 403 or _HIDES in _told(answer):
            raise Refused(f"The archive does not show {url}: {_why_hidden(answer)}.")
        if status >= 500:
            raise ServerTrouble(f"{self.host} answers {status}.", retry_after=wait)
        if status >= 400:
            raise SourceError(f"{url} answers {status}: the archive does not understand us.", permanent=True)
        return answer

    def _spoken(self, listed: Listed, answer: Response) -> Replayed:
        """What the archive says for itself instead of showing the capture: another moment, or an error."""
        self._checked(answer)
        if 300 <= answer.status < 400:
            return Replayed(listed, answer, answer.header("Location") or "nowhere")
        raise ServerTrouble(f"{answer.url} came without Memento-Datetime: the archive speaks, not the page.")


def _is_not_spoken(why: SourceError) -> bool:
    """Whether an archive does not know the address of a kind of list, or shows a page of its own there."""
    return why.permanent and not isinstance(why, Refused)


def _exact(listed: Listed, answer: Response) -> Replayed:
    """The capture, unless another moment was given in its place."""
    try:
        at = parsedate_to_datetime(answer.header("Memento-Datetime"))
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, TypeError):
        return Replayed(listed, answer, "a moment that is no date")
    if abs((at - listed.at).total_seconds()) > SAME_MOMENT:
        return Replayed(listed, answer, f"the capture of {at:%Y-%m-%d %H:%M:%S}")
    return Replayed(listed, answer)


def _within(stamp: str, since: str, until: str) -> bool:
    """Archives may ignore the bounds they are asked for."""
    return stamp[: len(since)] >= since and (not until or stamp[: len(until)] <= until)


def _why_hidden(answer: Response) -> str:
    reason = _told(answer)
    if "AdministrativeAccessControl" in reason:
        return "it was taken out at its owner's request"
    if "RobotAccessControl" in reason:
        return "the site's robots.txt keeps it out"
    return "access is denied"


def _told(answer: Response) -> str:
    """What an archive says of itself: the reason comes in a header, or as a text with whatever status."""
    return answer.header("X-Archive-Wayback-Runtime-Error") + answer.body[:2000].decode("latin-1")


def _was_refused(why: BaseException | None) -> bool:
    """Whether the connection itself was refused: what an archive's firewall does to those who ask too much."""
    while why is not None:
        if isinstance(why, ConnectionRefusedError):
            return True
        why = why.__cause__
    return False
