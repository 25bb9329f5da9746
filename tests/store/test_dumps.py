"""Backup, restore, move: what comes out is what went in, on each database and from each to the other."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from server.core.errors import StoreError
from server.store import captures, chats, dumps, outbox, schema, session
from server.store.session import Transaction
from server.store.tables import CaptureRow
from server.store.tables_people import NoticeRow
from tests.conftest import fresh_database
from tests.store.test_outbox import a_change, a_follower

NOW = datetime(2026, 1, 7, 12, 30, 15, 250, tzinfo=UTC)


@pytest.fixture
def filled(engine: Engine, transaction: Transaction) -> Engine:
    """A database with evidence, people and notices: bytes, dates, JSON, negative ids, letters of all kinds."""
    with transaction() as opened:
        change = a_change(opened, quote_after="„Ünïcödé“ \N{PILE OF POO} with \\ and 'quotes'", before={"a": [1, None]})
        a_follower(opened, -1002003004005)
        outbox.fan_out(opened, change, NOW)
        values = {"document": "soundcloud/terms", "source": "live", "url": "https://soundcloud.com/terms"}
        times = {"fetched_at": NOW, "captured_at": NOW, "status": 200, "media_type": "text/html"}
        captures.add(opened, **values, **times, headers=[("A", "b")], data=bytes(range(256)))  # type: ignore[arg-type]
    return engine


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Another, empty database of either kind."""
    if request.param == "sqlite":
        addresses = iter([f"sqlite:///{tmp_path / 'other.db'}"])
    else:
        addresses = fresh_database(request.getfixturevalue("postgres_cluster"))
    for address in addresses:
        opened = session.open_engine(address)
        yield opened
        opened.dispose()


def everything(engine: Engine) -> list[dumps.Row]:
    return sorted(dumps.rows(engine), key=repr)


def test_a_restored_backup_holds_the_same_and_counts_on(filled: Engine, empty: Engine, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    number = dumps.write(filled, file)
    assert file.stat().st_mode & 0o077 == 0, "chat ids are nobody else's business"
    assert dumps.restore(empty, file) == number > 6
    assert everything(empty) == everything(filled)
    assert schema.is_current(empty)
    with session.transactions(empty)() as opened:
        capture = opened.scalars(select(CaptureRow)).one()
        assert captures.blob(opened, capture.blob or "") == bytes(range(256))
        a_change(opened, key="later")
        assert chats.get(opened, -1002003004005)
        outbox.broadcast(opened, "after", "Ids go on.", NOW)
        assert len(opened.scalars(select(NoticeRow)).all()) == 2


def test_rows_move_straight_from_one_database_to_another(filled: Engine, empty: Engine) -> None:
    dumps.load(empty, schema.current(filled) or "", dumps.rows(filled))
    assert everything(empty) == everything(filled)


def test_a_backup_shows_one_moment_while_others_write(filled: Engine, empty: Engine) -> None:
    reader = dumps.rows(filled)
    found = [next(reader)]
    with session.transactions(filled)() as opened:
        a_change(opened, key="during")
        outbox.broadcast(opened, "during", "Said while the backup ran.", NOW)
    found += list(reader)
    assert "during" not in repr(found)
    dumps.load(empty, schema.current(filled) or "", found)


def test_nothing_is_restored_over_what_is_there(filled: Engine, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    dumps.write(filled, file)
    before = everything(filled)
    with pytest.raises(StoreError, match="holds data already"):
        dumps.restore(filled, file)
    assert everything(filled) == before


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _last_lines_missing(data: bytes) -> bytes:
    return gzip.compress(b"".join(gzip.decompress(data).splitlines(keepends=True)[:-2]))


def _newer(data: bytes) -> bytes:
    head, _, rest = gzip.decompress(data).partition(b"\n")
    return gzip.compress(head.replace(b'"migration": "', b'"migration": "9') + b"\n" + rest)


SPOILT = [
    (_cut, "Nothing was restored"),
    (_last_lines_missing, "not whole"),
    (_newer, "newer Clausewatch"),
    (lambda _: b"SQLite format 3", "Nothing was restored"),
    (lambda _: gzip.compress(b'{"other": 1}\n'), "not a backup"),
    (lambda _: gzip.compress(b""), "not a backup"),
]


@pytest.mark.parametrize(("spoil", "says"), SPOILT)
def test_a_spoilt_backup_restores_nothing_and_says_so(tmp_path: Path, spoil: object, says: str) -> None:
    file = tmp_path / "backup"
    filled, empty = (session.open_engine(f"sqlite:///{tmp_path / name}.db") for name in ("filled", "empty"))
    schema.migrate(filled)
    with session.transactions(filled)() as opened:
        a_change(opened)
    dumps.write(filled, file)
    file.write_bytes(spoil(file.read_bytes()))  # type: ignore[operator]
    with pytest.raises(StoreError, match=says):
        dumps.restore(empty, file)
    schema.migrate(empty)
    assert everything(empty) == []


def test_a_backup_that_cannot_be_written_leaves_the_old_one(filled: Engine, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        dumps.write(filled, tmp_path / "missing" / "backup")
    assert list(tmp_path.glob("**/*.part")) == []
