"""The rules of a stream: which sightings of one document amount to a new version, and which stay silent."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum

from server.core.model import CaptureKind, Sighting

NEAR_EMPTY = 800
"""Characters: a policy has more, a notice that the page has moved has fewer."""
CUT_SHARE = 0.2
"""A text below this share of the last wording was cut, or is another page."""


class Verdict(StrEnum):
    """What a sighting means for its document."""

    UNCHANGED = "unchanged"
    CANDIDATE = "candidate"
    """New, and to be seen once more before it counts."""
    CONFIRMED = "confirmed"
    """A new version: compare it with the one confirmed before."""
    PUT_BACK = "put_back"
    """An earlier version is shown again; silent until it has stood for long."""
    TECHNICAL = "technical"
    """Not a policy text: a wall, an error, a cut or swapped page."""


LASTING = (CaptureKind.POLICY, CaptureKind.INCOMPLETE, CaptureKind.OTHER_PAGE, CaptureKind.OTHER_LANGUAGE)
"""What can become a version at all, the odd ones only when they last: a platform may really have swapped its page."""


@dataclass(slots=True)
class Stream:
    """The state of one document. Its fields can be stored and given back; `see` is the only rule.

    A new wording counts after it stood for `interval`, or when another source shows it too. A wording that was
    confirmed before must stand for `settle`: pages that switch to and fro stay silent, a true reversal is found.
    """

    interval: timedelta = timedelta(hours=24)
    settle: timedelta = timedelta(days=14)
    confirmed: str = ""
    since: Sighting | None = None
    """The first sighting of the confirmed wording: the date that a change bears."""
    candidate: Sighting | None = None
    """The first sighting of a wording that waits for its confirmation."""
    known: set[str] = field(default_factory=set)
    """Every wording confirmed so far."""

    def see(self, sighting: Sighting, *, lasts: bool = False) -> Verdict:
        """Take one sighting, in order of time. The first wording of a document is confirmed at once.

        `lasts` when it is another wording than the candidate, yet shows what was new in that: see the function.
        """
        if sighting.kind not in LASTING:
            return Verdict.TECHNICAL
        if sighting.wording == self.confirmed:
            self.candidate = None
            return Verdict.UNCHANGED
        if self.candidate is not None and lasts and sighting.wording not in self.known:
            if sighting.at - self.candidate.at < self.interval:
                return Verdict.CANDIDATE
            self.candidate = replace(self.candidate, wording=sighting.wording)
        elif self.candidate is None or self.candidate.wording != sighting.wording:
            self.candidate = sighting
        if not self.confirmed or self._stood(self.candidate, sighting):
            return self._confirm(self.candidate)
        if sighting.kind is not CaptureKind.POLICY:
            return Verdict.TECHNICAL
        return Verdict.PUT_BACK if sighting.wording in self.known else Verdict.CANDIDATE

    def _stood(self, first: Sighting, now: Sighting) -> bool:
        if now.wording in self.known or now.kind is not CaptureKind.POLICY:
            return now.at - first.at >= self.settle
        return now.source != first.source or now.at - first.at >= self.interval

    def _confirm(self, first: Sighting) -> Verdict:
        self.confirmed, self.since, self.candidate = first.wording, first, None
        self.known.add(first.wording)
        return Verdict.CONFIRMED


def lasts(before: Set[str], first: Set[str], now: Set[str]) -> bool:
    """Whether what was new when a candidate was first seen is there still, though the page never reads the same twice.

    All three are clauses by id. Those that differ from look to look stand for one another; what is left is the change:
    a clause that came and stayed, or more that is gone than such clauses could have been.
    """
    came, shown, gone = first - before, now - before, before - first - now
    return bool(came & shown) or len(gone) > max(len(came - shown), len(shown - came))


def classify(size: int, language: str = "", known: int = 0, known_language: str = "") -> CaptureKind:
    """What a text is beside the last wording of its document, by characters and language; 0 known: none yet."""
    if known >= NEAR_EMPTY and size < known * CUT_SHARE:
        return CaptureKind.NEAR_EMPTY if size < NEAR_EMPTY else CaptureKind.INCOMPLETE
    if language != known_language and language and known_language:
        return CaptureKind.OTHER_LANGUAGE
    return CaptureKind.POLICY
