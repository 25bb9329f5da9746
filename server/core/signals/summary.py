"""From many signals to one answer for each use, and to promises that the pages do not keep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from server.core.signals.model import Signal, Use, Verdict

# The strictest comes first. What could not be read may reserve, so it stands before what is allowed.
_ORDER = (Verdict.RESERVED, Verdict.UNREADABLE, Verdict.ALLOWED, Verdict.SILENT)

_COVERED_BY = {"noimageai": "noai"}
"""A tag that the wider one keeps as well: noai speaks of pictures, too."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The strictest verdict on one use, the signals that say so, and whether others say the opposite."""

    use: Use
    verdict: Verdict
    signals: tuple[Signal, ...]
    contradicted: bool


def combine(signals: Iterable[Signal]) -> Mapping[Use, Headline]:
    """A headline for each use that any signal speaks of; signals that are only present have none."""
    by_use: dict[Use, list[Signal]] = {}
    for signal in signals:
        if signal.use is not Use.NONE:
            by_use.setdefault(signal.use, []).append(signal)
    return {use: _headline(use, found) for use, found in by_use.items()}


TAGS = ("noai", "noimageai")
"""Families that stand on pages of works; a front page without them proves nothing."""


def checkable(promised: Iterable[str], sample_page: str) -> tuple[str, ...]:
    """The promised families that can be looked for, with the page of a work to look at or without one."""
    return tuple(name for name in promised if sample_page or name not in TAGS)


def broken_promises(promised: Iterable[str], signals: Iterable[Signal]) -> tuple[str, ...]:
    """The promised families of which the page read carries nothing. What could not be read breaks no promise."""
    verdicts: dict[str, set[Verdict]] = {}
    for signal in signals:
        verdicts.setdefault(signal.family, set()).add(signal.verdict)
    kept = {name for name, found in verdicts.items() if found != {Verdict.SILENT}}
    return tuple(name for name in promised if name in verdicts and not kept & {name, _COVERED_BY.get(name, name)})


def _headline(use: Use, found: list[Signal]) -> Headline:
    verdicts = {signal.verdict for signal in found}
    verdict = next(verdict for verdict in _ORDER if verdict in verdicts)
    return Headline(
        use,
        verdict,
        signals=tuple(signal for signal in found if signal.verdict is verdict),
        contradicted={Verdict.RESERVED, Verdict.ALLOWED} <= verdicts,
    )
