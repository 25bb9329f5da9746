"""What is kept as evidence for good and what goes; and a new reader over old texts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.core.model import Reading, Stance
from server.core.reading import ENGINE
from server.flows.reread import reread
from server.flows.retain import retain
from server.store import captures, readings, versions
from server.store.session import Transaction
from server.store.tables import BlobRow, CaptureRow, ChangeRow, VersionRow
from server.store.tables_people import NoticeRow
from tests.fakes import FakeClock

TEXT = "Terms\n\nYou agree that your content may be used to train our machine learning models.\n"


def capture(session: Session, clock: FakeClock, days: int, version: int | None, data: bytes) -> None:
    at = clock.now() - timedelta(days=days)
    values = {"document": "soundcloud/terms", "source": "live", "url": "https://soundcloud.com/terms", "headers": []}
    values |= {"fetched_at": at, "captured_at": at, "status": 200, "media_type": "text/html"}
    captures.add(session, **values, data=data, version_id=version)  # type: ignore[arg-type]


def version(session: Session, clock: FakeClock, wording: str = "w") -> VersionRow:
    values = {"document": "soundcloud/terms", "wording": wording, "text": TEXT, "language": "en"}
    return versions.add(session, **values, at=clock.now(), source="live")  # type: ignore[arg-type]


@pytest.fixture
def kept(transaction: Transaction, clock: FakeClock) -> Transaction:
    """A version seen five times in a year, a wall seen twice."""
    with transaction() as session:
        stands = version(session, clock)
        stands.state, id_ = versions.CONFIRMED, stands.id
        for days in (365, 300, 200, 20, 10):
            capture(session, clock, days, id_, f"page of {days} days ago".encode())
        capture(session, clock, 250, None, b"Prove that you are human")
        capture(session, clock, 5, None, b"Accept our cookies")
    return transaction


def with_bytes(transaction: Transaction) -> list[bytes | None]:
    with transaction() as session:
        rows = session.scalars(select(CaptureRow).where(CaptureRow.blob.is_not(None)).order_by(CaptureRow.id)).all()
        assert session.scalar(select(func.count()).select_from(BlobRow)) == len(rows), "no bytes without a capture"
        return [captures.blob(session, row.blob or "") for row in rows]


def test_old_bytes_go_but_for_the_first_and_last_of_a_version(kept: Transaction, clock: FakeClock) -> None:
    assert retain(kept, clock, timedelta(days=90)) == 3
    days = [f"page of {days} days ago".encode() for days in (365, 20, 10)]
    assert with_bytes(kept) == [*days, b"Accept our cookies"]
    with kept() as session:
        assert session.scalar(select(func.count()).select_from(CaptureRow)) == 7, "every capture keeps its row"
    assert retain(kept, clock, timedelta(days=90)) == 0


def test_the_last_evidence_stays_however_old(kept: Transaction, clock: FakeClock) -> None:
    clock.move(days=4000)
    retain(kept, clock, timedelta(days=90))
    assert with_bytes(kept) == [b"page of 365 days ago", b"page of 10 days ago"]


def test_of_a_wording_that_only_passed_all_bytes_go(kept: Transaction, clock: FakeClock) -> None:
    with kept() as session:
        passing = version(session, clock, "seen at one look").id
        capture(session, clock, 120, passing, b"the session of 120 days ago")
        capture(session, clock, 3, version(session, clock, "waits").id, b"the session of 3 days ago")
    assert retain(kept, clock, timedelta(days=90)) == 3 + 1
    assert b"the session of 3 days ago" in with_bytes(kept)


def test_bytes_that_another_capture_still_needs_stay(kept: Transaction, clock: FakeClock) -> None:
    with kept() as session:
        capture(session, clock, 1, None, b"Prove that you are human")
    retain(kept, clock, timedelta(days=90))
    assert b"Prove that you are human" in with_bytes(kept)


def test_zero_days_keep_everything(kept: Transaction, clock: FakeClock) -> None:
    assert retain(kept, clock, timedelta()) == 0
    assert len(with_bytes(kept)) == 7


def store_reading(session: Session, row: VersionRow, engine: str, clock: FakeClock) -> None:
    readings.keep(session, row.id, engine, Reading(training=Stance.PROHIBITS), clock.now())


def test_a_new_reader_reads_old_texts_and_announces_nothing(transaction: Transaction, clock: FakeClock) -> None:
    with transaction() as session:
        store_reading(session, version(session, clock), "an older engine", clock)
    (found,) = reread(transaction, transaction, clock)
    assert (found.differs, found.before, found.after) == (True, "prohibits", "permits")
    assert list(reread(transaction, transaction, clock)) == []
    with transaction() as session:
        newest = readings.newest(session, found.version)
        assert newest and newest.training is Stance.PERMITS
        for table in (ChangeRow, NoticeRow):
            assert session.scalar(select(func.count()).select_from(table)) == 0


@pytest.mark.parametrize("reader", [readings.OPERATOR, ENGINE])
def test_corrections_and_present_readings_stay(transaction: Transaction, clock: FakeClock, reader: str) -> None:
    with transaction() as session:
        store_reading(session, version(session, clock), reader, clock)
    assert list(reread(transaction, transaction, clock)) == []
