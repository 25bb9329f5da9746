"""Keep what a source shows of the past: bytes first, then the version they turn out to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from server.core import clauses
from server.core.language import language
from server.core.model import CaptureKind, Document
from server.flows.keep import keep_version
from server.store import captures


@dataclass(frozen=True, slots=True)
class Past:
    """A capture of an earlier moment, and what it shows; `text` is empty when that is no policy."""

    source: str
    """archive, prior or ota."""
    url: str
    captured_at: datetime
    kind: CaptureKind
    reason: str = ""
    text: str = ""
    status: int = 0
    media_type: str = ""
    headers: Sequence[tuple[str, str]] = ()
    data: bytes = b""


def keep_past(session: Session, document: Document, past: Past, now: datetime) -> tuple[int, str]:
    """Stores the capture and its version; gives the capture's id and the wording, empty when it is no policy.

    The live stream is not touched: `server.flows.chronicle` makes the changes of what was kept.
    """
    wording, version_id = "", None
    if past.kind is CaptureKind.POLICY:
        wording = clauses.wording(clauses.cut(past.text))
        version_id = keep_version(session, document, past.text, wording, past.captured_at, past.source).id
    capture = captures.add(
        session,
        document=document.key,
        source=past.source,
        url=past.url,
        fetched_at=now,
        captured_at=past.captured_at,
        status=past.status,
        media_type=past.media_type[:120],
        headers=past.headers,
        data=past.data,
        kind=past.kind,
        reason=past.reason,
        version_id=version_id,
    )
    return capture.id, wording


def in_its_language(document: Document, kind: CaptureKind, reason: str, text: str) -> tuple[CaptureKind, str, str]:
    """The same, unless a policy turns out to be in another language than the document's."""
    if kind is CaptureKind.POLICY and (spoken := language(text)) and spoken != document.language:
        return CaptureKind.OTHER_LANGUAGE, f"is in {spoken}, not in {document.language}", ""
    return kind, reason, text
