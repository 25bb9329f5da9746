"""Whole databases as rows: one format for SQLite and PostgreSQL, so that a backup of one restores into the other."""

from __future__ import annotations

import base64
import gzip
import json
import os
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, LargeBinary, Table, column, func, insert, inspect, select, table, text

from server.core.errors import StoreError
from server.store import schema
from server.store.tables import UtcDateTime
from server.store.tables_keys import KeyRow
from server.store.tables_operation import HeartbeatRow, OperatorSessionRow

FORMAT = 1
AT_ONCE = 200
"""Rows held in memory."""

_LEFT_OUT = {KeyRow.__tablename__, HeartbeatRow.__tablename__, OperatorSessionRow.__tablename__}
"""A backup that gets lost must not sign for us or let anybody in; where it is restored nobody lives or is logged in."""

Row = tuple[str, dict[str, Any]]
"""The name of a table, and its columns' values."""


def rows(engine: Engine) -> Iterator[Row]:
    """Every row of one moment, tables that others refer to first. Writers go on meanwhile."""
    _refuse_old(engine)
    level = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with engine.connect().execution_options(**level) as connection:
        for each in _kept_tables():
            result = connection.execution_options(yield_per=AT_ONCE).execute(select(each))
            yield from ((each.name, dict(row)) for row in result.mappings())


def _kept_tables() -> list[Table]:
    return [each for each in schema.METADATA.sorted_tables if each.name not in _LEFT_OUT]


def _refuse_old(engine: Engine) -> None:
    if not schema.is_current(engine):
        raise StoreError(
            "The database is not at the newest migration. Run `clausewatch migrate` first.", permanent=True
        )


def write(engine: Engine, file: Path) -> int:
    """Writes a backup, whole or not at all, readable by its owner only; gives the number of rows."""
    half = file.with_name(file.name + ".part")
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw:
            with gzip.open(raw, "wt", encoding="utf-8", compresslevel=6) as lines:
                number = _write_lines(engine, lines)
            raw.flush()
            os.fsync(raw.fileno())
        half.replace(file)
    except OSError as why:
        raise StoreError(f"{file} cannot be written ({why.strerror or why}). Choose another place.") from why
    finally:
        half.unlink(missing_ok=True)
    return number


def _write_lines(engine: Engine, lines: Any) -> int:
    number = 0
    head = {"clausewatch": FORMAT, "migration": schema.current(engine)}
    lines.write(json.dumps(head) + "\n")
    for name, values in rows(engine):
        lines.write(json.dumps([name, values], default=_packed) + "\n")
        number += 1
    lines.write(json.dumps({"rows": number}) + "\n")
    return number


def _packed(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    assert isinstance(value, datetime), value
    return value.isoformat()


def restore(engine: Engine, file: Path) -> int:
    """Fills an empty database from a backup, all or nothing; gives the number of rows."""
    try:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            head = json.loads(lines.readline() or "null")
            if not isinstance(head, dict) or head.get("clausewatch") != FORMAT:
                raise StoreError(f"{file} is not a backup of Clausewatch.", permanent=True)
            return load(engine, head["migration"], _read_lines(file, lines))
    except (OSError, EOFError, zlib.error, ValueError) as why:
        raise StoreError(f"{file} cannot be read ({why}). Nothing was restored.", permanent=True) from why


def _read_lines(file: Path, lines: Iterable[str]) -> Iterator[Row]:
    for number, line in enumerate(lines):
        found = json.loads(line)
        if isinstance(found, dict):
            if found["rows"] == number:
                return
            break
        name, values = found
        yield name, {key: _unpacked(name, key, value) for key, value in values.items()}
    raise StoreError(f"{file} ends too early: the backup is not whole. Nothing was restored.", permanent=True)


def _unpacked(name: str, key: str, value: Any) -> Any:
    known = schema.METADATA.tables.get(name)
    kind = known.c[key].type if known is not None and key in known.c else None
    if value is None:
        return None
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    return datetime.fromisoformat(value) if isinstance(kind, UtcDateTime) else value


def load(engine: Engine, migration: str, rows: Iterable[Row]) -> int:
    """Puts rows into an empty database and brings it to the newest migration; gives their number."""
    if migration not in schema.known():
        raise StoreError("The backup was made by a newer Clausewatch. Update this one first.", permanent=True)
    _refuse_full(engine)
    schema.migrate(engine, migration)
    with engine.begin() as connection:
        number = sum(_load_table(connection, name, found) for name, found in groupby(rows, key=lambda row: row[0]))
        if engine.dialect.name == "postgresql":
            _go_on_counting(connection)
    schema.migrate(engine)
    return number


def _refuse_full(engine: Engine) -> None:
    present = set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        for each in _kept_tables():
            if each.name in present and connection.execute(select(each).limit(1)).first():
                shown = engine.url.render_as_string(hide_password=True)
                raise StoreError(f"{shown} holds data already. Name an empty database.", permanent=True)


def _load_table(connection: Connection, name: str, found: Iterable[Row]) -> int:
    number, batch = 0, []
    for _, values in found:
        batch.append(values)
        number += 1
        if len(batch) == AT_ONCE:
            connection.execute(_into(name, batch[0]), batch)
            batch = []
    if batch:
        connection.execute(_into(name, batch[0]), batch)
    return number


def _into(name: str, values: dict[str, Any]) -> Any:
    """An INSERT with the columns that the row has, which may be those of an older migration."""
    known: Table | None = schema.METADATA.tables.get(name)
    columns = [column(key, known.c[key].type if known is not None and key in known.c else None) for key in values]
    return insert(table(name, *columns))


def _go_on_counting(connection: Connection) -> None:
    """PostgreSQL's counters do not notice ids that were given."""
    for each in schema.METADATA.sorted_tables:
        for key in each.primary_key:
            counter = connection.scalar(select(func.pg_get_serial_sequence(each.name, key.name)))
            if counter:
                largest = connection.scalar(select(func.max(key)))
                connection.execute(
                    text("SELECT setval(:counter, :value, :used)"),
                    {"counter": counter, "value": largest or 1, "used": largest is not None},
                )
