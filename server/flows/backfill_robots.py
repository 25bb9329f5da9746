"""Backfill of signals: when a platform's robots.txt first shut training crawlers out, from a web archive.

It is dug for like a document, whose text is what each crawler is told. Two equal readings make a change; none is news.
"""

from __future__ import annotations

from urllib.parse import urljoin

from sqlalchemy.orm import Session

from server.core.model import CaptureKind, Document, Platform
from server.core.signals import Answer
from server.core.signals.history import FAMILY, seen_twice, told, turn
from server.core.signals.site import MISSING
from server.core.timeline import Seen, Step, steps
from server.flows.backfill import BUDGET, Backfilled, Backfiller, Found, dig_up, useless
from server.flows.observe import FAMILY as SIGNALS
from server.flows.observe import origin
from server.sources.cdx import Listed
from server.sources.http import Response
from server.store import sightings, signals, versions
from server.store.tables import SignalChangeRow


def robots_of(platform: Platform) -> Document:
    """The robots.txt of a platform, under the name that its captures are kept by."""
    address = urljoin(origin(platform), "/robots.txt")
    return Document(platform.id, "signals#robots", "robots.txt", (address,))


def backfill_robots(parts: Backfiller, platform: Platform, *, since: str = "", budget: int = BUDGET) -> Backfilled:
    """Reads as much of its history as `budget` requests allow. Raises nothing for what an archive does."""
    file = robots_of(platform)
    result = Backfilled(f"{platform.id}/robots.txt")
    began = parts.archive.requests
    dig_up(parts, file, since, budget, result, read_robots, _useless)
    result.requests = parts.archive.requests - began
    with parts.write() as session:
        result.changes = _chronicle(session, platform.id, file)
    return result


def _useless(one: Listed) -> CaptureKind | None:
    """As for a policy, but that a file which was not there is a reading, too: it told nobody to stay out."""
    return None if one.status in MISSING else useless(one)


def read_robots(file: Document, answer: Response) -> tuple[CaptureKind, str, str]:
    """What a capture of a robots.txt is, why, and what it tells crawlers."""
    url = file.urls[0]
    text = told(Answer(url, answer.status, answer.headers, answer.body), urljoin(url, "/"))
    return (CaptureKind.POLICY, "", text) if text else (CaptureKind.NOT_TEXT, "is no robots.txt that can be read", "")


def _chronicle(session: Session, platform: str, file: Document) -> list[Found]:
    """The turns before we observed ourselves, oldest first; what an earlier run had found is made anew."""
    seen = [Seen(one.at, one.wording, one.size, one.source) for one in sightings.of_document(session, file.key)]
    own = signals.observed_since(session, platform, SIGNALS)
    past = [step for step in steps(seen_twice(seen)) if own is None or step.first_after < own]
    rows = [_row(session, platform, file, step) for step in past]
    signals.replace_past(session, platform, FAMILY, rows)
    return [Found(row.since, row.at, "signal", FAMILY, row.evidence, row.id) for row in rows]


def _row(session: Session, platform: str, file: Document, step: Step) -> SignalChangeRow:
    before, after = (versions.find(session, file.key, wording) for wording in (step.before, step.after))
    assert before is not None and after is not None, "a reading that was seen has been stored"
    turned = turn(before.text, after.text)
    return SignalChangeRow(
        platform=platform,
        family=FAMILY,
        before=turned.before.value,
        after=turned.after.value,
        evidence=turned.told,
        since=step.last_before,
        at=step.first_after,
    )
