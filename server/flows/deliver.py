"""Deliver: send what is due, evenly, under one lease, and write down what came of each message.

A row is marked as in flight before Telegram is called and settled afterwards, so that a crash leaves only rows in
doubt that were in flight. Nothing waits inside a job: pauses and retries are moments in the database.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue
from typing import Any, Protocol

from sqlalchemy.orm import Session

from server.core.errors import Busy
from server.flows.pace import Pace
from server.flows.ports import Clock
from server.store import chats, deliveries, follows, leases
from server.store.deliveries import Taken
from server.store.leases import Lease
from server.store.session import Transaction

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=10)
JOB_SECONDS, GRACE = 4.0, 5.0
"""How long one job starts sends, and how long it then waits for answers at most: as long as a call may be silent
(`bot.wire`), since what is sent again while its answer is still on its way arrives twice."""
GATHER = 0.1
"""Seconds that answers are gathered before they are settled."""
MOST_TRIES = 60
LONGEST_WAIT = timedelta(minutes=15)
SILENT_MOST = 10
"""Messages in a row without a usable answer after which the whole sender pauses: Telegram is not there."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What Telegram made of one message."""

    kind: str
    """sent, limited, blocked, migrated, closed (its topic is gone), refused, denied (our token) or doubt."""
    message_id: int = 0
    seconds: float = 0.0
    """limited: how long to wait."""
    chat: int = 0
    """migrated: the new id."""
    words: str = ""


class Compose(Protocol):
    """Makes a message out of what was taken: called in the sender's thread, within a transaction."""

    def __call__(self, session: Session, taken: Taken) -> Any:
        """What `Post` needs; None when there is nothing to say any more."""
        ...


Post = Callable[[Taken, Any], Outcome]
"""Hands a composed message to Telegram; called in a thread, never raises."""


@dataclass
class Sender:
    """The sender of one bot in this process. It lives longer than a job, so that spacing goes on between jobs."""

    name: str
    holder: str
    write: Transaction
    clock: Clock
    compose: Compose
    post: Post
    rate: float = 25.0
    """Messages a second; 0: as fast as it goes."""
    slots: int = 16
    wall: Callable[[], datetime] = lambda: datetime.now(UTC)
    pool: ThreadPoolExecutor = field(init=False)
    pace: Pace = field(init=False)
    silent: int = 0

    def __post_init__(self) -> None:
        self.pool = ThreadPoolExecutor(self.slots, thread_name_prefix="send")
        self.pace = Pace(self.rate)


@dataclass
class Flight:
    """What is on its way, and the answers that have come in."""

    sender: Sender
    going: dict[tuple[int, ...], Taken] = field(default_factory=dict)
    answers: SimpleQueue[tuple[Taken, Outcome]] = field(default_factory=SimpleQueue)

    def start(self, taken: Taken, message: Any) -> None:
        """Hands a message to a thread."""
        self.going[taken.ids] = taken
        self.sender.pool.submit(self._post, taken, message)

    def _post(self, taken: Taken, message: Any) -> None:
        self.answers.put((taken, self.sender.post(taken, message)))

    def landed(self, end: float, most: int = 0) -> list[tuple[Taken, Outcome]]:
        """The answers so far; waits until `end` on the monotonic clock, or until at most `most` are on their way."""
        found: list[tuple[Taken, Outcome]] = []
        while self.going:
            left = end - time.monotonic() if len(self.going) > most else 0.0
            try:
                answer = self.answers.get(timeout=left) if left > 0 else self.answers.get_nowait()
            except Empty:
                break
            self.going.pop(answer[0].ids, None)
            found.append(answer)
        return found


def deliver(sender: Sender, seconds: float = JOB_SECONDS) -> float | None:
    """Sends for a while. Gives the seconds until there is more to do: 0 at once, None nothing that is known of."""
    try:
        with sender.write() as session:
            lease = leases.take(session, sender.name, sender.holder, sender.wall(), LEASE)
            if doubtful := deliveries.recover(session, lease.fence):
                log.warning("%d deliveries were in flight when their sender stopped; they go out again", doubtful)
    except Busy as busy:
        return busy.retry_after
    flight = Flight(sender)
    try:
        _run(lease, flight, time.monotonic() + seconds)
        _land(lease, flight, time.monotonic() + GRACE)
        return _until_next(sender, lease)
    except Busy as lost:
        log.warning("%s", lost)
        return 0.0
    except BaseException:
        # The next holder must be a new one, even in this process: only then what is in flight is taken up again.
        with sender.write() as session:
            leases.release(session, lease)
        raise


def _run(lease: Lease, flight: Flight, end: float) -> None:
    sender = flight.sender
    while time.monotonic() < end:
        # Answers are settled by the dozen: a transaction for each would cost more than the sending.
        answered = flight.landed(time.monotonic() + GATHER, most=sender.slots // 2)
        batch = _turn(lease, flight, answered)
        if batch is None or not (batch or flight.going):
            return
        for taken, message in batch:
            sender.pace.wait()
            flight.start(taken, message)
        if not batch:
            time.sleep(0.02)


def _turn(lease: Lease, flight: Flight, answered: list[tuple[Taken, Outcome]]) -> list[tuple[Taken, Any]] | None:
    """One transaction: settle what was answered, take what is next. None when the sender is paused."""
    sender = flight.sender
    with sender.write() as session:
        row = leases.hold(session, lease)
        row.until = sender.wall() + LEASE
        _settle(sender, session, lease, answered)
        session.flush()
        if row.paused_until and row.paused_until > sender.wall():
            return None
        free = min(sender.slots - len(flight.going), sender.pace.soon())
        return _take(sender, session, lease, free, {taken.chat for taken in flight.going.values()})


def _take(sender: Sender, session: Session, lease: Lease, free: int, busy: set[int]) -> list[tuple[Taken, Any]]:
    if free <= 0:
        return []
    batch = []
    for taken in deliveries.take(session, sender.clock.now(), sender.wall(), free, lease.fence, busy):
        message = sender.compose(session, taken)
        if message is None:
            deliveries.dead(session, taken, "nothing to say any more", lease.fence)
        else:
            batch.append((taken, message))
    return batch


def _land(lease: Lease, flight: Flight, end: float) -> None:
    """Waits a little for answers, settles them and gives the lease back; the rest is left in doubt."""
    answered = flight.landed(end)
    with flight.sender.write() as session:
        leases.hold(session, lease)
        _settle(flight.sender, session, lease, answered)
        leases.release(session, lease)


def _until_next(sender: Sender, lease: Lease) -> float | None:
    with sender.write() as session:
        moment = deliveries.next_moment(session, sender.clock.now())
        paused, _ = leases.paused_until(session, lease.name)
    if moment is None:
        return None
    now = sender.wall()
    waits = [(at - now).total_seconds() for at in (moment, paused) if at is not None]
    return max(0.0, *waits)


def _settle(sender: Sender, session: Session, lease: Lease, answered: list[tuple[Taken, Outcome]]) -> None:
    accepted = [(taken, outcome.message_id) for taken, outcome in answered if outcome.kind == "sent"]
    deliveries.sent(session, accepted, sender.clock.now(), lease.fence)
    for taken, outcome in answered:
        sender.silent = sender.silent + 1 if outcome.kind == "doubt" else 0
        if outcome.kind != "sent":
            _SETTLE[outcome.kind](sender, session, lease, taken, outcome)


def _limited(sender: Sender, session: Session, lease: Lease, taken: Taken, outcome: Outcome) -> None:
    until = sender.wall() + timedelta(seconds=outcome.seconds)
    log.warning("Telegram asks to wait %.0f s; the sender pauses until %s", outcome.seconds, until)
    leases.pause(session, lease.name, until, "Telegram asks to wait (429)")
    deliveries.again(session, taken, sender.wall(), "limited", lease.fence, counted=False)


def _blocked(sender: Sender, session: Session, lease: Lease, taken: Taken, outcome: Outcome) -> None:
    deliveries.dead(session, taken, f"blocked: {outcome.words}", lease.fence)
    chats.block(session, taken.chat, f"blocked: {outcome.words}")


def _migrated(sender: Sender, session: Session, lease: Lease, taken: Taken, outcome: Outcome) -> None:
    deliveries.again(session, taken, sender.wall(), "the group moved", lease.fence, counted=False)
    chats.rename(session, taken.chat, outcome.chat)


def _closed(sender: Sender, session: Session, lease: Lease, taken: Taken, outcome: Outcome) -> None:
    deliveries.dead(session, taken, f"closed: {outcome.words}", lease.fence)
    follows.drop_topic(session, taken.chat, taken.thread)


def _refused(sender: Sender, session: Session, lease: Lease, taken: Taken, outcome: Outcome) -> None:
    deliveries.dead(session, taken, f"refused: {outcome.words}"[:300], lease.fence)
    log.error("Telegram refused notice %s: %s", taken.notices, outcome.words)


def _denied(sender: Sender, session: Session, lease: Lease, taken: Taken, outcome: Outcome) -> None:
    deliveries.again(session, taken, sender.wall(), "denied", lease.fence, counted=False)
    leases.pause(session, lease.name, sender.wall() + LONGEST_WAIT, "Telegram refuses TELEGRAM_BOT_TOKEN")
    log.error("Telegram refuses TELEGRAM_BOT_TOKEN (%s); set the one that @BotFather shows.", outcome.words)


def _doubt(sender: Sender, session: Session, lease: Lease, taken: Taken, outcome: Outcome) -> None:
    if taken.tries >= MOST_TRIES:
        deliveries.dead(session, taken, f"refused: no answer after {taken.tries} tries", lease.fence)
        return
    backoff = min(timedelta(seconds=2 ** min(taken.tries, 10)), LONGEST_WAIT)
    deliveries.again(session, taken, sender.wall() + backoff, f"in doubt: {outcome.words}"[:300], lease.fence)
    if sender.silent >= SILENT_MOST:
        log.warning("Telegram does not answer (%s); the sender pauses for 5 s", outcome.words)
        leases.pause(session, lease.name, sender.wall() + timedelta(seconds=5), "Telegram does not answer")


_SETTLE: dict[str, Callable[[Sender, Session, Lease, Taken, Outcome], None]] = {
    "limited": _limited,
    "blocked": _blocked,
    "migrated": _migrated,
    "closed": _closed,
    "refused": _refused,
    "denied": _denied,
    "doubt": _doubt,
}
