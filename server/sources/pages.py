"""Policy pages: fetched politely, told apart from walls, turned into text."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from server.core import walls
from server.core.charset import decode
from server.core.errors import Refused, SourceError, UnreadableText
from server.core.extract import Extraction, extract
from server.core.model import CaptureKind, Document
from server.core.signals import robots
from server.sources import pdf
from server.sources.browser import Browser
from server.sources.http import Headers, Response, Validators, Web

ACCEPT = "text/html,application/xhtml+xml,application/pdf;q=0.9,text/plain;q=0.8,text/markdown;q=0.8"
AGENT = "Clausewatch"
_MARKUP = 200_000
_PATIENCE = 20.0
"""Seconds that the second and later pages of a document may wait for their turn at the host."""
SEPARATOR = b"\n<!-- clausewatch: next page -->\n"


class Visits(Protocol):
    """Keeps hosts from seeing two requests at once."""

    def visit(self, host: str, *, patience: float = 0.0) -> AbstractContextManager[None]:
        """Holds the host for one request; raises Busy."""
        ...


@dataclass(frozen=True, slots=True)
class Page:
    """What a look at a document brought: raw bytes, what they are, and their text when they are a policy."""

    url: str
    status: int
    media_type: str
    headers: Headers
    body: bytes
    kind: CaptureKind
    reason: str = ""
    text: str = ""
    etag: str | None = None
    last_modified: str | None = None
    unchanged: bool = False
    """True for a 304: nothing but the fact that it is as it was."""


def fetch_document(
    web: Web, visits: Visits, document: Document, validators: Validators, browser: Browser | None = None
) -> Page:
    """Looks at a document. A document of several addresses is joined in order. Raises a SourceError.

    A page that scripts draw is drawn by the browser; without one its kind says that it needs one.
    """
    several = len(document.urls) > 1
    answers: list[Response] = []
    for url in document.urls:
        conditional = None if several or document.browser else validators
        answers.append(_visit(web, visits, document, url, conditional, browser, _PATIENCE if answers else 0.0))
    if answers[0].status == 304:
        return _unchanged(answers[0])
    return _page(document, answers)


def _visit(
    web: Web,
    visits: Visits,
    document: Document,
    url: str,
    conditional: Validators | None,
    browser: Browser | None,
    patience: float,
) -> Response:
    language = {"Accept-Language": document.language or "en"}
    try:
        with visits.visit(_host(url), patience=patience):
            _check_robots(web, url)
            answer = web.get(url, conditional=conditional, accept=ACCEPT, headers=language)
            if browser is not None and answer.status == 200 and _is_to_be_drawn(document, answer):
                answer = browser.render(web, answer)
            return answer
    except SourceError as why:
        # Outside of the visit: a Retry-After has closed the host by then.
        if isinstance(why.answer, Response) and read(document, why.answer)[0] is CaptureKind.WALL:
            return why.answer
        raise


def _is_to_be_drawn(document: Document, answer: Response) -> bool:
    return document.browser or read(document, answer)[0] is CaptureKind.NEEDS_BROWSER


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()


def _check_robots(web: Web, url: str) -> None:
    """Refuses what the site's robots.txt keeps from our own agent (RFC 9309)."""
    rules = web.robots(url)
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if rules is not None and not robots.allowed(rules, AGENT, target):
        error = Refused(f"{url}: the site's robots.txt asks {AGENT} to stay out.")
        error.cause = "robots.txt says no"
        raise error


def _unchanged(answer: Response) -> Page:
    checks = answer.validators
    return Page(
        answer.url,
        304,
        "",
        answer.headers,
        b"",
        CaptureKind.POLICY,
        etag=checks.etag,
        last_modified=checks.last_modified,
        unchanged=True,
    )


def _page(document: Document, answers: list[Response]) -> Page:
    first = answers[0]
    shown = [read(document, answer) for answer in answers]
    bad = next((one for one in shown if one[0] is not CaptureKind.POLICY), None)
    kind, reason, _ = bad or shown[0]
    checks = first.validators if len(answers) == 1 else Validators()
    return Page(
        url=first.final_url,
        status=first.status,
        media_type=first.header("Content-Type"),
        headers=first.headers,
        body=SEPARATOR.join(answer.body for answer in answers),
        kind=kind,
        reason=reason,
        text="" if bad else "\n\n".join(text for _, _, text in shown),
        etag=checks.etag,
        last_modified=checks.last_modified,
    )


def read(document: Document, answer: Response) -> tuple[CaptureKind, str, str]:
    """What an answer is, why, and its text when it is a policy."""
    media_type = answer.header("Content-Type").partition(";")[0].strip().lower()
    try:
        found = _text(document, answer, media_type)
    except UnreadableText as why:
        return CaptureKind.NOT_TEXT, str(why), ""
    # Only short texts are looked at closer, and their markup is then read as well.
    html = decode(answer.body[:_MARKUP]) if len(found.text) < walls.SHORT and found.root != "whole" else ""
    kind, reason = walls.classify(answer.status, found.text, html, found.title, answer.final_url)
    return kind, reason, found.text if kind is CaptureKind.POLICY else ""


def _text(document: Document, answer: Response, media_type: str) -> Extraction:
    if media_type == "application/pdf" or answer.body[:5] == b"%PDF-":
        return Extraction(pdf.text_of(answer.body))
    charset = _charset(answer.header("Content-Type"))
    return extract(answer.body, media_type, charset=charset, select=document.select, remove=document.remove)


def _charset(content_type: str) -> str:
    return content_type.partition("charset=")[2].partition(";")[0].strip(" \"'")
