"""INSERT that knows ON CONFLICT, which SQLAlchemy has for each database apart."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.store.tables import Base


def insert_into(session: Session, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """The INSERT of the session's database."""
    known = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    return known(table)
