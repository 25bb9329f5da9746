"""Fetches what a site tells crawlers: robots.txt, tdmrep.json, one public page, and announced licences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urljoin

from server.core.errors import Gone, SourceError
from server.core.signals import Answer, Signal, Site, read_site, rsl
from server.core.signals.robots import LARGEST
from server.core.signals.site import read_file, read_page

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
    """The polite session: spacing, deadlines, refusals and robots.txt for our own agent are its business."""

    def get(self, url: str, *, cap: int = ...) -> Response:
        """The answer of an address, at most `cap` bytes long; raises SourceError."""


@dataclass(frozen=True, slots=True)
class Observation:
    """The signals of a site at one moment, and every answer they were read from."""

    signals: tuple[Signal, ...]
    answers: tuple[Answer, ...]


def read_signals(web: Web, origin_url: str, page_url: str = "") -> Observation:
    """What a site says to crawlers about a page, or about its front page; failed fetches are among the answers."""
    page = _fetch(web, page_url or origin_url, cap=None)
    robots, tdmrep, llms, ai = (
        _fetch(web, urljoin(origin_url, path))
        for path in ("/robots.txt", "/.well-known/tdmrep.json", "/llms.txt", "/ai.txt")
    )
    seen, rules = read_page(page), read_file(robots)
    licences = tuple(_fetch(web, url) for url in rsl.announced(rules, seen)[:_LICENCES])
    site = Site(
        page=seen,
        robots=rules,
        tdmrep=read_file(tdmrep),
        llms=read_file(llms),
        ai=read_file(ai),
        licences=tuple(read_file(licence) for licence in licences),
    )
    return Observation(read_site(site), (page, robots, tdmrep, llms, ai, *licences))


def _fetch(web: Web, url: str, cap: int | None = LARGEST) -> Answer:
    """The answer of an address. What cannot be fetched is an answer as well: it makes a signal unreadable."""
    try:
        response = web.get(url, cap=cap) if cap else web.get(url)
    except Gone:
        return Answer(url, 404)
    except SourceError as error:
        return Answer(url, 0, trouble=error.cause)
    return Answer(response.final_url, response.status, response.headers, response.body)
