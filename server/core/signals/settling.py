"""When a reading counts: a change needs two equal readings in a row, and what could not be read is never a change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from server.core.signals.model import Signal, Verdict
from server.core.signals.places import place_of


@dataclass(frozen=True, slots=True)
class Settled:
    """What stands, what waits for a second reading, and the families that changed with the last reading."""

    confirmed: tuple[Signal, ...] = ()
    pending: tuple[Signal, ...] = ()
    changed: tuple[str, ...] = ()


def settle(previous: Settled | None, reading: Iterable[Signal]) -> Settled:
    """The state after one more reading. The first reading of a place is taken as it is and changes nothing.

    A family that is stated in two places settles in each, so that one which cannot be read keeps what it last said.
    """
    before = previous or Settled()
    old, waiting, new = _by_place(before.confirmed), _by_place(before.pending), _by_place(reading)
    confirmed: list[Signal] = []
    pending: list[Signal] = []
    turned: list[str] = []
    for place in dict.fromkeys((*old, *new)):
        stands, waits, is_change = _settle_place(old.get(place), waiting.get(place), new.get(place, []))
        confirmed += stands
        pending += waits
        turned += [place[0]] * is_change
    # What only went from one place to the other means the same.
    changed = (each for each in dict.fromkeys(turned) if _said(each, before.confirmed) != _said(each, confirmed))
    return Settled(tuple(confirmed), tuple(pending), tuple(changed))


_Signals = list[Signal]


def _settle_place(old: _Signals | None, waiting: _Signals | None, new: _Signals) -> tuple[_Signals, _Signals, bool]:
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


def _said(family: str, signals: Iterable[Signal]) -> set[tuple[str, str, str]]:
    return _meaning(signal for signal in signals if signal.family == family)


def _meaning(signals: Iterable[Signal]) -> set[tuple[str, str, str]]:
    """What a reading says, whatever its line and wording; silence about a use is the same as not naming it."""
    return {
        (signal.use, signal.agent, signal.verdict)
        for signal in signals
        if signal.verdict is not Verdict.SILENT
    }  # fmt: skip


def _by_place(signals: Iterable[Signal]) -> dict[tuple[str, bool], _Signals]:
    places: dict[tuple[str, bool], _Signals] = {}
    for signal in signals:
        places.setdefault(place_of(signal), []).append(signal)
    return places
