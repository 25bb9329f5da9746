"""Where a whole text turned: more taken from people than before, or less."""

from __future__ import annotations

import re

from server.core.meaning import refuses
from server.core.model import Direction, Kind, Models, Reading, Stance

_TAKES = {Stance.PROHIBITS: 0, Stance.OPT_IN: 1, Stance.SILENT: 2, Stance.OPT_OUT: 3, Stance.PERMITS: 4}
"""How much each stance takes; a promise that is dropped for silence is a loss."""

_TAKEN = re.compile(
    r"\b(?:we|us|they|recipients(?: of the \w+)?|partners|(?-i:[A-Z])\w+) (?:and our \w+ )?"
    r"(?:may |will |might |can |also |do )*(?:use|process|share|train|licen[sc]e|disclose|provide|include)s?\b"
    r"|(?<!not )\b(?:is|are|be) (?:also |\w+ly )?(?:used|shared|included|processed|licensed)\b"
    r"|^\W*(?:to |for )?(?:train|develop|improv)",
    re.IGNORECASE,
)
"""Says that something is taken, whatever way out stands beside it."""


def turn(kind: Kind, before: Reading, after: Reading) -> Direction | None:
    """Where the whole text's stance turned on that kind of rule; None when it did not."""
    if kind not in (Kind.TRAINING, Kind.SHARING) or not (before.known and after.known):
        return None
    was, now = (_TAKES[getattr(reading, kind)] for reading in (before, after))
    if (was, now) == (_TAKES[Stance.SILENT], _TAKES[Stance.OPT_OUT]):
        taken = any(_TAKEN.search(e.text) for e in after.evidence if e.field == kind)
        return Direction.WORSE if taken else None  # a mere way out gives: the sentences tell
    if {was, now} == {_TAKES[Stance.SILENT], _TAKES[Stance.OPT_IN]} and not _promised(kind, before, after):
        return Direction.NEUTRAL
    if {was, now} == {_TAKES[Stance.PROHIBITS], _TAKES[Stance.OPT_IN]}:
        return None  # two promises: which of them is wider only the sentences tell
    return None if was == now else Direction.WORSE if now > was else Direction.BETTER


def _promised(kind: Kind, before: Reading, after: Reading) -> bool:
    """Whether what came or went denies something, and is no mere use that waits for consent."""
    return any(refuses(e.text) for reading in (before, after) for e in reading.evidence if e.field == kind)


def aim(kind: Kind, before: Reading, after: Reading) -> Direction:
    """Whether a permission that stays now names generative models, or no longer does."""
    if kind is not Kind.TRAINING or before.training is not after.training or not before.training.takes:
        return Direction.NEUTRAL
    was, now = (reading.models is Models.GENERATIVE for reading in (before, after))
    return Direction.NEUTRAL if was is now else Direction.WORSE if now else Direction.BETTER
