"""Delivery over HTTP: what is in the outbox reaches Telegram, whatever Telegram does; on both databases."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot import delivery, wire
from server.flows.announce import correct_reading
from server.flows.deliver import Outcome, Sender, deliver
from server.store import chats, follows, leases, outbox
from server.store.tables import ChangeRow
from server.store.tables_people import ChatRow, DeliveryRow, FollowRow
from server.wiring import Service
from tests.bot.conftest import service
from tests.botapi.faults import Fault, supergroup
from tests.botapi.server import BotApi
from tests.store.test_outbox import a_change

NOW = datetime(2026, 1, 7, 12, tzinfo=UTC)


@pytest.fixture
def here(api: BotApi, tmp_path: Path, database_url: str) -> Iterator[Service]:
    """A service on each database, whose clock stands still."""
    clock = tmp_path / "clock"
    clock.write_text(NOW.isoformat())
    here = service(api, database_url, tmp_path, CLAUSEWATCH_CLOCK_FILE=str(clock), CLAUSEWATCH_SEND_RATE="0")
    yield here
    here.engine.dispose()


@pytest.fixture
def sender(here: Service, api: BotApi) -> Sender:
    """A sender without a limit of its own, towards a Telegram without limits."""
    api.world.limits.per_second = api.world.limits.per_chat = api.world.limits.per_group_minute = 0
    return delivery.sender(here)


def subscribers(here: Service, *ids: int, **wishes: object) -> None:
    """Chats that follow SoundCloud."""
    with here.write() as session:
        for id_ in ids:
            kind = "private" if id_ > 0 else "group"
            session.add(ChatRow(id=id_, kind=kind, created_at=NOW))
            session.flush()
            session.add(FollowRow(chat_id=id_, scope="platform:soundcloud", rank=0, created_at=NOW, **wishes))


def announce(here: Service, key: str = "k", **fields: object) -> int:
    """A change, fanned out; gives its notice's number."""
    with here.write() as session:
        row = a_change(session, key=key, quote_after="You agree to training.", **fields)
        outbox.fan_out(session, row, NOW)
        return int(outbox.progress(session)[0]["id"])


def run(sender: Sender, times: int = 1, seconds: float = 20.0) -> float | None:
    """Runs the job a few times, as the queue does, waiting in between for as long as it says.

    A run ends once there is nothing to do; `seconds` is only how long a busy machine may take.
    """
    wait = deliver(sender, seconds)
    for _ in range(times - 1):
        time.sleep(min(wait or 0.0, 1.5) + 0.05)
        wait = deliver(sender, seconds)
    return wait


def states(here: Service) -> Counter[str]:
    """How many deliveries are in which state."""
    with here.read() as session:
        query = select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state)
        return Counter({row[0]: row[1] for row in session.execute(query)})


def test_everybody_gets_it_once_with_its_number(here: Service, sender: Sender, api: BotApi) -> None:
    subscribers(here, *range(1, 41))
    number = announce(here)
    run(sender)
    assert states(here) == {"sent": 40}
    assert sorted(message["chat"] for message in api.world.messages) == list(range(1, 41))
    assert all(f"№ {number}" in message["plain"] for message in api.world.messages)


def test_nothing_due_is_nothing_sent(here: Service, sender: Sender, api: BotApi) -> None:
    subscribers(here, 1, digest="daily")
    announce(here)
    assert run(sender) is None
    assert api.world.messages == []


def test_a_chat_gets_its_notices_in_order_and_spaced(here: Service, sender: Sender, api: BotApi) -> None:
    subscribers(here, 1, 2)
    numbers = [announce(here, key) for key in "abc"]
    run(sender, times=4)
    for chat in (1, 2):
        mine = [message for message in api.world.messages if message["chat"] == chat]
        assert [next(n for n in numbers if f"№ {n}" in m["plain"]) for m in mine] == numbers
        assert all(b["at"] - a["at"] > 0.5 for a, b in pairwise(mine)), "a second, less what a busy machine took"


def test_whoever_blocked_us_is_never_tried_again(here: Service, sender: Sender, api: BotApi) -> None:
    subscribers(here, 1, 2)
    api.fail(Fault("blocked", chat=2))
    announce(here, "a")
    run(sender)
    announce(here, "b")
    run(sender, times=2)
    assert states(here) == {"sent": 2, "dead": 1}
    assert [arguments["chat_id"] for method, arguments in api.world.calls if method == "sendMessage"].count(2) == 1
    with here.read() as session:
        assert session.get_one(ChatRow, 2).state == chats.BLOCKED


def test_a_moved_group_is_renamed_and_told(here: Service, sender: Sender, api: BotApi) -> None:
    subscribers(here, -5)
    api.fail(Fault("migrated", chat=-5))
    announce(here)
    run(sender, times=2)
    assert api.texts(supergroup(-5)) and states(here) == {"sent": 1}
    with here.read() as session:
        assert [row.chat_id for row in follows.of_chat(session, supergroup(-5))] == [supergroup(-5)]


def test_a_429_pauses_everybody_and_loses_nobody(here: Service, sender: Sender, api: BotApi) -> None:
    subscribers(here, *range(1, 6))
    api.fail(Fault("limited", retry_after=2, times=1))
    announce(here)
    wait = run(sender)
    assert wait is not None and 0.5 < wait <= 2.0
    calls = len(api.world.calls)
    assert run(sender) is not None and len(api.world.calls) == calls
    with here.read() as session:
        assert leases.paused_until(session, sender.name)[1] == "Telegram asks to wait (429)"
    sender.wall = lambda: datetime.now(UTC) + timedelta(seconds=3)
    run(sender)
    assert states(here) == {"sent": 5}


def test_bad_markup_is_dead_with_a_report_and_not_retried(here: Service, sender: Sender, api: BotApi) -> None:
    subscribers(here, 1)
    api.fail(Fault("markup"))
    announce(here)
    run(sender, times=3)
    assert len(api.world.calls) == 1
    with here.read() as session:
        ((_, chat, error),) = outbox.dead_letters(session)
    assert chat == 1 and "can't parse entities" in error


@pytest.mark.parametrize("fault", ["500", "html", "reset"])
def test_trouble_is_tried_again_later(here: Service, sender: Sender, api: BotApi, fault: str) -> None:
    subscribers(here, 1, 2)
    api.fail(Fault(fault, chat=1, times=1))
    announce(here)
    run(sender)
    assert states(here) == {"sent": 1, "due": 1}
    sender.wall = lambda: datetime.now(UTC) + timedelta(seconds=5)
    run(sender)
    assert states(here) == {"sent": 2}


def test_an_answer_that_was_cut_off_is_sent_again_with_the_same_number(
    here: Service, sender: Sender, api: BotApi
) -> None:
    subscribers(here, 1)
    api.fail(Fault("cut", times=1))
    announce(here)
    run(sender)
    sender.wall = lambda: datetime.now(UTC) + timedelta(seconds=5)
    run(sender)
    assert len(api.texts(1)) == 2 and len(set(api.texts(1))) == 1
    assert states(here) == {"sent": 1}


def test_a_slow_answer_at_the_end_of_a_job_is_waited_for(here: Service, sender: Sender, api: BotApi) -> None:
    subscribers(here, 1)
    api.fail(Fault("silent", times=1, seconds=2.5))
    announce(here)
    run(sender, times=2, seconds=0.2)
    assert len(api.texts(1)) == 1 and states(here) == {"sent": 1}


def test_silence_is_doubt_and_sent_again(
    here: Service, sender: Sender, api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "READ", 0.5)
    subscribers(here, 1, 2)
    api.fail(Fault("silent", chat=1, times=1, seconds=3))
    announce(here)
    run(sender, seconds=0.2)
    assert states(here) == {"sent": 1, "due": 1}
    sender.wall = lambda: datetime.now(UTC) + timedelta(seconds=5)
    run(sender)
    assert states(here) == {"sent": 2}


def test_a_refused_token_pauses_and_loses_nothing(here: Service, sender: Sender, api: BotApi) -> None:
    subscribers(here, 1)
    announce(here)
    api.token = "1:other"
    assert (run(sender) or 0) > 60
    assert states(here) == {"due": 1}


def test_only_one_sender_sends(here: Service, sender: Sender, api: BotApi) -> None:
    subscribers(here, 1)
    announce(here)
    with here.write() as session:
        leases.take(session, sender.name, "another", datetime.now(UTC), timedelta(seconds=30))
    wait = run(sender)
    assert wait is not None and 20 < wait <= 30
    assert api.world.messages == []


@pytest.mark.parametrize("state", [outbox.PAUSED, outbox.ABANDONED])
def test_what_was_in_flight_when_its_notice_was_stopped_keeps_nobody_busy(
    here: Service, sender: Sender, api: BotApi, state: str
) -> None:
    subscribers(here, 1)
    number = announce(here)

    def stopped_meanwhile(taken: object, message: object) -> Outcome:
        with here.write() as session:
            assert outbox.set_state(session, number, state)
        return Outcome("doubt", words="no answer")

    sender.post = stopped_meanwhile
    run(sender, seconds=0.2)
    later = datetime.now(UTC) + timedelta(seconds=30)
    sender.wall = lambda: later
    assert deliver(sender, 0.2) is None, "there is nothing to do until an operator says so"
    assert states(here) == {"held" if state == outbox.PAUSED else "dead": 1}


def test_quiet_hours_that_began_while_it_waited_are_kept(
    here: Service, sender: Sender, api: BotApi, tmp_path: Path
) -> None:
    subscribers(here, 1, 2, quiet_from=22 * 60, quiet_to=7 * 60)
    subscribers(here, 3)
    announce(here)
    (tmp_path / "clock").write_text(NOW.replace(hour=22, minute=1).isoformat())  # a long queue, or a pause by Telegram
    run(sender)
    assert [message["chat"] for message in api.world.messages] == [3]
    (tmp_path / "clock").write_text((NOW + timedelta(days=1)).replace(hour=7).isoformat())
    run(sender)
    assert states(here) == {"sent": 3}


def test_a_digest_is_one_message_with_every_number(here: Service, sender: Sender, api: BotApi, tmp_path: Path) -> None:
    subscribers(here, 1, digest="daily")
    numbers = [announce(here, key) for key in "abc"]
    (tmp_path / "clock").write_text((NOW + timedelta(days=1)).isoformat())
    run(sender)
    (text,) = api.texts(1)
    assert "3 changes" in text and all(f"№ {number}" in text for number in numbers)


def test_a_withdrawn_change_is_taken_back_where_it_was_told(here: Service, sender: Sender, api: BotApi) -> None:
    subscribers(here, 1)
    announce(here)
    run(sender)
    with here.write() as session:
        row = session.scalars(select(ChangeRow)).one()
        row.state = "withdrawn"
        outbox.take_back(session, row, "We misread a sentence.", NOW)
    run(sender, times=2)
    assert "Correction" in api.texts(1)[-1] and "We misread a sentence." in api.texts(1)[-1]


def test_a_misread_change_is_put_right_where_it_was_told_and_only_there(
    here: Service, sender: Sender, api: BotApi
) -> None:
    subscribers(here, 1)
    subscribers(here, 2, digest="daily")
    number = announce(here)
    run(sender)
    with here.write() as session:
        (row,) = session.scalars(select(ChangeRow))
        assert correct_reading(session, row.id, "training", "opt_in", NOW) == 1
        assert correct_reading(session, row.id, "training", "opt_in", NOW) == 0, "it was right already"
        assert correct_reading(session, row.id, "sharing", "prohibits", NOW) == 0, "that was not told"
    run(sender, times=2)
    told = api.texts(1)[-1]
    assert f"Notice № {number} should have said" in told and "only if you agree" in told
    assert api.texts(2) == []


def test_what_is_sent_after_a_correction_says_it_right_at_once(here: Service, sender: Sender, api: BotApi) -> None:
    subscribers(here, 1, 2)
    with here.write() as session:
        session.get_one(ChatRow, 2).next_at = datetime.now(UTC) + timedelta(seconds=20)
    announce(here)
    run(sender)
    assert len(api.texts(1)) == 1 and api.texts(2) == []
    with here.write() as session:
        (row,) = session.scalars(select(ChangeRow))
        assert correct_reading(session, row.id, "training", "opt_in", NOW) == 1
        session.get_one(ChatRow, 2).next_at = None
    run(sender)
    assert ["only if you agree" in text for text in api.texts(2)] == [True]


def test_even_spacing(here: Service, api: BotApi) -> None:
    sender = delivery.sender(here)
    sender.pace.rate = 25.0
    subscribers(here, *range(1, 76))
    announce(here)
    run(sender, seconds=4.0)
    times = [message["at"] for message in api.world.messages]
    assert len(times) >= 70 and api.world.limits.refused == 0
    busiest = max(sum(1 for other in times if 0 <= other - at < 1.0) for at in times)
    assert busiest <= 30


EVERY_FAULT = [
    Fault("blocked", every=40),
    Fault("migrated", every=41),
    Fault("limited", calls=97, retry_after=2),
    Fault("500", calls=31),
    Fault("html", calls=37),
    Fault("cut", calls=43),
    Fault("reset", calls=47),
    Fault("silent", calls=53, seconds=1.0),
]


def test_every_fault_at_once_loses_nobody_and_keeps_the_order(
    here: Service, sender: Sender, api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "READ", 0.5)
    private, groups = range(1, 101), range(-1001, -1061, -1)
    subscribers(here, *private, *groups)
    api.fail(*EVERY_FAULT)
    numbers = [announce(here, key) for key in "abc"]
    ahead = timedelta(0)
    for _ in range(200):
        if deliver(sender, 2.0) is None and not states(here)["due"]:
            break
        ahead += timedelta(seconds=5)  # nobody waits for spacing, pauses and second tries here
        sender.wall = lambda by=ahead: datetime.now(UTC) + by
    refused = {chat for chat in (*private, *groups) if chat % 40 == 0}
    for chat in (*private, *groups):
        told = api.texts(chat) + api.texts(supergroup(chat))
        heard = [next(n for n in numbers if f"№ {n} " in text) for text in told]
        assert sorted(set(heard)) == ([] if chat in refused else numbers), chat
        assert heard == sorted(heard), chat
        tries = [a["chat_id"] for method, a in api.world.calls if method == "sendMessage"].count(chat)
        assert tries >= 1 if chat not in refused else tries == 1, chat
    assert set(states(here)) == {"sent", "dead"}
