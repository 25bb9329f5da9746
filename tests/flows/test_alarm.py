"""The dead-man's alarm: one notice when something falls silent, one when it is back, none for what only rests."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from server.flows import alarm
from server.flows.alarm import Watch
from server.store import chats, outbox, sources
from server.store.session import Transaction
from server.store.tables_people import DeliveryRow, NoticeRow
from tests.fakes import FakeClock

OPERATOR = 77
SIX = timedelta(hours=6)


class Telegram:
    """Hears what operators are told; away when it is told so."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.away = False

    def __call__(self, chat: int, text: str) -> bool:
        """What `Speak` does."""
        if not self.away:
            self.heard.append(f"{chat}: {text}")
        return not self.away


class Instance:
    """Sources that answer or fail, and processes that watch each other, by one movable clock."""

    def __init__(self, transaction: Transaction, clock: FakeClock) -> None:
        self.transaction, self.clock, self.telegram = transaction, clock, Telegram()
        self.web = self.process("web")

    def process(self, name: str, instance: str = "") -> Watch:
        """A process that has just started."""
        return Watch(
            process=name,
            instance=instance or name,
            write=self.transaction,
            clock=self.clock,
            speak=self.telegram,
            expected=["web", "worker", "clock"],
            operators=[OPERATOR],
            poll_every=SIX,
            wall=self.clock.now,
        )

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
        """Telegram takes everything that is due."""
        with self.transaction() as session:
            session.execute(update(DeliveryRow).values(state="sent", sent_at=self.clock.now()))

    def check(self) -> list[str]:
        """What the web process tells now, cut to its first word and what it is about."""
        self.web.beaten_at = self.clock.now()  # it has not slept
        return [_cut(text) for text in alarm.look(self.web)]


def _cut(text: str) -> str:
    return text.split(" silent since")[0].split(" no longer")[0]


@pytest.fixture
def watch(transaction: Transaction, clock: FakeClock) -> Instance:
    """Pages and feeds that have just answered."""
    made = Instance(transaction, clock)
    made.look("page")
    made.look("feed")
    return made


def test_a_silence_is_told_once_and_so_is_its_end(watch: Instance) -> None:
    watch.clock.move(hours=15)
    assert watch.check() == ["Alarm: polling"]
    watch.clock.move(hours=1)
    assert watch.check() == [], "told already"
    watch.look("page")
    assert watch.check() == ["All clear: polling"]
    assert watch.check() == []
    watch.clock.move(hours=15)
    assert watch.check() == ["Alarm: polling"], "a second silence is news again"
    assert len(watch.telegram.heard) == 3
    with watch.transaction() as session:
        assert session.scalars(select(NoticeRow)).all() == [], "alarms are no notices: those are public"


def test_a_family_that_only_fails_is_silent_though_others_answer(watch: Instance) -> None:
    for _ in range(6):
        watch.clock.move(hours=6)
        watch.look("page")
        watch.look("feed", fails=True)
    assert watch.check() == ["Alarm: sources/feed"]
    watch.look("feed")
    assert watch.check() == ["All clear: sources/feed"]


@pytest.mark.parametrize("hours", [1, 6, 13])
def test_an_ordinary_pause_is_silent(watch: Instance, hours: int) -> None:
    watch.clock.move(hours=hours)
    assert watch.check() == []


def test_a_machine_that_slept_looks_before_it_cries(watch: Instance) -> None:
    watch.clock.move(days=30)
    watch.web.up_since = watch.clock.now() - timedelta(minutes=5)
    assert watch.check() == []
    watch.look("page")
    watch.look("feed")
    watch.clock.move(hours=1)
    assert watch.check() == []


def test_an_outbox_that_sends_nothing_is_an_alarm(watch: Instance) -> None:
    with watch.transaction() as session:
        chats.ensure(session, OPERATOR, "private", "en", watch.clock.now())
        outbox.broadcast(session, "k", "words", watch.clock.now())
    watch.clock.move(minutes=50)
    assert watch.check() == []
    watch.clock.move(minutes=20)
    assert watch.check() == ["Alarm: outbox"]
    watch.send()
    assert watch.check() == ["All clear: outbox"]


def test_an_outbox_that_is_long_but_moves_is_no_alarm(watch: Instance) -> None:
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
    watch = Instance(transaction, clock)
    clock.move(days=3)
    assert watch.check() == []


def _minutes(watch: Instance, number: int, *living: Watch) -> list[str]:
    """What is told while only these processes live."""
    said = []
    for _ in range(number):
        watch.clock.move(minutes=1)
        said += [_cut(text) for process in living for text in alarm.look(process)]
    return said


@pytest.mark.parametrize("dead", ["worker", "clock", "web"])
def test_whoever_lives_tells_of_the_dead_once_and_of_its_return(watch: Instance, dead: str) -> None:
    processes = {name: watch.process(name) for name in ("web", "worker", "clock")}
    assert _minutes(watch, 10, *processes.values()) == []
    gone = processes.pop(dead)
    assert _minutes(watch, 4, *processes.values()) == [], "a restart is no alarm"
    assert _minutes(watch, 10, *processes.values()) == [f"Alarm: process/{dead}"]
    assert _minutes(watch, 10, gone, *processes.values()) == [f"All clear: process/{dead}"]
    assert len(watch.telegram.heard) == 2


def test_one_of_two_workers_is_enough(watch: Instance) -> None:
    web, first, second = watch.process("web"), watch.process("worker", "w1"), watch.process("worker", "w2")
    clock = watch.process("clock")
    _minutes(watch, 10, web, first, second, clock)
    assert _minutes(watch, 20, web, second, clock) == []


def test_a_machine_that_slept_lets_the_others_wake_up_first(watch: Instance) -> None:
    processes = [watch.process(name) for name in ("web", "worker", "clock")]
    _minutes(watch, 10, *processes)
    watch.clock.move(minutes=50)
    assert _minutes(watch, 10, *processes) == []


def test_a_watcher_that_starts_anew_does_not_call_an_open_alarm_off(watch: Instance) -> None:
    web, worker, clock = (watch.process(name) for name in ("web", "worker", "clock"))
    _minutes(watch, 10, web, worker, clock)
    assert _minutes(watch, 10, web, clock) == ["Alarm: process/worker"]
    assert _minutes(watch, 20, watch.process("web", "again"), watch.process("clock", "again")) == []
    assert _minutes(watch, 2, worker) == ["All clear: process/worker"]


def test_a_dead_worker_explains_why_nothing_is_looked_at(watch: Instance) -> None:
    web, worker, clock = (watch.process(name) for name in ("web", "worker", "clock"))
    _minutes(watch, 10, web, worker, clock)
    assert _minutes(watch, 7, web, clock) == ["Alarm: process/worker"]
    watch.clock.move(hours=16)
    for process in (web, clock):
        process.beaten_at = watch.clock.now()  # they have not slept
        process.beat()
    assert _minutes(watch, 1, web, clock) == [], "one cause, one message"


def test_what_telegram_did_not_take_is_told_later_and_once(watch: Instance) -> None:
    watch.clock.move(hours=15)
    watch.telegram.away = True
    assert watch.check() == []
    watch.telegram.away = False
    assert watch.check() == ["Alarm: polling"]
    assert watch.check() == []


def test_a_silence_that_ended_untold_is_not_told(watch: Instance) -> None:
    watch.clock.move(hours=15)
    watch.telegram.away = True
    watch.check()
    watch.look("page")
    watch.telegram.away = False
    assert watch.check() == []


def fail(instance: Instance, key: str, cause: str = "gone") -> None:
    """A look at one source that fails, or that succeeds when there is no cause."""
    with instance.transaction() as session:
        now = instance.clock.now()
        row = sources.ensure(session, key, family="page", platform="x", url="https://x.example/terms", now=now)
        if cause:
            sources.note_failure(row, now, SIX, cause, None)
        else:
            sources.note_success(row, now, SIX)


def test_a_source_that_stays_broken_is_told_of_once_with_its_cause_and_once_when_it_is_back(
    watch: Instance,
) -> None:
    for hours in (1, 12, 13, 12):
        watch.clock.move(hours=hours)
        watch.look("feed")
        watch.look("page")
        fail(watch, "page:x/terms", "blocked by a bot wall")
        fail(watch, "page:x/short", "gone" if hours == 12 else "")
        told = watch.check()
        assert told == (["Alarm: source/page:x/terms"] if hours == 13 else []), hours
    assert "blocked by a bot wall" in watch.telegram.heard[-1]
    fail(watch, "page:x/terms", "")
    assert watch.check() == ["All clear: source/page:x/terms"]
    assert watch.check() == []


def test_many_broken_sources_are_one_message(watch: Instance) -> None:
    for hours in (1, 25):
        watch.clock.move(hours=hours)
        watch.look("feed")
        watch.look("page")
        for number in range(50):
            fail(watch, f"page:x/{number}")
        watch.check()
    [message] = [text for text in watch.telegram.heard if "source/" in text]
    assert message.count("source/") == alarm.MOST_LINES and "And 20 more" in message
    assert watch.check() == []


def test_a_family_that_is_silent_as_a_whole_is_told_of_instead_of_each_source(watch: Instance) -> None:
    watch.look("page")
    for hours in (1, 40):
        watch.clock.move(hours=hours)
        watch.look("feed")
        watch.look("page", fails=True)
        fail(watch, "page:x/terms")
        told = watch.check()
    assert told == ["Alarm: sources/page"]
