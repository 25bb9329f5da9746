"""The table of stamps."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from server.store.tables import Base


class StampRow(Base):
    """A number that grows whenever what is known of a platform changes; the empty id stands for all of them."""

    __tablename__ = "stamps"

    platform: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[int]
