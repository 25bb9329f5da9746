"""When a reading counts: a change needs two equal readings in a row, and what could not be read is never a change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from server.core.signals.model import Signal, Verdict


@dataclass(frozen=True, slots=True)
class Settled:
    """What stands, what waits for a second reading, and the families that changed with the last reading."""

    confirmed: tuple[Signal, ...] = ()
    pending: tuple[Signal, ...] = ()
    changed: tuple[str, ...] = ()


def settle(previous: Settled | None, reading: Iterable[Signal]) -> Settled:
    """The state after one more reading. The first reading of a family is taken as it is and changes nothing."""
    old = _by_family(previous.confirmed) if previous else {}
    waiting = _by_family(previous.pending) if previous else {}
    new = _by_family(reading)
    confirmed: list[Signal] = []
    pending: list[Signal] = []
    changed: list[str] = []
    for family in dict.fromkeys((*old, *new)):
        stands, waits, is_change = _settle_family(old.get(family), waiting.get(family), new.get(family, []))
        confirmed += stands
        pending += waits
        changed += [family] * is_change
    return Settled(tuple(confirmed), tuple(pending), tuple(changed))


_Signals = list[Signal]


def _settle_family(old: _Signals | None, waiting: _Signals | None, new: _Signals) -> tuple[_Signals, _Signals, bool]:
    """What stands, what waits, and whether that is a change."""
    if old is None:
        return new, [], False
    if any(signal.verdict is Verdict.UNREADABLE for signal in new):
        return old, waiting or [], False
    if _meaning(new) == _meaning(old):
        return new, [], False
    if not _readable(old):
        return new, [], False
    if waiting is not None and _meaning(new) == _meaning(waiting):
        return new, [], True
    return old, new, False


def _readable(signals: _Signals) -> bool:
    return all(signal.verdict is not Verdict.UNREADABLE for signal in signals)


def _meaning(signals: _Signals) -> set[tuple[str, str, str]]:
    """What a reading says, whatever its line and wording; silence about a use is the same as not naming it."""
    return {
        (signal.use, signal.agent, signal.verdict)
        for signal in signals
        if signal.verdict is not Verdict.SILENT
    }  # fmt: skip


def _by_family(signals: Iterable[Signal]) -> dict[str, _Signals]:
    families: dict[str, _Signals] = {}
    for signal in signals:
        families.setdefault(signal.family, []).append(signal)
    return families
