"""The sender's view of the outbox: taken in order, one in flight for a chat, settled only by its lease's holder."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.store import chats, deliveries, follows, outbox
from server.store.session import Transaction
from server.store.tables_people import ChatRow, DeliveryRow
from tests.store.test_outbox import NOW, a_change, a_follower

SOON = timedelta(seconds=5)


def take(session: Session, at: datetime = NOW, fence: int = 1, limit: int = 10) -> list[deliveries.Taken]:
    """Takes what is due, the real time being `at`."""
    return deliveries.take(session, NOW, at, limit, fence)


def a_backlog(session: Session, chats_: int = 2, notices: int = 2) -> None:
    """Some chats that are each to get some notices."""
    for chat in range(1, chats_ + 1):
        a_follower(session, chat)
    for number in range(notices):
        outbox.fan_out(session, a_change(session, key=f"k{number}"), NOW)


def test_a_chat_gets_its_rows_one_at_a_time_in_order_and_spaced(transaction: Transaction) -> None:
    with transaction() as session:
        a_backlog(session)
        first = take(session)
        assert sorted(taken.chat for taken in first) == [1, 2]
        assert take(session) == []
        second = take(session, NOW + timedelta(seconds=1))
        assert sorted(taken.chat for taken in second) == [1, 2]
        assert {t.notices for t in second} > set() and all(t.notices > first[0].notices for t in second)


def test_a_group_waits_three_seconds(transaction: Transaction) -> None:
    with transaction() as session:
        a_follower(session, -1, kind="group")
        for key in "ab":
            outbox.fan_out(session, a_change(session, key=key), NOW)
        assert len(take(session)) == 1
        assert take(session, NOW + timedelta(seconds=2.9)) == []
        assert len(take(session, NOW + timedelta(seconds=3))) == 1


def test_a_retry_holds_back_what_follows_in_the_same_chat_only(transaction: Transaction) -> None:
    with transaction() as session:
        a_backlog(session)
        first, other = sorted(take(session), key=lambda taken: taken.chat)
        deliveries.again(session, first, NOW + timedelta(minutes=1), "no answer", 1)
        deliveries.sent(session, [(other, 77)], NOW, 1)
        assert [taken.chat for taken in take(session, NOW + SOON)] == [2]
        again = take(session, NOW + timedelta(minutes=1))
        assert [(taken.chat, taken.notices, taken.tries) for taken in again if taken.chat == 1] == [
            (1, first.notices, 2)
        ]


def test_urgent_goes_before_ordinary_and_the_public_channel_before_all(transaction: Transaction) -> None:
    with transaction() as session:
        a_follower(session, 1, level="notable")
        a_follower(session, -9, kind="channel", public=True)
        a_follower(session, 2, scope="platform:bandcamp", level="notable")
        outbox.fan_out(session, a_change(session, key="n", level="notable", platform="bandcamp"), NOW)
        outbox.fan_out(session, a_change(session, key="m"), NOW)
        assert [taken.chat for taken in take(session)] == [-9, 1, 2]


def test_a_digest_is_one_message(transaction: Transaction) -> None:
    with transaction() as session:
        a_follower(session, 1, digest="daily")
        for key in "abc":
            outbox.fan_out(session, a_change(session, key=key), NOW)
        tomorrow = NOW + timedelta(days=1)
        (taken,) = deliveries.take(session, tomorrow, tomorrow, 10, 1)
        assert taken.digest and len(taken.ids) == 3
        deliveries.sent(session, [(taken, 5)], tomorrow, 1)
        assert {row.state for row in session.scalars(select(DeliveryRow))} == {"sent"}


def test_a_sender_that_lost_its_lease_changes_nothing(transaction: Transaction) -> None:
    with transaction() as session:
        a_backlog(session, 1, 1)
        (old,) = take(session, fence=1)
        assert deliveries.recover(session, 2) == 1
        (new,) = take(session, NOW + SOON, fence=2)
        deliveries.sent(session, [(old, 5)], NOW, 1)
        deliveries.dead(session, old, "late", 1)
        row = session.scalars(select(DeliveryRow)).one()
        session.refresh(row)
        assert (row.state, row.fence, row.tries) == ("sending", 2, 2)
        deliveries.sent(session, [(new, 6)], NOW, 2)
        session.refresh(row)
        assert (row.state, row.message_id) == ("sent", 6)


def test_what_is_in_flight_under_the_present_lease_is_not_recovered(transaction: Transaction) -> None:
    with transaction() as session:
        a_backlog(session, 1, 1)
        take(session, fence=3)
        assert deliveries.recover(session, 3) == 0


def test_a_blocked_chat_gets_nothing_until_it_wakes_and_then_only_what_is_new(transaction: Transaction) -> None:
    with transaction() as session:
        a_backlog(session)
        chats.block(session, 1, "blocked")
        assert [taken.chat for taken in take(session)] == [2]
        outbox.fan_out(session, a_change(session, key="meanwhile"), NOW)
        chats.wake(session, 1)
        outbox.fan_out(session, a_change(session, key="new"), NOW)
        mine = [taken for taken in take(session, NOW + SOON) if taken.chat == 1]
        newest = outbox.progress(session)[0]["id"]
        assert [taken.notices for taken in mine] == [(newest,)]


def test_a_migrated_group_keeps_everything_under_its_new_id(transaction: Transaction) -> None:
    with transaction() as session:
        a_follower(session, -5, kind="group")
        outbox.fan_out(session, a_change(session), NOW)
        chats.rename(session, -5, -100500)
        assert [taken.chat for taken in take(session)] == [-100500]
        assert session.get(ChatRow, -5) is None
        assert [row.scope for row in follows.of_chat(session, -100500)] == ["platform:soundcloud"]


def test_a_migrated_group_merges_with_what_the_supergroup_has(transaction: Transaction) -> None:
    with transaction() as session:
        a_follower(session, -5, kind="group")
        a_follower(session, -100500, kind="supergroup")
        follows.add(session, -5, 0, "all", NOW)
        outbox.fan_out(session, a_change(session), NOW)
        chats.rename(session, -5, -100500)
        assert [row.scope for row in follows.of_chat(session, -100500)] == ["all", "platform:soundcloud"]
        assert len(session.scalars(select(DeliveryRow)).all()) == 1


def test_forgetting_a_chat_leaves_nothing(transaction: Transaction) -> None:
    with transaction() as session:
        a_backlog(session)
        assert chats.forget(session, 1) == {"chats": 0, "follows": 0, "deliveries": 0}
        assert {row.chat_id for row in session.scalars(select(DeliveryRow))} == {2}


def test_the_real_clock_spaces_while_the_other_stands_still(transaction: Transaction) -> None:
    with transaction() as session:
        a_backlog(session, 1, 2)
        assert len(deliveries.take(session, NOW, datetime.now(UTC), 10, 1)) == 1
        assert deliveries.take(session, NOW, datetime.now(UTC), 10, 1) == []
        assert len(deliveries.take(session, NOW, datetime.now(UTC) + SOON, 10, 1)) == 1
