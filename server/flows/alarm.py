"""Alarm: tells the operators once when a process, the watching, the telling or a source falls silent, and once when it
is back.

Every living process looks, and speaks to Telegram itself: a dead worker cannot keep its own death secret. A lease lets
one look at a time, so that one silence is one message.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from server.core.errors import Busy
from server.flows.ports import Clock
from server.store import alarms, heartbeats, leases, measures, sources
from server.store.leases import Lease
from server.store.session import Transaction
from server.store.tables_operation import AlarmRow

log = logging.getLogger(__name__)

AWAKE = timedelta(minutes=30)
"""Silence of sources counts only once we have been up for so long: a laptop that slept is no alarm."""
OUTBOX = timedelta(hours=1)
MISSED = 5
"""Heartbeats that a process may miss."""
LEASE = timedelta(minutes=2)
SOURCE = "source/"
BROKEN = timedelta(days=1)
"""A source that fails for longer is told of: sites are down for some hours every now and then."""
LONGEST = 80
"""Characters of a name."""
MOST_LINES = 30
"""Sources named in one message; on the first day many addresses may turn out to be wrong."""

Speak = Callable[[int, str], bool]
"""Says something in a chat; False when it is worth another try."""


def _wall() -> datetime:
    return datetime.now(UTC)


@dataclass
class Watch:
    """One process's part in the watching. `up_since` is by the clock, `awake_since` in real time."""

    process: str
    instance: str
    write: Transaction
    clock: Clock
    speak: Speak
    expected: Sequence[str]
    """The kinds of process that must live."""
    operators: Sequence[int]
    poll_every: timedelta
    beat_every: timedelta = timedelta(minutes=1)
    wall: Callable[[], datetime] = _wall
    up_since: datetime = field(init=False)
    awake_since: datetime = field(init=False)
    beaten_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._wake()

    def _wake(self) -> None:
        self.up_since, self.awake_since = self.clock.now(), self.wall()
        self.beaten_at = self.awake_since

    def beat(self) -> None:
        """Shows that this process lives. After a pause of its own it gives the others time to come back first."""
        now = self.wall()
        if now - self.beaten_at > MISSED * self.beat_every:
            self._wake()
        self.beaten_at = now
        with self.write() as session:
            heartbeats.beat(session, self.process, self.instance, now)


@dataclass(frozen=True, slots=True)
class Watched:
    """One thing that must not fall silent: when it was last heard, whether that is too long ago, and what to do."""

    name: str
    last: datetime
    silent: bool | None
    """None: it is, but we have not been up for long enough to say so."""
    remedy: str


def look(watch: Watch) -> list[str]:
    """Beats, looks for silence, and tells what is news; gives the words told. Another one looking is no news."""
    watch.beat()
    try:
        with watch.write() as session:
            lease = leases.take(session, "alarm", watch.instance, watch.wall(), LEASE)
            check(session, watch)
    except Busy:
        return []
    try:
        return _tell_all(watch, lease)
    finally:
        with watch.write() as session:
            leases.release(session, lease)


def check(session: Session, watch: Watch) -> None:
    """Stores which silences began and which are over."""
    found = {item.name: item for item in watched(session, watch)}
    silent = {name: item for name, item in found.items() if item.silent}
    open_ = alarms.open_by_name(session)
    for name, item in silent.items():
        if name not in open_ and not _is_implied(name, silent):
            text = f"{name} silent since {item.last:%Y-%m-%d %H:%M} UTC. {item.remedy}"
            log.log(logging.WARNING if name.startswith(SOURCE) else logging.ERROR, "alarm: %s", text)
            alarms.add(session, name, text, item.last, watch.wall())
    for name in open_:
        if name in found and found[name].silent is not False:
            continue
        log.warning("all clear: %s no longer silent", name)
        open_[name].cleared_at = watch.wall()


def _is_implied(name: str, silent: dict[str, Watched]) -> bool:
    """Whether a silence only follows from another one that is told."""
    stopped = "process/worker" in silent or "process/clock" in silent
    quiet = stopped or "polling" in silent
    whole_family = f"sources/{name.removeprefix(SOURCE).partition(':')[0]}" in silent
    if name.startswith(SOURCE):
        return quiet or whole_family
    return (name.startswith("sources/") and quiet) or (name == "polling" and stopped)


def watched(session: Session, watch: Watch) -> Iterator[Watched]:
    """Everything that must not fall silent. What has never spoken is new, not silent."""
    yield from _processes(session, watch)
    now = watch.clock.now()
    awake = now - watch.up_since >= AWAKE
    yield from _sources(session, now, awake, watch.poll_every)
    for row in sources.broken(session):
        if since := row.broken_since:
            remedy = f"Why: {row.cause or 'unknown'}. See {row.url} and /operator/sources."
            yield Watched(f"{SOURCE}{row.key}"[:LONGEST], since, _silent(now - since > BROKEN, awake), remedy)
    if stuck := measures.stuck_since(session, now):
        remedy = "Notices are due and none is sent: does Telegram answer?"
        yield Watched("outbox", stuck, _silent(now - stuck > OUTBOX, awake), remedy)


def _silent(too_long: bool, awake: bool) -> bool | None:
    return (True if awake else None) if too_long else False


def _processes(session: Session, watch: Watch) -> Iterator[Watched]:
    now, patience = watch.wall(), MISSED * watch.beat_every
    awake = now - watch.awake_since > patience
    for process, last in heartbeats.newest(session).items():
        if process in watch.expected:
            remedy = f"The {process} process has stopped or hangs: start it again. `clausewatch doctor` says more."
            yield Watched(f"process/{process}", last, _silent(now - last > patience, awake), remedy)


def _sources(session: Session, now: datetime, awake: bool, poll_every: timedelta) -> Iterator[Watched]:
    families = [family for family in measures.families(session) if family.last_checked_at]
    if last := max((family.last_checked_at for family in families if family.last_checked_at), default=None):
        remedy = "No source is looked at: are the worker and the clock running? See `clausewatch doctor`."
        yield Watched("polling", last, _silent(now - last > 2 * poll_every + timedelta(hours=2), awake), remedy)
    patience = max(3 * poll_every, timedelta(hours=30))
    for family in families:
        if ok := family.last_ok_at:
            remedy = "Every look at these sources fails: see /v1/sources and `clausewatch doctor`."
            yield Watched(f"sources/{family.name}", ok, _silent(now - ok > patience, awake), remedy)


def _tell_all(watch: Watch, lease: Lease) -> list[str]:
    with watch.write() as session:
        found = [_News(row.id, row.name, row.cleared_at is not None, words(row)) for row in alarms.untold(session)]
    told = []
    for together in _messages(found):
        if not _tell(watch, _written(together)):
            break  # Telegram is away: the next look tries again
        with watch.write() as session:
            leases.hold(session, lease)
            for news in together:
                row = session.get_one(AlarmRow, news.id)
                row.clear_told_at, row.told_at = (watch.wall() if news.over else None), row.told_at or watch.wall()
        told += [news.text for news in together]
    return told


@dataclass(frozen=True, slots=True)
class _News:
    """An alarm, or its end, that operators do not know of."""

    id: int
    name: str
    over: bool
    text: str


def _messages(found: Sequence[_News]) -> list[list[_News]]:
    """Each in a message of its own, but single sources together."""
    sources_ = [news for news in found if news.name.startswith(SOURCE)]
    others = [[news] for news in found if not news.name.startswith(SOURCE)]
    return [*others, sources_] if sources_ else others


def _written(together: Sequence[_News]) -> str:
    more = len(together) - MOST_LINES
    lines = [news.text for news in together[:MOST_LINES]]
    return "\n".join([*lines, f"And {more} more: see /operator/sources."] if more > 0 else lines)


def _tell(watch: Watch, text: str) -> bool:
    """Whether everybody knows who can be told; without operators the log knows."""
    settled = [watch.speak(chat, text) for chat in watch.operators]
    return all(settled)


def words(row: AlarmRow) -> str:
    """What operators read."""
    return f"All clear: {row.name} no longer silent." if row.cleared_at else f"Alarm: {row.text}"
