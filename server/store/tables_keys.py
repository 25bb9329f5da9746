"""The table of keys."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from server.store.tables import Base


class KeyRow(Base):
    """A secret that this server made for itself, so that all its processes have the same and restarts keep it."""

    __tablename__ = "keys"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    secret: Mapped[str] = mapped_column(String(100))
