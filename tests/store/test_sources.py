"""Sources: workers that start at the same moment make each of them once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

from server.store import sources, versions
from server.store.session import Transaction

NOW = datetime(2026, 1, 7, 12, tzinfo=UTC)
WORKERS, ROUNDS = 4, 20


def test_a_source_and_its_stream_are_made_once_however_many_begin_with_it(transaction: Transaction) -> None:
    together = Barrier(WORKERS)

    def begin(_: int) -> None:
        for number in range(ROUNDS):
            together.wait(30)
            with transaction() as session:
                document = f"many/t{number}"
                sources.ensure(session, f"page:{document}", family="page", platform="many", url="u", now=NOW)
                versions.lock_stream(session, document)

    with ThreadPoolExecutor(WORKERS) as pool:
        assert list(pool.map(begin, range(WORKERS))) == [None] * WORKERS
    with transaction() as session:
        assert len(sources.of_family(session, "page")) == ROUNDS
