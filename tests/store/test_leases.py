"""Leases: one holder at a time, each with a larger number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from server.core.errors import Busy
from server.store import leases, updates
from server.store.session import Transaction

NOW = datetime(2026, 1, 7, 12, tzinfo=UTC)
LASTS = timedelta(seconds=30)


def test_only_one_holds_it(transaction: Transaction) -> None:
    with transaction() as session:
        first = leases.take(session, "sender:1", "a", NOW, LASTS)
        with pytest.raises(Busy, match="in use by a"):
            leases.take(session, "sender:1", "b", NOW + LASTS / 2, LASTS)
        assert leases.take(session, "sender:1", "a", NOW, LASTS) == first


def test_it_ends_by_time_or_when_it_is_given_back(transaction: Transaction) -> None:
    with transaction() as session:
        first = leases.take(session, "sender:1", "a", NOW, LASTS)
        second = leases.take(session, "sender:1", "b", NOW + LASTS, LASTS)
        assert second.fence == first.fence + 1
        leases.release(session, first)  # no longer the holder: changes nothing
        with pytest.raises(Busy):
            leases.take(session, "sender:1", "c", NOW + LASTS, LASTS)
        leases.release(session, second)
        assert leases.take(session, "sender:1", "c", NOW + LASTS, LASTS).fence == 3


def test_a_former_holder_learns_that_it_is_none(transaction: Transaction) -> None:
    with transaction() as session:
        first = leases.take(session, "sender:1", "a", NOW, LASTS)
        leases.renew(session, first, NOW + LASTS / 2, LASTS)
        leases.take(session, "sender:1", "b", NOW + 2 * LASTS, LASTS)
        with pytest.raises(Busy, match="taken over by b"):
            leases.renew(session, first, NOW + 2 * LASTS, LASTS)


def test_a_shorter_pause_does_not_end_a_longer_one(transaction: Transaction) -> None:
    with transaction() as session:
        leases.ensure(session, "sender:1", NOW)
        leases.pause(session, "sender:1", NOW + LASTS, "429")
        leases.pause(session, "sender:1", NOW + LASTS / 2, "429")
        assert leases.paused_until(session, "sender:1") == (NOW + LASTS, "429")


def test_an_update_is_kept_once_and_wiped_when_handled(transaction: Transaction) -> None:
    with transaction() as session:
        assert updates.keep(session, 7, {"update_id": 7, "message": "secret"}, NOW)
        assert not updates.keep(session, 7, {"update_id": 7}, NOW)
        assert [row.id for row in updates.waiting(session, 10)] == [7]
        updates.done(session, 7, NOW)
        assert updates.waiting(session, 10) == []
        assert not updates.keep(session, 7, {"update_id": 7}, NOW)
        updates.prune(session, NOW + timedelta(days=3))
        assert updates.keep(session, 7, {"update_id": 7}, NOW)


def test_an_update_that_fails_again_and_again_is_given_up(transaction: Transaction) -> None:
    with transaction() as session:
        updates.keep(session, 1, {}, NOW)
        assert [updates.begin(session, 1) for _ in range(4)] == [True, True, True, False]
