"""Opening the database: the same code path for SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from server.core.errors import StoreError
from server.store import stamps

Transaction = Callable[[], AbstractContextManager[Session]]
"""`with transaction() as session:` commits at the end, rolls back on an error."""


def open_engine(url: str) -> Engine:
    """An engine for `url`. SQLite gets WAL, foreign keys and a patient lock; raises StoreError when unusable."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _open_sqlite(url, address.database)
    return create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=10, connect_args={"connect_timeout": 5})


def _open_sqlite(url: str, file: str | None) -> Engine:
    if file and file != ":memory:":
        try:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
        except OSError as why:
            raise StoreError(
                f"Cannot create the folder of {file}: {why.strerror}. Set CLAUSEWATCH_DATA or DATABASE_URL."
            ) from why
    engine = create_engine(url, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's own BEGIN below, so that writers queue instead of failing
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def transactions(engine: Engine) -> Transaction:
    """Write transactions. SQLite takes the write lock at once: what was read is not stale when it is written."""
    bound = engine.execution_options(sqlite_begin="IMMEDIATE") if engine.dialect.name == "sqlite" else engine
    maker = sessionmaker(bound, expire_on_commit=False)
    stamps.watch(maker)
    return maker.begin


def snapshots(engine: Engine) -> Transaction:
    """Read transactions: they never wait for writers."""
    return sessionmaker(engine, expire_on_commit=False).begin


def check(engine: Engine) -> None:
    """Whether the database answers. Raises StoreError with one line that says what to do."""
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as why:
        cause = str(getattr(why, "orig", why)).strip().splitlines()[0]
        shown = engine.url.render_as_string(hide_password=True)
        raise StoreError(
            f"The database {shown} does not answer ({cause}). Check DATABASE_URL, or that it runs."
        ) from why
