"""Databases with all tables and no row. The migrations run once in a test process: they cost more than most tests."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import Engine, text

from server.store import schema, session

_OTHERS = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = :it AND pid <> pg_backend_pid()"
_COUNT_ANEW = "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences"


@cache
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="cwdb-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    engine = session.open_engine(f"sqlite:///{folder / 'template.db'}")
    schema.migrate(engine)
    engine.dispose()
    return folder / "template.db"


def sqlite(file: Path) -> str:
    """The address of a new SQLite database in that file."""
    shutil.copyfile(_template(), file)
    return f"sqlite:///{file}"


def clear(engine: Engine) -> None:
    """Makes a migrated PostgreSQL database as new: nobody is in it, no row is left, ids begin at 1."""
    with engine.begin() as connection:
        connection.execute(text(_OTHERS), {"it": engine.url.database})
        for table in reversed(schema.METADATA.sorted_tables):
            connection.execute(table.delete())
        connection.execute(text(_COUNT_ANEW))
