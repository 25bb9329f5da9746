"""A database for flows that would do the same on every kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.store import schema, session
from server.store.session import Transaction


@pytest.fixture
def write(tmp_path: Path) -> Iterator[Transaction]:
    """An empty one; where the kind could matter, `transaction` tries both."""
    engine = session.open_engine(f"sqlite:///{tmp_path / 'history.db'}")
    schema.migrate(engine)
    yield session.transactions(engine)
    engine.dispose()
