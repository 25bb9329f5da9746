"""INSERT that knows ON CONFLICT, which SQLAlchemy has for each database apart."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import Insert, Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, make_transient_to_detached

from server.store.tables import Base

Row = TypeVar("Row", bound=Base)


def store(session: Session, row: Row) -> Row:
    """Inserts a new row, whose id the database makes, at once; gives it as if it had been loaded.

    The session's own way costs three times as much. What is not set is asked for when it is wanted; stamps are the
    caller's.
    """
    table = cast("Table", row.__table__)
    values = {column.key: row.__dict__[column.key] for column in table.c if column.key in row.__dict__}
    cast("Any", row).id = session.connection().execute(_storing(table), values).scalar_one()
    make_transient_to_detached(row)
    session.add(row)
    return row


@cache
def _storing(table: Table) -> Insert:
    return insert(table).returning(table.c.id)


def insert_into(session: Session, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """The INSERT of the session's database."""
    return insert_of(session.get_bind().dialect.name, table)


def insert_of(dialect: str, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """The INSERT of a database by its name."""
    return (sqlite.insert if dialect == "sqlite" else postgresql.insert)(table)
