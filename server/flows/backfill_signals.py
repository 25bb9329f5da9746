"""Backfill of signals, from a web archive: when a platform's robots.txt shut training crawlers out, when its front page
took up a tag.

Each source is dug for like a document, whose text is what crawlers are told. Two equal readings make a change; none is
news.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urljoin

from sqlalchemy.orm import Session

from server.core.model import CaptureKind, Document, Platform
from server.core.signals import Answer
from server.core.signals.history import (
    PREFERENCES,
    ROBOTS,
    TAGS,
    TDMREP,
    seen_twice,
    told,
    told_by_file,
    told_by_page,
    turned,
)
from server.core.signals.site import MISSING
from server.core.timeline import Seen, Step, steps
from server.flows.backfill import BUDGET, Backfilled, Backfiller, Found, Read, Useless, dig_up, useless
from server.flows.observe import FAMILY as SIGNALS
from server.flows.observe import origin
from server.sources.archive import as_sent
from server.sources.cdx import Listed
from server.sources.http import Response
from server.sources.pages import read
from server.store import sightings, signals, versions
from server.store.tables import SignalChangeRow

_NO_READING = (CaptureKind.WALL, CaptureKind.ERROR, CaptureKind.NOT_TEXT)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a site tells crawlers something, and how its captures are read."""

    name: str
    title: str
    path: str
    families: tuple[str, ...]
    read: Read
    useless: Useless = useless

    def of(self, platform: Platform) -> Document:
        """The source of a platform, under the name that its captures are kept by."""
        address = urljoin(origin(platform), self.path)
        return Document(platform.id, f"signals#{self.name}", self.title, (address,))


def backfill_signals(
    parts: Backfiller, platform: Platform, source: Source, *, since: str = "", budget: int = BUDGET
) -> Backfilled:
    """Reads as much of its history as `budget` requests allow. Raises nothing for what an archive does."""
    result = Backfilled(f"{platform.id}/{source.title}")
    began = parts.archive.requests
    dig_up(parts, source.of(platform), since, budget, result, source.read, source.useless)
    result.requests = parts.archive.requests - began
    with parts.write() as session:
        result.changes = _chronicle(session, platform, source)
    return result


def _useless(one: Listed) -> CaptureKind | None:
    """As for a policy, but that a file which was not there is a reading, too: it told nobody to stay out."""
    return None if one.status in MISSING else useless(one)


def _useless_json(one: Listed) -> CaptureKind | None:
    return None if one.status == 200 and one.media_type.startswith("application/json") else _useless(one)


def _file(name: str, tell: Callable[[Answer, str], str]) -> Read:
    """What a capture of that file is, why, and what it tells of the front page."""

    def read_file(file: Document, answer: Response) -> tuple[CaptureKind, str, str]:
        url = file.urls[0]
        text = tell(Answer(url, answer.status, answer.headers, answer.body), urljoin(url, "/"))
        return (CaptureKind.POLICY, "", text) if text else (CaptureKind.NOT_TEXT, f"is no {name} that can be read", "")

    return read_file


def read_front(page: Document, answer: Response) -> tuple[CaptureKind, str, str]:
    """What a capture of a front page is, why, and what its tags and headers tell crawlers; a wall is no such page."""
    kind, reason, _ = read(page, answer)
    if kind in _NO_READING:
        return kind, reason, ""
    text = told_by_page(Answer(page.urls[0], answer.status, as_sent(answer.headers), answer.body))
    return (CaptureKind.POLICY, "", text) if text else (CaptureKind.ERROR, f"the page answers {answer.status}", "")


ROBOTS_TXT = Source("robots", "robots.txt", "/robots.txt", (ROBOTS, *PREFERENCES), _file("robots.txt", told), _useless)
FRONT_PAGE = Source("front", "front page", "", (*TAGS, *PREFERENCES), read_front)
TDMREP_JSON = Source(
    "tdmrep",
    "tdmrep.json",
    "/.well-known/tdmrep.json",
    (TDMREP,),
    _file("tdmrep.json", told_by_file),
    _useless_json,
)
SOURCES = (ROBOTS_TXT, FRONT_PAGE, TDMREP_JSON)


def _chronicle(session: Session, platform: Platform, source: Source) -> list[Found]:
    """The turns before we observed ourselves, oldest first; what an earlier run had found is made anew.

    A family that two sources tell has the turns of both.
    """
    others = [one for one in SOURCES if one is not source and set(one.families) & set(source.families)]
    mine, theirs = _past(session, platform, source), [row for one in others for row in _past(session, platform, one)]
    for family in source.families:
        rows = [row for row in (*mine, *theirs) if row.family == family]
        signals.replace_past(session, platform.id, family, rows)
    return [Found(row.since, row.at, "signal", row.family, _said(row), row.id) for row in mine]


def _past(session: Session, platform: Platform, source: Source) -> list[SignalChangeRow]:
    file = source.of(platform)
    seen = [Seen(one.at, one.wording, one.size, one.source) for one in sightings.of_document(session, file.key)]
    own = signals.observed_since(session, platform.id, SIGNALS)
    past = [step for step in steps(seen_twice(seen)) if own is None or step.first_after < own]
    return [row for step in past for row in _rows(session, file, step)]


def _rows(session: Session, file: Document, step: Step) -> Iterable[SignalChangeRow]:
    before, after = (versions.find(session, file.key, wording) for wording in (step.before, step.after))
    assert before is not None and after is not None, "a reading that was seen has been stored"
    for one in turned(before.text, after.text):
        yield SignalChangeRow(
            platform=file.platform,
            family=one.family,
            before=one.before.value,
            after=one.after.value,
            evidence=one.told,
            since=step.last_before,
            at=step.first_after,
        )


def _said(row: SignalChangeRow) -> str:
    return row.evidence if row.family == ROBOTS else f"{row.family} {row.evidence}"
