"""Keys: made once, the same for all processes, and never in a backup."""

from __future__ import annotations

import gzip
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import Engine

from server.store import dumps, keys, session
from server.store.session import Transaction


def ensure(write: Transaction, name: str) -> str:
    """The key in a transaction of its own."""
    with write() as opened:
        return keys.ensure(opened, name)


def test_a_key_is_made_once_and_stays(engine: Engine) -> None:
    first = ensure(session.transactions(engine), "sessions")
    assert len(first) >= 43
    assert ensure(session.transactions(engine), "sessions") == first
    assert ensure(session.transactions(engine), "other") != first


def test_processes_that_start_together_agree(transaction: Transaction) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: ensure(transaction, "sessions"), range(16)))
    assert len(found) == 1


def test_a_backup_holds_no_key_and_fits_where_one_was_made(engine: Engine, tmp_path: Path) -> None:
    write = session.transactions(engine)
    secret = ensure(write, "sessions")
    dumps.write(engine, tmp_path / "all.gz")
    assert secret not in gzip.decompress((tmp_path / "all.gz").read_bytes()).decode()
    dumps.restore(engine, tmp_path / "all.gz")
    assert ensure(write, "sessions") == secret
