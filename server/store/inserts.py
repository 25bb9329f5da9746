"""INSERT that knows ON CONFLICT, which SQLAlchemy has for each database apart."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.store.tables import Base


def insert_into(session: Session, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """The INSERT of the session's database."""
    return insert_of(session.get_bind().dialect.name, table)


def insert_of(dialect: str, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """The INSERT of a database by its name."""
    return (sqlite.insert if dialect == "sqlite" else postgresql.insert)(table)
