"""Fetches what a site tells crawlers: robots.txt, tdmrep.json, one public page, and announced licences."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import urljoin, urlsplit

from server.core.errors import Busy, Gone, RateLimited, Refused, ServerTrouble, SourceError
from server.core.signals import Answer, Signal, Site, read_site, rsl
from server.core.signals.crawling import path_of
from server.core.signals.robots import LARGEST, allowed, parse
from server.core.signals.site import read_file, read_page

AGENT = "Clausewatch"
LARGEST_PAGE = 4 * 1024 * 1024
_EACH = 10.0
"""Seconds for one request."""
_AS_IF_ABSENT = frozenset({"blocked"})
"""Causes that stand for a 4xx answer: crawlers go on as if there were no robots.txt."""
_LICENCES = 3
"""How many announced licences are fetched; a page that names more is not obliged to be followed everywhere."""


class Response(Protocol):
    """What a fetch gives back."""

    @property
    def final_url(self) -> str:
        """The address after redirects."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The headers as they came, repeated ones apart."""

    @property
    def body(self) -> bytes:
        """The unpacked body."""


class Web(Protocol):
    """The session that goes out: refusals, caps, redirects and deadlines are its business."""

    def get(
        self, url: str, *, cap: int = ..., deadline: float = ..., permit: Callable[[str], None] | None = ...
    ) -> Response:
        """The answer of an address, at most `cap` bytes long, within `deadline` seconds; raises SourceError.

        `permit` is asked for the address and each that a redirect leads to.
        """


@dataclass(frozen=True, slots=True)
class Observation:
    """The signals of a site at one moment, and every answer they were read from."""

    signals: tuple[Signal, ...]
    answers: tuple[Answer, ...]


def read_signals(
    web: Web,
    origin_url: str,
    page_url: str = "",
    *,
    seconds: float = 35.0,
    permit: Callable[[str], None] = lambda _: None,
) -> Observation:
    """What a site says to crawlers about one of its pages (its front page when none is given), within `seconds`.

    Failed fetches are among the answers. What robots.txt keeps from our own agent is not fetched, and unreadable.
    `permit` is asked about other sites, where a page, a redirect or a licence may lead.
    A site that asks us to wait ends the round: its RateLimited or ServerTrouble is raised, saying how long.
    """
    visit = _Visit(web, time.monotonic() + seconds, permit)
    robots = visit.robots(urljoin(origin_url, "/robots.txt"))
    page = visit.fetch(page_url or origin_url, cap=LARGEST_PAGE)
    paths = ("/.well-known/tdmrep.json", "/llms.txt", "/ai.txt")
    tdmrep, llms, ai = (visit.fetch(urljoin(origin_url, path)) for path in paths)
    seen, rules = read_page(page), read_file(robots)
    licences = tuple(visit.fetch(url) for url in rsl.announced(rules, seen)[:_LICENCES])
    site = Site(
        page=seen,
        robots=rules,
        tdmrep=read_file(tdmrep),
        llms=read_file(llms),
        ai=read_file(ai),
        licences=tuple(read_file(licence) for licence in licences),
    )
    return Observation(read_site(site), (page, robots, tdmrep, llms, ai, *licences))


class _Visit:
    """One round of requests to a site, with an end and with its robots.txt in mind."""

    def __init__(self, web: Web, end: float, permit: Callable[[str], None]) -> None:
        self._web, self._end, self._permit = web, end, permit
        self._host = ""
        self._closed = ""
        self._rules = parse("")

    def robots(self, url: str) -> Answer:
        """The robots.txt, which from then on binds this round (RFC 9309 section 2.3.1)."""
        self._host = urlsplit(url).netloc
        answer = self._get(url, 4 * LARGEST)
        if answer.status >= 500 or (answer.status == 0 and answer.trouble not in _AS_IF_ABSENT):
            self._closed = f"robots.txt could not be had ({answer.trouble or answer.status})"
        file = read_file(replace(answer, body=answer.body[:LARGEST]))
        self._rules = parse(file.text)
        return answer

    def fetch(self, url: str, cap: int = LARGEST) -> Answer:
        """The answer of an address, or why it is not asked."""
        if self._is_own(url) and self._closed:
            return Answer(url, 0, trouble=self._closed)
        return self._get(url, cap)

    def _may(self, url: str) -> None:
        """Raises for an address that we may not ask: of the site itself by the robots.txt just read."""
        if not self._is_own(url):
            self._permit(url)
        elif not allowed(self._rules, AGENT, path_of(url)):
            refused = Refused(f"{url}: the site's robots.txt asks {AGENT} to stay out.")
            refused.cause = "robots.txt closes it to us"
            raise refused

    def _is_own(self, url: str) -> bool:
        return urlsplit(url).netloc == self._host

    def _get(self, url: str, cap: int) -> Answer:
        left = self._end - time.monotonic()
        if left < 1:
            return Answer(url, 0, trouble="the site is too slow")
        try:
            response = self._web.get(url, cap=cap, deadline=min(left, _EACH), permit=self._may)
        except Gone:
            return Answer(url, 404)
        except Busy:
            return Answer(url, 0, trouble="another host is busy")
        except SourceError as error:
            if isinstance(error, RateLimited | ServerTrouble) and error.retry_after and self._is_own(url):
                raise
            return Answer(url, 0, trouble=error.cause)
        return Answer(response.final_url, response.status, response.headers, response.body)
