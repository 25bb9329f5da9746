"""The dead-man's alarm: one notice when something falls silent, one when it is back, none for what only rests."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from server.flows import alarm
from server.store import chats, outbox, sources
from server.store.session import Transaction
from server.store.tables_people import DeliveryRow, NoticeRow
from tests.fakes import FakeClock

OPERATOR = 77
SIX = timedelta(hours=6)


class Watch:
    """Sources that answer or fail, and an alarm that is checked."""

    def __init__(self, transaction: Transaction, clock: FakeClock) -> None:
        self.transaction, self.clock, self.up_since = transaction, clock, clock.now()

    def look(self, family: str, *, fails: bool = False) -> None:
        """One look at a source of that family."""
        with self.transaction() as session:
            now = self.clock.now()
            row = sources.ensure(session, f"{family}:x", family=family, platform="x", url="https://x/", now=now)
            if fails:
                sources.note_failure(row, now, SIX, "unreachable", None)
            else:
                sources.note_success(row, now, SIX)

    def send(self) -> None:
        """Telegram takes everything."""
        with self.transaction() as session:
            session.execute(update(DeliveryRow).values(state="sent", sent_at=self.clock.now()))

    def check(self, *, sends: bool = True) -> list[str]:
        """What the alarm says now, cut to its first word and what it is about."""
        with self.transaction() as session:
            said = alarm.check(session, self.clock.now(), up_since=self.up_since, poll_every=SIX, operators=[OPERATOR])
        if sends:
            self.send()
        return [text.split(" silent since")[0].split(" no longer")[0] for text in said]


@pytest.fixture
def watch(transaction: Transaction, clock: FakeClock) -> Watch:
    """Pages and feeds that have just answered."""
    made = Watch(transaction, clock)
    made.look("page")
    made.look("feed")
    return made


def test_a_silence_is_told_once_and_so_is_its_end(watch: Watch) -> None:
    watch.clock.move(hours=15)
    assert watch.check() == ["Alarm: polling"]
    watch.clock.move(hours=1)
    assert watch.check() == [], "told already"
    watch.look("page")
    assert watch.check() == ["All clear: polling"]
    assert watch.check() == []
    watch.clock.move(hours=15)
    assert watch.check() == ["Alarm: polling"], "a second silence is news again"
    with watch.transaction() as session:
        assert set(session.scalars(select(DeliveryRow.chat_id))) == {OPERATOR}
        assert len(session.scalars(select(NoticeRow)).all()) == 3


def test_a_family_that_only_fails_is_silent_though_others_answer(watch: Watch) -> None:
    for _ in range(6):
        watch.clock.move(hours=6)
        watch.look("page")
        watch.look("feed", fails=True)
    assert watch.check() == ["Alarm: sources/feed"]
    watch.look("feed")
    assert watch.check() == ["All clear: sources/feed"]


@pytest.mark.parametrize("hours", [1, 6, 13])
def test_an_ordinary_pause_is_silent(watch: Watch, hours: int) -> None:
    watch.clock.move(hours=hours)
    assert watch.check() == []


def test_a_machine_that_slept_looks_before_it_cries(watch: Watch) -> None:
    watch.clock.move(days=30)
    watch.up_since = watch.clock.now() - timedelta(minutes=5)
    assert watch.check() == []
    watch.look("page")
    watch.look("feed")
    watch.clock.move(hours=1)
    assert watch.check() == []


def test_an_outbox_that_sends_nothing_is_an_alarm(watch: Watch) -> None:
    with watch.transaction() as session:
        chats.ensure(session, OPERATOR, "private", "en", watch.clock.now())
        outbox.broadcast(session, "k", "words", watch.clock.now())
    watch.clock.move(minutes=50)
    assert watch.check(sends=False) == []
    watch.clock.move(minutes=20)
    assert watch.check(sends=False) == ["Alarm: outbox"]
    watch.send()
    assert watch.check() == ["All clear: outbox"]


def test_an_outbox_that_is_long_but_moves_is_no_alarm(watch: Watch) -> None:
    with watch.transaction() as session:
        for chat in (OPERATOR, 78):
            chats.ensure(session, chat, "private", "en", watch.clock.now())
        outbox.broadcast(session, "k", "words", watch.clock.now())
    watch.clock.move(hours=3)
    with watch.transaction() as session:
        row = session.scalars(select(DeliveryRow).limit(1)).one()
        row.state, row.sent_at = "sent", watch.clock.now()
    watch.clock.move(minutes=10)
    assert watch.check() == []


def test_a_new_instance_is_not_silent(transaction: Transaction, clock: FakeClock) -> None:
    watch = Watch(transaction, clock)
    clock.move(days=3)
    assert watch.check() == []
