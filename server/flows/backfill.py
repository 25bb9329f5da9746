"""Backfill: the history of a document from a web archive, one stored capture after another.

Whatever is fetched is stored at once, so a run that was stopped goes on where it was, and asks for nothing twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from server.core.bisection import Candidate, choose, promising
from server.core.errors import Busy, Gone, Incomplete, RateLimited, SourceError, TooLarge
from server.core.model import CaptureKind, Document
from server.flows.chronicle import chronicle
from server.flows.compose import compose, pages_of
from server.flows.keep_past import Past, in_its_language, keep_past
from server.flows.ports import Clock
from server.sources.archive import Archive, Replayed
from server.sources.cdx import Listed
from server.sources.http import Response
from server.sources.pages import read
from server.store import sightings, versions
from server.store.session import Transaction

SOURCE = "archive"
BUDGET = 120
"""Requests for one document."""
TRIES = 2
FAILURES_IN_A_ROW = 6
"""After so many the archive is in trouble, and asking on helps nobody."""
EMPTY = "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
"""Digest of no bytes at all."""
TEXTS = ("text/html", "application/xhtml+xml", "text/plain", "text/markdown", "application/pdf", "")
SAME_BYTES = "the archive lists it with the same bytes"


@dataclass(frozen=True, slots=True)
class Found:
    """One change of the past, for people: it came after `after` and not later than `before`."""

    after: datetime | None
    before: datetime
    level: str
    kind: str
    explanation: str
    change_id: int


@dataclass(slots=True)
class Backfilled:
    """What one run brought for one document."""

    document: str
    listed: int = 0
    requests: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    """Captures by what they are, those included that the list alone tells to be useless."""
    wordings: int = 0
    changes: list[Found] = field(default_factory=list)
    outcome: str = "complete"
    """complete (every useful capture is known), budget (spent), busy (the archive asks us to wait) or failed."""
    detail: str = ""
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Backfiller:
    """What backfilling works with. `told` hears of every capture: for progress on a terminal."""

    archive: Archive
    write: Transaction
    read: Transaction
    clock: Clock
    told: Callable[[Backfilled, str], None] = lambda _, __: None


Read = Callable[[Document, Response], tuple[CaptureKind, str, str]]
"""What the answer of a capture is, why, and its text when it is what was looked for."""
Useless = Callable[[Listed], CaptureKind | None]
"""What the list alone tells a capture to be, when it need not be asked for."""


def read_policy(document: Document, answer: Response) -> tuple[CaptureKind, str, str]:
    """A capture of a policy, told apart as a live page is."""
    return in_its_language(document, *read(document, answer))


@dataclass(slots=True)
class _Dig:
    """One document's captures, and what is known of them so far."""

    document: Document
    listed: list[Listed]
    addresses: list[str]
    read: Read
    known: dict[int, str] = field(default_factory=dict)
    stored: dict[int, int] = field(default_factory=dict)
    """Ids of stored captures by index."""
    tries: Counter[int] = field(default_factory=Counter)
    in_a_row: int = 0

    def note(self, n: int, wording: str, *, twins: bool = True) -> None:
        """Capture `n` showed `wording`; so did its twins, all that the archive lists with the same bytes."""
        self.known[n] = wording
        digest = self.listed[n].digest
        for other, one in enumerate(self.listed if digest and twins else ()):
            if one.digest == digest:
                self.known.setdefault(other, wording)


def backfill(parts: Backfiller, document: Document, *, since: str = "", budget: int = BUDGET) -> Backfilled:
    """Reads as much of a document's history as `budget` requests allow. Raises nothing for what an archive does."""
    result = Backfilled(document.key)
    began = parts.archive.requests
    pages = pages_of(document)
    for n, page in enumerate(pages):
        share = (began + budget - parts.archive.requests) // (len(pages) - n)
        if not dig_up(parts, page, since, share, result):
            break
    result.requests = parts.archive.requests - began
    if len(pages) > 1:
        _put_together(parts, document, result)
    _tell_changes(parts, document, result)
    return result


def useless(one: Listed) -> CaptureKind | None:
    """What the list alone tells a capture to be, when that is no policy."""
    if 300 <= one.status < 400:
        return CaptureKind.REDIRECT
    if one.status >= 400:
        return CaptureKind.ERROR
    if one.digest == EMPTY:
        return CaptureKind.NEAR_EMPTY
    return None if one.media_type.partition(";")[0] in TEXTS else CaptureKind.NOT_TEXT


def dig_up(
    parts: Backfiller,
    page: Document,
    since: str,
    budget: int,
    result: Backfilled,
    read: Read = read_policy,
    useless: Useless = useless,
) -> bool:
    """Keeps captures of one address and tells of them in `result`; whether the archive lets us go on."""
    end = parts.archive.requests + budget
    try:
        dig = _begin(parts, page, since, result, read, useless)
        _go_through(parts, dig, result, lambda: end - parts.archive.requests)
        _keep_edges(parts, dig)
    except Busy as why:
        result.outcome, result.detail, result.retry_after = "busy", str(why), why.retry_after
    except SourceError as why:
        result.outcome, result.detail, result.retry_after = "failed", str(why), why.retry_after
    return result.outcome not in {"busy", "failed"}


def _put_together(parts: Backfiller, document: Document, result: Backfilled) -> None:
    """Makes versions of a document out of what was seen of its pages, and says so when there is nothing to make."""
    with parts.write() as session:
        result.wordings = compose(session, document, SOURCE)
    if not result.wordings and not result.detail:
        result.detail = f"At no moment are the texts of all its {len(document.urls)} addresses known."


def _begin(parts: Backfiller, document: Document, since: str, result: Backfilled, read: Read, useless: Useless) -> _Dig:
    """The captures worth asking for, with what earlier runs have brought."""
    listed = parts.archive.captures(document.urls[0], since=since)
    result.listed += len(listed)
    useful = []
    for one in listed:
        kind = useless(one)
        if kind is None:
            useful.append(one)
        else:
            result.kinds[kind.value] += 1
    dig = _Dig(document, useful, [parts.archive.address(one) for one in useful], read)
    with parts.read() as session:
        before = sightings.by_address(session, document.key, SOURCE)
    for n, address in enumerate(dig.addresses):
        if kept := before.get(address):
            dig.stored[n] = kept.id
            dig.note(n, kept.wording, twins=bool(kept.wording))
    return dig


def _go_through(parts: Backfiller, dig: _Dig, result: Backfilled, left: Callable[[], int]) -> None:
    candidates = [Candidate(one.at, one.length) for one in dig.listed]
    first = promising(candidates)
    while (n := choose(candidates, first, dig.known)) is not None:
        if left() <= 0:
            result.outcome = "budget"
            break
        kind = _fetch(parts, dig, n)
        result.wordings = len(set(dig.known.values()) - {""})
        if kind:
            result.kinds[kind.value] += 1
            parts.told(result, f"{dig.listed[n].at:%Y-%m-%d} {kind.value}")


def _fetch(parts: Backfiller, dig: _Dig, n: int) -> CaptureKind | None:
    """Fetches and stores capture `n`; None when that is to be tried again. Raises when the archive is in trouble."""
    try:
        replayed = parts.archive.replay(dig.listed[n])
    except RateLimited:
        return None  # the gate is closed now: the next request waits, or raises Busy
    except (Incomplete, TooLarge) as why:
        return _give_up(parts, dig, n, CaptureKind.INCOMPLETE, str(why))
    except Gone as why:
        return _give_up(parts, dig, n, CaptureKind.ERROR, str(why), tries=1)
    except SourceError as why:
        _count_trouble(parts, dig, n, why)
        return None
    dig.in_a_row = 0
    past = _past(dig, n, replayed)
    wording = _keep(parts, dig, n, past)
    dig.note(n, wording, twins=not replayed.elsewhere)
    return past.kind


def _count_trouble(parts: Backfiller, dig: _Dig, n: int, why: SourceError) -> None:
    """Trouble of the archive itself: tried again a little later, left out for this run, or the end of the run."""
    dig.tries[n] += 1
    dig.in_a_row += 1
    if dig.in_a_row >= FAILURES_IN_A_ROW:
        raise why
    if why.permanent or dig.tries[n] >= TRIES:
        dig.known.setdefault(n, "")
    if not why.retry_after and not why.permanent:
        parts.archive.sleep(min(2.0**dig.in_a_row, 30.0))


def _give_up(
    parts: Backfiller, dig: _Dig, n: int, kind: CaptureKind, reason: str, tries: int = TRIES
) -> CaptureKind | None:
    """A capture that does not come whole is tried once more, then stored as what it is, so that nobody asks again."""
    dig.tries[n] += 1
    if dig.tries[n] < tries:
        return None
    dig.known[n] = ""
    _keep(parts, dig, n, Past(SOURCE, dig.addresses[n], dig.listed[n].at, kind, reason))
    return kind


def _keep(parts: Backfiller, dig: _Dig, n: int, past: Past) -> str:
    """Stores what capture `n` is; gives its wording."""
    with parts.write() as session:
        dig.stored[n], wording = keep_past(session, dig.document, past, parts.clock.now())
    return wording


def _past(dig: _Dig, n: int, replayed: Replayed) -> Past:
    """What the archive gave back, told apart."""
    answer = replayed.answer
    kind, reason, text = _classified(dig, replayed)
    return Past(
        source=SOURCE,
        url=dig.addresses[n],
        captured_at=dig.listed[n].at,
        kind=kind,
        reason=reason,
        text=text,
        status=answer.status,
        media_type=answer.header("Content-Type"),
        headers=answer.headers,
        data=answer.body,
    )


def _classified(dig: _Dig, replayed: Replayed) -> tuple[CaptureKind, str, str]:
    answer = replayed.answer
    if replayed.elsewhere:
        return CaptureKind.REDIRECT, f"the archive shows {replayed.elsewhere} instead", ""
    if 300 <= answer.status < 400:
        return CaptureKind.REDIRECT, f"redirected to {answer.header('Location') or 'nowhere'}", ""
    return dig.read(dig.document, answer)


def _keep_edges(parts: Backfiller, dig: _Dig) -> None:
    """Stores the first and last moments of each wording that the list alone vouches for: they bound the changes."""
    of_digest = {dig.listed[n].digest: id_ for n, id_ in dig.stored.items()}
    runs = [list(run) for _, run in groupby(sorted(n for n in dig.known if dig.known[n]), key=dig.known.__getitem__)]
    with parts.write() as session:
        for n in sorted({edge for run in runs for edge in (run[0], run[-1])} - set(dig.stored)):
            at, of = dig.listed[n].at, of_digest[dig.listed[n].digest]
            sightings.repeat(
                session, of, url=dig.addresses[n], captured_at=at, fetched_at=parts.clock.now(), reason=SAME_BYTES
            )
            if version := versions.find(session, dig.document.key, dig.known[n]):
                versions.note_sighting(version, at, SOURCE)


def _tell_changes(parts: Backfiller, document: Document, result: Backfilled) -> None:
    """Brings the document's past changes up to date with all that is stored, this run's finds or earlier ones'."""
    with parts.write() as session:
        rows = chronicle(session, document, parts.clock.now())
        result.changes = [
            Found(row.happened_from, row.happened_to, row.level, row.kind, row.explanation, row.id) for row in rows
        ]
