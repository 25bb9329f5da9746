"""The outbox: filled once, for those who want it, at the time they want it; each chat's rows in order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.flows import subscribe
from server.store import deliveries, follows, outbox
from server.store.session import Transaction
from server.store.tables import ChangeRow, VersionRow
from server.store.tables_people import ChatRow, DeliveryRow, FollowRow

NOW = datetime(2026, 1, 7, 12, tzinfo=UTC)


def a_change(session: Session, **fields: object) -> ChangeRow:
    """A stored change of SoundCloud's terms."""
    key = str(fields.get("key", "k"))
    versions = [
        VersionRow(document="soundcloud/terms", wording=f"{key}{n}", text="t", first_seen=NOW, last_seen=NOW)
        for n in (1, 2)
    ]
    session.add_all(versions)
    session.flush()
    values: dict[str, object] = {
        "key": key,
        "platform": "soundcloud",
        "document": "soundcloud/terms",
        "level": "material",
        "kind": "training",
        "direction": "worse",
        "origin": "live",
        "happened_to": NOW,
        "found_at": NOW,
    }
    row = ChangeRow(before_id=versions[0].id, after_id=versions[1].id, state="published", **(values | fields))
    session.add(row)
    session.flush()
    return row


def a_follower(session: Session, chat: int, scope: str = "platform:soundcloud", **fields: object) -> None:
    """A chat that follows something."""
    about_chat = {k: fields.pop(k) for k in ("time_zone", "state", "kind", "public") if k in fields}
    session.add(ChatRow(id=chat, created_at=NOW, **about_chat))
    session.flush()
    session.add(FollowRow(chat_id=chat, scope=scope, rank=follows.rank(scope), created_at=NOW, **fields))
    session.flush()


HEARS = [
    ("follower of the platform", {}, {}, True),
    ("follower of another", {"scope": "platform:bandcamp"}, {}, False),
    ("follower of all", {"scope": "all"}, {}, True),
    ("follower of the category", {"scope": "category:music"}, {}, True),
    ("follower of another category", {"scope": "category:video"}, {}, False),
    ("material follower, notable change", {}, {"level": "notable"}, False),
    ("notable follower, notable change", {"level": "notable"}, {"level": "notable"}, True),
    ("notable follower, material change", {"level": "notable"}, {}, True),
    ("noise is nobody's business", {"level": "notable"}, {"level": "noise"}, False),
    ("back-filled changes are no news", {}, {"origin": "backfill"}, False),
    ("held changes wait", {}, {"state": "held"}, False),
    ("only what gets better", {"direction": "better"}, {}, False),
    ("only what gets worse", {"direction": "worse"}, {}, True),
    ("only these kinds, and it is one", {"kinds": ",training,sharing,"}, {}, True),
    ("only these kinds, and it is none", {"kinds": ",sharing,"}, {}, False),
    ("blocked chats are left alone", {"state": "blocked"}, {}, False),
]


@pytest.mark.parametrize(("who", "follow", "change", "hears"), HEARS, ids=[case[0] for case in HEARS])
def test_who_hears(
    transaction: Transaction, who: str, follow: dict[str, object], change: dict[str, object], hears: bool
) -> None:
    with transaction() as session:
        a_follower(session, 1, **dict(follow))  # type: ignore[arg-type]
        row = a_change(session, **{k: v for k, v in change.items() if k != "state"})
        row.state = str(change.get("state", "published"))
        assert outbox.fan_out(session, row, NOW, category="music") == int(hears)


def test_a_second_fan_out_adds_nothing(transaction: Transaction) -> None:
    with transaction() as session:
        a_follower(session, 1)
        row = a_change(session)
        assert outbox.fan_out(session, row, NOW) == 1
        assert outbox.fan_out(session, row, NOW) == 1
        assert len(session.scalars(select(DeliveryRow)).all()) == 1


def test_two_ways_of_following_are_one_notice(transaction: Transaction) -> None:
    with transaction() as session:
        a_follower(session, 1)
        follows.add(session, 1, 0, "all", NOW)
        assert outbox.fan_out(session, a_change(session), NOW) == 1


def test_the_narrowest_subscription_decides(transaction: Transaction) -> None:
    with transaction() as session:
        a_follower(session, 1, scope="all", level="notable")
        follows.add(session, 1, 0, "platform:soundcloud", NOW).direction = "better"
        assert outbox.fan_out(session, a_change(session), NOW) == 0
        assert outbox.fan_out(session, a_change(session, key="b", direction="better"), NOW) == 1


def test_each_topic_of_a_group_is_told_for_itself(transaction: Transaction) -> None:
    with transaction() as session:
        a_follower(session, -5, kind="supergroup", thread=7)
        follows.add(session, -5, 8, "all", NOW)
        follows.add(session, -5, 9, "platform:bandcamp", NOW)
        outbox.fan_out(session, a_change(session), NOW)
        assert sorted(row.thread for row in session.scalars(select(DeliveryRow))) == [7, 8]


def test_quiet_hours_and_digests_set_when_it_is_due(transaction: Transaction) -> None:
    with transaction() as session:
        a_follower(session, 1)
        a_follower(session, 2, quiet_from=11 * 60, quiet_to=14 * 60)
        a_follower(session, 3, digest="daily")
        a_follower(session, 4, digest="weekly", time_zone="Europe/Berlin")
        outbox.fan_out(session, a_change(session), NOW)
        due = {row.chat_id: row.due_at for row in session.scalars(select(DeliveryRow))}
    assert due == {
        1: NOW,
        2: NOW.replace(hour=14),
        3: NOW.replace(day=8, hour=9),
        4: NOW.replace(day=12, hour=8),
    }


def test_what_is_not_due_yet_or_paused_is_not_taken(transaction: Transaction) -> None:
    later = NOW + timedelta(days=2)
    with transaction() as session:
        a_follower(session, 1, digest="daily")
        outbox.fan_out(session, a_change(session), NOW)
        assert deliveries.take(session, NOW, NOW, 10, fence=1) == []
        notice = outbox.progress(session)[0]["id"]
        assert outbox.set_state(session, notice, outbox.PAUSED)
        assert deliveries.take(session, later, later, 10, fence=1) == []
        assert outbox.set_state(session, notice, outbox.OPEN)
        assert len(deliveries.take(session, later, later, 10, fence=1)) == 1


def test_an_abandoned_notice_stays_abandoned(transaction: Transaction) -> None:
    with transaction() as session:
        a_follower(session, 1)
        notice = outbox.broadcast(session, "k", "Hello", NOW).id
        assert outbox.set_state(session, notice, outbox.ABANDONED)
        assert not outbox.set_state(session, notice, outbox.OPEN)
        assert outbox.count(session, notice, outbox.DEAD) == 1
        assert not outbox.set_state(session, 999, outbox.PAUSED)
        draft = outbox.draft(session, "d", "Not yet", NOW).id
        assert not outbox.set_state(session, draft, outbox.OPEN), "a draft is sent by its own button"


def test_a_withdrawn_change_is_corrected_to_those_who_were_told(transaction: Transaction) -> None:
    with transaction() as session:
        a_follower(session, 1)
        a_follower(session, 2)
        change = a_change(session)
        outbox.fan_out(session, change, NOW)
        row = session.scalars(select(DeliveryRow).where(DeliveryRow.chat_id == 1)).one()
        row.state = outbox.SENT
        session.flush()
        assert outbox.take_back(session, change, "It was a mistake of ours.", NOW) == 1
        states = {(r.chat_id, r.state) for r in session.scalars(select(DeliveryRow))}
    assert states == {(1, "sent"), (1, "due"), (2, "dead")}


def test_a_paused_notice_that_may_have_arrived_is_corrected_too(transaction: Transaction) -> None:
    with transaction() as session:
        a_follower(session, 1)
        change = a_change(session)
        outbox.fan_out(session, change, NOW)
        session.scalars(select(DeliveryRow)).one().tries = 1
        assert outbox.set_state(session, outbox.progress(session)[0]["id"], outbox.PAUSED)
        assert outbox.take_back(session, change, "It was a mistake of ours.", NOW) == 1


def waiting(session: Session, chat: int) -> list[tuple[datetime, bool]]:
    """When what waits for a chat is due, and whether in a digest."""
    session.flush()
    session.expire_all()
    rows = session.scalars(select(DeliveryRow).where(DeliveryRow.chat_id == chat, DeliveryRow.state == outbox.DUE))
    return [(row.due_at, row.digest) for row in sorted(rows, key=lambda row: row.id)]


def two_who_wait(session: Session, digest: str) -> None:
    """Chats 1 and 2, for whom a change waits until their digest; an operator's words are due at once."""
    a_follower(session, 1, digest=digest)
    a_follower(session, 2, digest=digest)
    outbox.fan_out(session, a_change(session), NOW)
    outbox.broadcast(session, "k", "Hello", NOW)


def test_whoever_unfollows_is_not_told_what_was_waiting(transaction: Transaction) -> None:
    with transaction() as session:
        two_who_wait(session, "daily")
        subscribe.unfollow(session, subscribe.Place(1), "platform:soundcloud")
        assert waiting(session, 1) == [(NOW, False)], "an operator's words are for everybody"
        assert len(waiting(session, 2)) == 2


def test_whoever_unfollows_a_platform_but_follows_all_is_told(transaction: Transaction) -> None:
    with transaction() as session:
        a_follower(session, 1, digest="daily")
        follows.add(session, 1, 0, "all", NOW)
        outbox.fan_out(session, a_change(session), NOW)
        subscribe.unfollow(session, subscribe.Place(1), "platform:soundcloud")
        assert len(waiting(session, 1)) == 1


def test_what_waits_follows_the_wishes_of_today(transaction: Transaction) -> None:
    with transaction() as session:
        two_who_wait(session, "weekly")
        follows.of_chat(session, 1)[0].digest = "daily"
        outbox.wait_anew(session, 1, NOW)
        assert waiting(session, 1) == [(NOW.replace(day=8, hour=9), True), (NOW, False)]
        follows.of_chat(session, 1)[0].digest = "instant"
        outbox.wait_anew(session, 1, NOW)
        assert waiting(session, 1) == [(NOW, False), (NOW, False)]
        assert waiting(session, 2) == [(NOW.replace(day=12, hour=9), True), (NOW, False)]


def test_an_operators_words_wait_for_quiet_hours_but_for_no_digest(transaction: Transaction) -> None:
    with transaction() as session:
        a_follower(session, 1, digest="weekly")
        a_follower(session, 2, quiet_from=11 * 60, quiet_to=14 * 60)
        follows.add(session, 2, 0, "platform:bandcamp", NOW)
        outbox.broadcast(session, "k", "Back soon", NOW)
        due = {row.chat_id: row.due_at for row in session.scalars(select(DeliveryRow))}
    assert due == {1: NOW, 2: NOW.replace(hour=14)}
