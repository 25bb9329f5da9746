"""A database for flows that would do the same on every kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.store import session
from server.store.session import Transaction
from tests import databases


@pytest.fixture
def write(tmp_path: Path) -> Iterator[Transaction]:
    """An empty one; where the kind could matter, `transaction` tries both."""
    engine = session.open_engine(databases.sqlite(tmp_path / "history.db"))
    yield session.transactions(engine)
    engine.dispose()
