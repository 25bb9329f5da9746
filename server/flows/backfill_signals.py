"""Backfill of signals, from a web archive: when a platform's robots.txt shut training crawlers out, when its front page
took up a tag.

Both are dug for like a document, whose text is what crawlers are told. Two equal readings make a change; none is news.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import urljoin

from sqlalchemy.orm import Session

from server.core.model import CaptureKind, Document, Platform
from server.core.signals import Answer
from server.core.signals.history import ROBOTS, TAGS, seen_twice, told, told_by_page, turn, turns
from server.core.signals.site import MISSING
from server.core.timeline import Seen, Step, steps
from server.flows.backfill import BUDGET, Backfilled, Backfiller, Found, dig_up, useless
from server.flows.observe import FAMILY as SIGNALS
from server.flows.observe import origin
from server.sources.archive import as_sent
from server.sources.cdx import Listed
from server.sources.http import Response
from server.sources.pages import read
from server.store import sightings, signals, versions
from server.store.session import Transaction
from server.store.tables import SignalChangeRow

_NO_READING = (CaptureKind.WALL, CaptureKind.ERROR, CaptureKind.NOT_TEXT)
Rows = Callable[[str, str], Iterable[tuple[str, str, str, str]]]
"""What turned between two texts: family, verdict before, verdict after, and in words."""


def robots_of(platform: Platform) -> Document:
    """The robots.txt of a platform, under the name that its captures are kept by."""
    address = urljoin(origin(platform), "/robots.txt")
    return Document(platform.id, "signals#robots", "robots.txt", (address,))


def front_of(platform: Platform) -> Document:
    """The front page of a platform, under the name that its captures are kept by."""
    return Document(platform.id, "signals#front", "front page", (origin(platform),))


def backfill_robots(parts: Backfiller, platform: Platform, *, since: str = "", budget: int = BUDGET) -> Backfilled:
    """Reads as much of its history as `budget` requests allow. Raises nothing for what an archive does."""
    result = Backfilled(f"{platform.id}/robots.txt")
    began = parts.archive.requests
    dig_up(parts, robots_of(platform), since, budget, result, read_robots, _useless)
    result.requests = parts.archive.requests - began
    result.changes = _chronicle(parts.write, robots_of(platform), (ROBOTS,), _of_robots)
    return result


def backfill_tags(parts: Backfiller, platform: Platform, *, since: str = "", budget: int = BUDGET) -> Backfilled:
    """The same for the tags and headers of its front page."""
    result = Backfilled(f"{platform.id}/front page")
    began = parts.archive.requests
    dig_up(parts, front_of(platform), since, budget, result, read_front)
    result.requests = parts.archive.requests - began
    result.changes = _chronicle(parts.write, front_of(platform), TAGS, _of_tags)
    return result


def _useless(one: Listed) -> CaptureKind | None:
    """As for a policy, but that a file which was not there is a reading, too: it told nobody to stay out."""
    return None if one.status in MISSING else useless(one)


def read_robots(file: Document, answer: Response) -> tuple[CaptureKind, str, str]:
    """What a capture of a robots.txt is, why, and what it tells crawlers."""
    url = file.urls[0]
    text = told(Answer(url, answer.status, answer.headers, answer.body), urljoin(url, "/"))
    return (CaptureKind.POLICY, "", text) if text else (CaptureKind.NOT_TEXT, "is no robots.txt that can be read", "")


def read_front(page: Document, answer: Response) -> tuple[CaptureKind, str, str]:
    """What a capture of a front page is, why, and what its tags and headers tell crawlers; a wall is no such page."""
    kind, reason, _ = read(page, answer)
    if kind in _NO_READING:
        return kind, reason, ""
    text = told_by_page(Answer(page.urls[0], answer.status, as_sent(answer.headers), answer.body))
    return (CaptureKind.POLICY, "", text) if text else (CaptureKind.ERROR, f"the page answers {answer.status}", "")


def _of_robots(before: str, after: str) -> Iterable[tuple[str, str, str, str]]:
    turned = turn(before, after)
    yield ROBOTS, turned.before, turned.after, turned.told


def _of_tags(before: str, after: str) -> Iterable[tuple[str, str, str, str]]:
    return ((tag, was, now, f"{was} → {now}") for tag, was, now in turns(before, after))


def _chronicle(write: Transaction, file: Document, families: tuple[str, ...], rows_of: Rows) -> list[Found]:
    """The turns before we observed ourselves, oldest first; what an earlier run had found is made anew."""
    with write() as session:
        seen = [Seen(one.at, one.wording, one.size, one.source) for one in sightings.of_document(session, file.key)]
        own = signals.observed_since(session, file.platform, SIGNALS)
        past = [step for step in steps(seen_twice(seen)) if own is None or step.first_after < own]
        rows = [row for step in past for row in _rows(session, file, step, rows_of)]
        for family in families:
            signals.replace_past(session, file.platform, family, [row for row in rows if row.family == family])
        return [Found(row.since, row.at, "signal", row.family, _said(row), row.id) for row in rows]


def _rows(session: Session, file: Document, step: Step, rows_of: Rows) -> Iterable[SignalChangeRow]:
    before, after = (versions.find(session, file.key, wording) for wording in (step.before, step.after))
    assert before is not None and after is not None, "a reading that was seen has been stored"
    for family, was, now, evidence in rows_of(before.text, after.text):
        yield SignalChangeRow(
            platform=file.platform,
            family=family,
            before=str(was),
            after=str(now),
            evidence=evidence,
            since=step.last_before,
            at=step.first_after,
        )


def _said(row: SignalChangeRow) -> str:
    return row.evidence if row.family == ROBOTS else f"{row.family} {row.evidence}"
