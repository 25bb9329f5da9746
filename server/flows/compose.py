"""Compose: make versions of a document of several addresses out of what was seen of each of its pages.

Each page is kept under a name of its own, where its versions stay candidates and make no changes. Where all are known,
their texts are put together as they are for a live page. It can be run again after every new find.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from hashlib import blake2b

from sqlalchemy.orm import Session

from server.core import clauses
from server.core.composition import moments
from server.core.model import Document
from server.core.timeline import Seen
from server.flows.chronicle import DROPPED
from server.flows.keep import keep_version
from server.store import sightings, versions
from server.store.tables import CaptureRow


def pages_of(document: Document) -> tuple[Document, ...]:
    """The document itself when it has one address; else a document for each, with a name of its own."""
    if len(document.urls) == 1:
        return (document,)
    return tuple(replace(document, id=f"{document.id}#{_mark(url)}", urls=(url,)) for url in document.urls)


def _mark(url: str) -> str:
    return blake2b(url.encode(), digest_size=4).hexdigest()


def compose(session: Session, document: Document, source: str) -> int:
    """Brings the document's versions up to date with its pages; gives how many wordings they amount to."""
    pages = pages_of(document)
    seen = [sightings.shown_captures(session, page.key, source) for page in pages]
    texts = cache(lambda wordings: _text(session, pages, wordings))
    stale = {row.url: row for row, _, _ in sightings.shown_captures(session, document.key, source)}
    found: set[str] = set()
    told = [[Seen(row.captured_at, wording, size, source) for row, wording, size in page] for page in seen]
    for moment in moments(told):
        capture = seen[moment.page][moment.sighting][0]
        text, wording = texts(moment.wordings)
        found.add(wording)
        _show(session, document, capture, stale.pop(capture.url, None), text, wording)
    for row in stale.values():  # more captures have shown since that another page was not as it seemed
        session.delete(row)
    session.flush()
    for version in sightings.unseen(session, document.key, source):
        version.state = DROPPED
    return len(found)


def _show(
    session: Session, document: Document, capture: CaptureRow, before: CaptureRow | None, text: str, wording: str
) -> None:
    """Stores what the document's text was when `capture` was made, unless that is known."""
    known = versions.find(session, document.key, wording)
    if before is not None and known is not None and before.version_id == known.id:
        return
    version = keep_version(session, document, text, wording, capture.captured_at, capture.source)
    if before is not None:
        before.version_id = version.id
    else:
        reason = f"one of {len(document.urls)} pages, with the others as they stood"
        sightings.lend(session, capture, document.key, version.id, reason)


def _text(session: Session, pages: tuple[Document, ...], wordings: tuple[str, ...]) -> tuple[str, str]:
    """The text of all pages in their order, as a live page has it, and its wording."""
    found = [versions.find(session, page.key, wording) for page, wording in zip(pages, wordings, strict=True)]
    text = "\n\n".join(version.text for version in found if version)
    return text, clauses.wording(clauses.cut(text))
