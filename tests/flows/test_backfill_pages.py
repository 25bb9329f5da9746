"""Backfill of a document that several pages make up: its text is known where the text of every page is.

A history is a line of captures: "A1 B3" is wording A in the first month and B in the third; W is a bot wall, X an
archived error, and small letters are pages cut after a third. The second page is always archived in mid-month.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from server.core.model import CaptureKind, Document
from server.flows.backfill import Backfilled, backfill
from server.flows.keep import Rules, Shown, keep_text
from server.sources.http import Response
from server.sources.pages import read
from server.store import captures, readings, versions
from server.store.session import Transaction
from server.store.tables import CaptureRow, ChangeRow, VersionRow
from tests.flows.test_backfill import TRAINING, WALL, page, parts_for
from tests.sources.archive_server import ArchiveServer, Kept

TERMS, GUIDE = "https://tunery.example/terms", "https://tunery.example/ai-terms"
DOCUMENT = Document("tunery", "terms", "Terms of Service", (TERMS, GUIDE))
WORDINGS = {
    "A": page(),
    "B": page(TRAINING),
    "C": page("We never train models on what you upload."),
    "P": page("The chatbot answers what it can."),
    "Q": page("The chatbot answers what it can. We may use what you upload to train the models behind it."),
}


def captured(url: str, line: str, day: int) -> list[Kept]:
    """The captures that a line tells."""
    return [_captured(url, word[0], f"2024{int(word[1:]):02}{day:02}000000") for word in line.split()]


def _captured(url: str, letter: str, stamp: str) -> Kept:
    if letter == "X":
        return Kept(stamp, b"down", 503, url)
    body = WALL if letter == "W" else WORDINGS[letter.upper()]
    if letter.islower():
        body = body[: len(body) // 3]
    return Kept(stamp, body, url=url)


def archive(terms: str, guide: str, dialect: str = "ia") -> ArchiveServer:
    return ArchiveServer([*captured(TERMS, terms, 1), *captured(GUIDE, guide, 15)], dialect)


def run(server: ArchiveServer, write: Transaction, budget: int = 120) -> Backfilled:
    return backfill(parts_for(server, write), DOCUMENT, budget=budget)


def intervals(result: Backfilled) -> list[str]:
    """The changes, as month and day after which and not later than which they came."""
    return [f"{change.after:%m%d}-{change.before:%m%d} {change.kind}" for change in result.changes]


@pytest.mark.parametrize(
    ("terms", "guide", "changes"),
    [
        pytest.param("A1 A2 A3 A4", "P1 P2 P3 P4", [], id="nothing changed"),
        pytest.param("A1 A2 B3 B4", "P1 P2 P3 P4", ["0201-0301 training"], id="the first page changed"),
        pytest.param("A1 A2 A3 A4 A5", "P1 P2 Q3 Q4", ["0215-0315 training"], id="the second page changed"),
        pytest.param("A1 A2 B3 B4 B5", "P1 P2 Q3 Q4", ["0201-0315 training"], id="both within one month: one change"),
        pytest.param("A2 B3 B4 C6 C7", "P1 P2 P5 P8", ["0201-0301 training", "0401-0601 training"], id="two changes"),
    ],
)
def test_a_change_of_one_page_is_a_change_of_the_document(
    transaction: Transaction, terms: str, guide: str, changes: list[str]
) -> None:
    with archive(terms, guide) as server:
        result = run(server, transaction)
    assert (intervals(result), result.outcome) == (changes, "complete")
    assert result.detail == ""


@pytest.mark.parametrize(
    ("terms", "guide"),
    [
        pytest.param("A1 A2 A3 A4 A5", "P1 W2 P3 P4", id="a bot wall on the second page"),
        pytest.param("A1 A2 A3 A4 A5", "P1 P2 P3 W4", id="a bot wall at its end"),
        pytest.param("A1 A2 A3 A4 A5", "X1 P2 X3 P4", id="archived errors"),
        pytest.param("A1 A2 A3 A4 A5", "P1 p2 P3 P4", id="a second page that was cut once"),
        pytest.param("A1 A2 A3 A4 A5", "P1 P2 P3 p4", id="cut at its end, where nothing says it was"),
        pytest.param("A1 B2 A3 A4 A5", "P1 P2 P3 P4", id="a wording that came and went"),
        pytest.param("A1 B2 B3", "P4 P5", id="a change before the second page was archived"),
        pytest.param("A1 A2 B5 B6", "P1 P2", id="a change after the second page was last archived"),
    ],
)
def test_where_a_page_is_broken_or_unknown_nothing_changes(transaction: Transaction, terms: str, guide: str) -> None:
    with archive(terms, guide) as server:
        assert run(server, transaction).changes == []


@pytest.mark.parametrize("dialect", ["ia", "pywb", "memento"])
def test_every_dialect_gives_the_same_history(transaction: Transaction, dialect: str) -> None:
    with archive("A1 A2 B3 B4", "P1 P2 P3 P4", dialect) as server:
        assert intervals(run(server, transaction)) == ["0201-0301 training"]


def test_a_page_that_was_archived_later_begins_the_history(transaction: Transaction) -> None:
    with archive("A1 A2 B3 B4 B5 C8 C9", "P4 P5 P6 P9") as server:
        assert intervals(run(server, transaction)) == ["0501-0801 training"]
    with transaction() as opened:
        first = opened.scalar(select(func.min(VersionRow.first_seen)).where(VersionRow.document == DOCUMENT.key))
    assert first == datetime(2024, 4, 15, tzinfo=UTC)


def test_a_page_without_captures_is_told(transaction: Transaction) -> None:
    with archive("A1 A2 B3 B4", "") as server:
        result = run(server, transaction)
    assert (result.changes, result.wordings) == ([], 0)
    assert result.detail == "At no moment are the texts of all its 2 addresses known."


def test_a_stopped_run_goes_on_and_asks_for_nothing_twice(transaction: Transaction) -> None:
    with archive("A1 A2 A3 B4 B5 B6 C7 C8", "P1 P2 P3 P4 Q5 Q6 Q7 Q8") as server:
        first = run(server, transaction, budget=8)
        second = run(server, transaction)
        replays = [path for path in server.log if "id_" in path]
        third = run(server, transaction)
    assert (first.outcome, second.outcome, first.requests) == ("budget", "complete", 8)
    assert len(replays) == len(set(replays)) == 16
    assert third.requests == 2, "the two lists"
    assert intervals(second) == intervals(third) == ["0301-0401 training", "0415-0515 training", "0601-0701 training"]


def test_what_later_captures_disprove_is_taken_back(transaction: Transaction) -> None:
    """With its ends alone the first page seems to have stood all the year."""
    with archive("A1 B4 B5 B6 B7 A12", "P2 P3 Q5 Q9") as server:
        run(server, transaction, budget=6)
        result = run(server, transaction)
        again = run(server, transaction)
    assert intervals(again) == intervals(result)
    with transaction() as opened:
        shown = select(CaptureRow.version_id).where(CaptureRow.document == DOCUMENT.key)
        rows = opened.scalars(select(VersionRow).where(VersionRow.document == DOCUMENT.key)).all()
        standing = {row.id for row in rows if row.state != "dropped"}
        assert standing <= set(opened.scalars(shown))
        published = opened.scalars(select(ChangeRow).where(ChangeRow.state == "published")).all()
        assert {row.id for row in published} == {change.change_id for change in again.changes}


class Closing(ArchiveServer):
    """An archive that asks us to wait when it comes to the second page."""

    closed = True

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """See ArchiveServer."""
        return (429, {"Retry-After": "300"}, b"") if self.closed and GUIDE in path else super().answer(path)


def test_an_archive_that_closes_at_the_second_page_loses_nothing(transaction: Transaction) -> None:
    with Closing([*captured(TERMS, "A1 A2 B3 B4", 1), *captured(GUIDE, "P1 P2 P3 P4", 15)]) as server:
        stopped = run(server, transaction)
        assert (stopped.outcome, stopped.changes, stopped.requests) == ("busy", [], 7)
        server.closed = False
        result = run(server, transaction)
        assert (intervals(result), result.requests) == (["0201-0301 training"], 6)


def test_the_text_is_the_one_that_a_live_look_has(transaction: Transaction) -> None:
    """Put together in the order of the addresses, so that watching goes on where the past ends."""
    now = datetime(2024, 9, 1, tzinfo=UTC)
    bodies = WORDINGS["B"], WORDINGS["P"]
    answers = [Response(url, url, 200, (), body) for url, body in zip(DOCUMENT.urls, bodies, strict=True)]
    text = "\n\n".join(read(DOCUMENT, answer)[2] for answer in answers)
    with transaction() as opened:
        capture = captures.add(
            opened,
            document=DOCUMENT.key,
            source="live",
            url=TERMS,
            fetched_at=now,
            captured_at=now,
            status=200,
            media_type="text/html",
            headers=(),
            data=b"".join(bodies),
        )
        keep_text(opened, DOCUMENT, capture, Shown(CaptureKind.POLICY, "", text), Rules(), now)
    with archive("A1 A2 B3 B4", "P1 P2 P3 P4") as server:
        assert intervals(run(server, transaction)) == ["0201-0301 training"]
    with transaction() as opened:
        rows = opened.scalars(select(VersionRow).where(VersionRow.document == DOCUMENT.key)).all()
        assert sorted(row.sources for row in rows) == ["archive", "live,archive"]
        assert versions.newest_confirmed(opened, [DOCUMENT.key])[DOCUMENT.key].sources == "live,archive"


def test_the_evidence_is_the_capture_that_showed_it(transaction: Transaction) -> None:
    with archive("A1 A2 B3 B4", "P1 P2 P3 P4") as server:
        [change] = run(server, transaction).changes
        with transaction() as opened:
            shown = captures.of_version(opened, opened.get_one(ChangeRow, change.change_id).after_id)
            assert shown is not None and shown.blob is not None
            assert captures.blob(opened, shown.blob) == WORDINGS["B"]
            assert shown.url == f"{server.url}/web/20240301000000id_/{TERMS}"
            assert "one of 2 pages" in shown.reason


def test_a_part_is_not_read_for_itself(transaction: Transaction) -> None:
    with archive("A1 A2 B3 B4", "P1 P2 P3 P4") as server:
        run(server, transaction)
    with transaction() as opened:
        unread = readings.unread_by(opened, "an engine of tomorrow")
        documents = opened.scalars(select(VersionRow.document).where(VersionRow.id.in_(unread))).all()
        assert list(documents) == [DOCUMENT.key] * 2
