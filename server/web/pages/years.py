"""What the timeline of a platform shows, from its changes, versions, statements and signals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from server.core.badge import content_stance
from server.core.model import Document, Platform
from server.core.status import DocumentState, Status
from server.store import changes, readings, signals
from server.store.changes import Filter
from server.store.tables import ChangeRow, SignalChangeRow
from server.web.pages.words import day
from server.web.timeline import Bar, Lane, Mark

MOST_CHANGES = 500
MOST_DOCUMENTS = 5


def lanes(session: Session, status: Status, now: datetime) -> list[Lane]:
    """A lane for each document that speaks or changed, then statements and signals."""
    platform = status.platform
    rows = changes.page(session, Filter(platform=platform.id, noise=True), after=None, limit=MOST_CHANGES)
    by_document = {
        state.document.key: [row for row in rows if row.document == state.document.key] for state in status.documents
    }
    documents = [_document(state, by_document[state.document.key][::-1], now) for state in status.documents]
    kept = [lane for lane in documents if lane.bars]
    spoken = sorted(kept, key=lambda lane: (all(bar.state == "silent" for bar in lane.bars), not lane.marks))
    return [*spoken[:MOST_DOCUMENTS], *_said(platform), *_signals(session, platform)]


def _document(state: DocumentState, rows: Sequence[ChangeRow], now: datetime) -> Lane:
    """`rows` oldest first: between two changes the later one's "before" held."""
    name = _name(state.document)
    marks = tuple(
        Mark(row.happened_to, f"{day(row.happened_to)}: {row.explanation}", "change", row.happened_from, _page(row))
        for row in rows
        if row.level != "noise"
    )
    if not rows:
        since = state.unchanged_since
        reading = content_stance(state.reading).value if state.reading else "unknown"
        return Lane(name, (Bar(since, now, reading),) if since and state.reading else ())
    starts = [rows[0].happened_from or rows[0].happened_to, *(row.happened_to for row in rows)]
    read = [rows[0].before, *(row.after for row in rows)]
    states = [content_stance(readings.from_data(each)).value for each in read]
    ends = [*starts[1:], now]
    return Lane(name, _joined([Bar(*each) for each in zip(starts, ends, states, strict=True)]), marks)


def _name(document: Document) -> str:
    """Its title, after the region that it is for: variants share a title, and the end of a long one is cut."""
    name = document.title or document.type
    return f"{document.region}: {name}" if document.region else name


def _page(row: ChangeRow) -> str:
    return f"/changes/{row.id}"


def _joined(bars: list[Bar]) -> tuple[Bar, ...]:
    """Neighbours that say the same become one bar."""
    joined: list[Bar] = []
    for bar in bars:
        if joined and joined[-1].state == bar.state:
            joined[-1] = Bar(joined[-1].start, bar.end, bar.state)
        else:
            joined.append(bar)
    return tuple(joined)


def _said(platform: Platform) -> list[Lane]:
    dated = [(moment(one.date), one) for one in platform.statements]
    marks = [Mark(at, f"{one.date}, {one.speaker}: {one.says}", "said") for at, one in dated if at]
    return [Lane("The company says", marks=tuple(marks))] if marks else []


def _signals(session: Session, platform: Platform) -> list[Lane]:
    rows = signals.history(session, platform.id)
    marks = [Mark(row.at, _turned(row), "signal", since=row.since) for row in rows]
    return [Lane("Signals to crawlers", marks=tuple(marks))] if marks else []


def _turned(row: SignalChangeRow) -> str:
    """An archive tells between which days, and for which crawlers; our own observation, on which day."""
    if row.since:
        return f"between {day(row.since)} and {day(row.at)}: {row.family}: {row.evidence}"
    return f"{day(row.at)}: {row.family} {row.before} → {row.after}"


def moment(date: str) -> datetime | None:
    """A date of the catalogue (2024, 2024-02 or 2024-02-12) as its first moment; None when it is none."""
    parts = date.split("-")
    try:
        year, month, day_ = (int(part) for part in [*parts, "1", "1"][:3])
        return datetime(year, month, day_, tzinfo=UTC)
    except ValueError:
        return None
