"""Policy pages: fetched politely, told apart from walls, turned into text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from server.core import walls
from server.core.charset import decode
from server.core.errors import SourceError, UnreadableText
from server.core.extract import METHOD, Extraction, extract
from server.core.fingerprint import fingerprint
from server.core.model import CaptureKind, Document
from server.sources.browser import Browser
from server.sources.courtesy import Visits, host_of, visiting
from server.sources.http import Headers, Response, Validators, Web

ACCEPT = "text/html,application/xhtml+xml,application/pdf;q=0.9,text/plain;q=0.8,text/markdown;q=0.8"
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)
_TONGUES = (
    "en|de|fr|es|it|pt|nl|pl|sv|da|nb|no|fi|cs|sk|hu|ro|bg|el|tr|ru|uk|ar|he|fa|hi|id|th|vi|ja|ko|zh|"
    "us|gb|ie|au|ca|br|mx|jp"
)
_FRONT = re.compile(
    rf"/?(?:(?:{_TONGUES})(?:[-_][a-z]{{2,4}})?/?)?(?:(?:home|index|default)(?:\.\w{{3,5}})?/?)?", re.IGNORECASE
)
"""The path of a front page, that of a language among them."""
_GATE = re.compile(
    r"^https?://(?:consent|accounts|login|auth)\.[^/]+|"
    r"^[^?#]+/(?:log[-_]?in|sign[-_]?in|servicelogin|authwall|captcha|challenge|cookie-?wall|age-?(?:gate|check))(?:[/?#.]|$)",
    re.IGNORECASE,
)
"""Addresses of what stands before a page, when a redirect leads there."""
_MARKUP = 200_000
_PATIENCE = 20.0
"""Seconds that the second and later pages of a document may wait for their turn at the host."""
SEPARATOR = b"\n<!-- clausewatch: next page -->\n"


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
    fingerprint: str = ""
    """The same for answers that read the same, whatever their markup."""
    unchanged: bool = False
    """True when it is as it was: a 304, or an answer with the known fingerprint. There is no body and no text then."""


@dataclass(slots=True)
class _Seen:
    """An answer, and what was read in it once somebody wanted to know."""

    document: Document
    answer: Response
    _shown: tuple[CaptureKind, str, str] | None = None
    _mark: str = ""

    @property
    def mark(self) -> str:
        """Its fingerprint, when it is the whole document."""
        self._mark = self._mark or _mark(self.document, [self.answer])
        return self._mark

    @property
    def shown(self) -> tuple[CaptureKind, str, str]:
        """Its kind, why, and its text."""
        if self._shown is None:
            self._shown = read(self.document, self.answer)
        return self._shown


def fetch_document(
    web: Web,
    visits: Visits,
    document: Document,
    validators: Validators,
    browser: Browser | None = None,
    known: str | None = None,
) -> Page:
    """Looks at a document. A document of several addresses is joined in order. Raises a SourceError.

    A page that scripts draw is drawn by the browser; without one its kind says that it needs one. `known` is the
    fingerprint of the last answer: one that has it, too, is not read again.
    """
    several = len(document.urls) > 1
    seen: list[_Seen] = []
    for url in document.urls:
        conditional = None if several or document.browser else validators
        seen.append(_visit(web, visits, document, url, conditional, browser, known, _PATIENCE if seen else 0.0))
    answers = [each.answer for each in seen]
    if answers[0].status == 304:
        return _unchanged(answers[0])
    mark = _mark(document, answers) if several else seen[0].mark
    return _unchanged(answers[0], mark, several) if mark == known else _page(seen, mark)


def _mark(document: Document, answers: list[Response]) -> str:
    """The fingerprint of a document as these answers show it."""
    salt = [METHOD, *document.select, "", *document.remove]
    for answer in answers:
        salt += [str(answer.status), answer.final_url, answer.header("Content-Type")]
    return fingerprint(SEPARATOR.join(answer.body for answer in answers), *salt)


def _visit(
    web: Web,
    visits: Visits,
    document: Document,
    url: str,
    conditional: Validators | None,
    browser: Browser | None,
    known: str | None,
    patience: float,
) -> _Seen:
    language = {"Accept-Language": document.language or "en"}
    try:
        with visiting(web, visits, url, patience) as permit:
            answer = web.get(url, conditional=conditional, accept=ACCEPT, headers=language, permit=permit)
            seen = _Seen(document, answer)
            if browser is not None and seen.answer.status == 200 and _is_to_be_drawn(seen, known):
                seen = _Seen(document, browser.render(web, seen.answer))
            return seen
    except SourceError as why:
        # Outside of the visit: a Retry-After has closed the host by then.
        if isinstance(why.answer, Response) and (seen := _Seen(document, why.answer)).shown[0] is CaptureKind.WALL:
            return seen
        raise


def _is_to_be_drawn(seen: _Seen, known: str | None) -> bool:
    if seen.document.browser:
        return True
    if known is not None and seen.mark == known:
        return False
    return seen.shown[0] is CaptureKind.NEEDS_BROWSER


def _unchanged(answer: Response, mark: str = "", several: bool = False) -> Page:
    checks = Validators() if several else answer.validators
    return Page(
        answer.url,
        answer.status,
        "",
        answer.headers,
        b"",
        CaptureKind.POLICY,
        etag=checks.etag,
        last_modified=checks.last_modified,
        fingerprint=mark,
        unchanged=True,
    )


def _page(seen: list[_Seen], mark: str) -> Page:
    answers, shown = [each.answer for each in seen], [each.shown for each in seen]
    first = answers[0]
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
        fingerprint=mark,
    )


def read(document: Document, answer: Response) -> tuple[CaptureKind, str, str]:
    """What an answer is, why, and its text when it is a policy."""
    if _leads_to_front_page(answer):
        return CaptureKind.ERROR, "leads to the site's front page: the page is not there", ""
    if _GATE.search(answer.final_url) and not _GATE.search(answer.url):
        return CaptureKind.WALL, "leads to a log-in, a consent or a challenge page", ""
    media_type = answer.header("Content-Type").partition(";")[0].strip().lower()
    try:
        found = _text(document, answer, media_type)
        # Only short texts are looked at closer, and their markup is then read as well.
        is_short = len(found.text) < walls.SHORT and found.root != "whole"
        html = decode(answer.body[:_MARKUP], _charset(answer.header("Content-Type"))) if is_short else ""
    except UnreadableText as why:
        return CaptureKind.NOT_TEXT, str(why), ""
    kind, reason = walls.classify(answer.status, found.text, html, found.title, answer.final_url)
    return kind, reason, found.text if kind is CaptureKind.POLICY else ""


def _leads_to_front_page(answer: Response) -> bool:
    """Whether a redirect ended at the front page of the same site, as sites do with what they have taken down."""
    asked, shown = urlsplit(answer.url), urlsplit(answer.final_url)
    same_site = host_of(answer.url) == host_of(answer.final_url)
    to_front = bool(_FRONT.fullmatch(shown.path)) and not shown.query
    return same_site and to_front and not _FRONT.fullmatch(asked.path)


def _text(document: Document, answer: Response, media_type: str) -> Extraction:
    if media_type == "application/pdf" or answer.body[:5] == b"%PDF-":
        from server.sources import pdf  # its library takes 11 MB, and most workers never meet a PDF

        return Extraction(pdf.text_of(answer.body))
    charset = _charset(answer.header("Content-Type"))
    return extract(answer.body, media_type, charset=charset, select=document.select, remove=document.remove)


def _charset(content_type: str) -> str:
    found = _CHARSET.search(content_type)
    return found[1] if found else ""
