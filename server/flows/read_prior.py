"""Read prior versions: the earlier wordings that a platform itself keeps at dated addresses."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from server.core import effective
from server.core.errors import Busy, ClausewatchError, Gone
from server.core.model import CaptureKind, Document
from server.flows.chronicle import chronicle
from server.flows.keep_past import Past, in_its_language, keep_past
from server.flows.poll import Fetch
from server.flows.ports import Clock
from server.sources.pages import Page
from server.sources.prior_versions import Prior, dated, links
from server.store import captures, sightings
from server.store.session import Transaction
from server.store.sources import Known

SOURCE = "prior"
PATIENCE = 60.0
"""Seconds that we wait for a host that is not free."""


@dataclass(frozen=True, slots=True)
class PriorReader:
    """What reading earlier wordings works with."""

    fetch: Fetch
    write: Transaction
    read: Transaction
    clock: Clock
    sleep: Callable[[float], None] = time.sleep


@dataclass(slots=True)
class PriorRead:
    """What came of it: how many addresses are linked, how many were read now, and what they turned out to be."""

    document: str
    linked: int = 0
    fetched: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    detail: str = ""


def read_prior(parts: PriorReader, document: Document) -> PriorRead:
    """Reads every earlier wording that is not stored yet; changes between them join the document's past."""
    result = PriorRead(document.key)
    try:
        found = _links(parts, document)
        result.linked = len(found)
        for prior in found:
            _read_what_is_there(parts, document, prior, result)
    except ClausewatchError as why:
        result.detail = str(why)
    with parts.write() as session:
        chronicle(session, document, parts.clock.now())
    return result


def _links(parts: PriorReader, document: Document) -> list[Prior]:
    """The addresses on the page of today, or else on the newest page that is stored: some are drawn by scripts."""
    try:
        found = links(_patiently(parts, document).body, document.prior_versions)
    except Busy:
        raise
    except ClausewatchError:  # the page of today is broken; the list on an older one still stands
        found = []
    if found:
        return found
    with parts.read() as session:
        newest = sightings.newest(session, document.key)
        page = captures.blob(session, newest.blob) if newest and newest.blob else None
    return links(page or b"", document.prior_versions)


def _read_what_is_there(parts: PriorReader, document: Document, prior: Prior, result: PriorRead) -> None:
    """A dead link in a list of earlier wordings keeps nobody from the others."""
    try:
        _read_one(parts, document, prior, result)
    except Gone as why:
        result.detail = str(why)


def _read_one(parts: PriorReader, document: Document, prior: Prior, result: PriorRead) -> None:
    with parts.read() as session:
        if captures.known(session, document.key, SOURCE, prior.url):
            return
    page = _patiently(parts, replace(document, urls=(prior.url,), browser=False))
    kind, reason, text = in_its_language(document, page.kind, page.reason, page.text)
    if not _is_still_it(prior, page):  # sites send those who ask for an old wording to the one of today
        kind, reason, text = CaptureKind.REDIRECT, f"leads to {page.url}", ""
    stated = effective.dates(text)
    past = Past(
        source=SOURCE,
        url=prior.url,
        captured_at=min(dated(prior, (stated.effective, stated.last_amended, stated.posted)), parts.clock.now()),
        kind=kind,
        reason=reason,
        text=text,
        status=page.status,
        media_type=page.media_type,
        headers=page.headers,
        data=page.body,
    )
    with parts.write() as session:
        keep_past(session, document, past, parts.clock.now())
    result.fetched += 1
    result.kinds[kind.value] += 1


def _is_still_it(prior: Prior, page: Page) -> bool:
    """Whether the page came from the address that names the date, whatever redirects made of the rest of it."""
    asked, shown = urlsplit(prior.url), urlsplit(page.url)
    return asked.path.rstrip("/") in shown.path and asked.query in shown.query


def _patiently(parts: PriorReader, document: Document) -> Page:
    """The page, after waiting for its host to be free."""
    waited = 0.0
    while True:
        try:
            return parts.fetch(document, Known())
        except Busy as why:
            pause = why.retry_after or 1.0
            waited += pause
            if waited > PATIENCE:
                raise
            parts.sleep(pause)
