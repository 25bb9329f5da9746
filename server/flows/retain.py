"""Retain: which raw bytes are kept as evidence, and which go after a while."""

from __future__ import annotations

from datetime import timedelta

from server.flows.ports import Clock
from server.store import captures
from server.store.session import Transaction


def retain(write: Transaction, clock: Clock, keep: timedelta) -> int:
    """Drops some raw bytes that are older than `keep` and prove nothing more; gives how many captures lost theirs.

    The first and the last capture of each version that came into force keep their bytes for good, and every capture
    its row. A `keep` of zero drops nothing.
    """
    if not keep:
        return 0
    with write() as session:
        return captures.forget_bytes(session, clock.now() - keep)
