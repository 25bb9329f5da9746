"""What the web pages and the API answer from; wiring hands it in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import current_app
from redis import Redis

from server.catalogue import Catalogue
from server.flows.ports import Clock, Queue
from server.flows.suggest import Reach
from server.settings import Settings
from server.sources import addresses
from server.store.session import Transaction


@dataclass(frozen=True, slots=True)
class Context:
    """Settings, catalogue, clock, database and queue for one web process."""

    settings: Settings
    catalogue: Catalogue
    clock: Clock
    read: Transaction
    write: Transaction
    queue: Queue
    checks: tuple[tuple[str, Callable[[], object]], ...] = ()
    """What /readyz tries: a name, and a call that raises when the thing does not work."""
    reach: Reach = addresses.reach
    """Raises SourceError unless a host name leads to public addresses only."""
    redis: Redis | None = None
    """Where all web processes count requests together; None: each counts its own."""

    @property
    def public_url(self) -> str:
        """Where people reach this server."""
        return self.settings.public_url or f"http://127.0.0.1:{self.settings.port}"


def context() -> Context:
    """The context of the application that answers this request."""
    return cast(Context, current_app.extensions["clausewatch"])
