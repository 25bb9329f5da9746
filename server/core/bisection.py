"""Which capture of an archive to fetch next, when there are hundreds and each request counts.

First both ends, then halves of every stretch whose ends differ until the change is pinned between two neighbours, then
the stretches whose ends are equal: a wording may have come and gone there. Sizes from the archive's list say where.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median

EDGE_TRIES = 6
"""So many useless captures in a row at an end of the list, and we look elsewhere."""
NEIGHBOURS = 6
SMALL_SHARE = 0.35
"""Of the usual size around it: smaller captures are most likely walls or errors, and wait until the others are read."""
LEAST_JITTER = 8
"""Bytes; sizes of one and the same wording differ by tokens, dates and packing."""
TELLING = 4.0
"""Times the usual jitter: a size so far off hints at another wording."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One listed capture: its moment, and the stored size in bytes (0 when the archive does not tell)."""

    at: datetime
    length: int = 0


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Two known captures and the unknown ones between them."""

    left: int
    right: int
    unknown: tuple[int, ...]


def promising(listed: Sequence[Candidate]) -> list[int]:
    """The indices of captures that are as large as those around them."""
    return [n for n, one in enumerate(listed) if not one.length or one.length >= _usual(listed, n) * SMALL_SHARE]


def choose(listed: Sequence[Candidate], first: Sequence[int], known: Mapping[int, str]) -> int | None:
    """The index of the capture to fetch next, the `first` (promising) ones before the rest; None when all are known.

    `known` gives the wording by index, empty when the capture was no policy.
    """
    for indices in (first, range(len(listed))):
        if (found := _choose(listed, indices, known)) is not None:
            return found
    return None


def _usual(listed: Sequence[Candidate], n: int) -> float:
    """The usual size around capture `n`: a policy may have grown tenfold in ten years."""
    around = listed[max(0, n - NEIGHBOURS) : n + NEIGHBOURS + 1]
    return median([one.length for one in around if one.length] or [0])


def _choose(listed: Sequence[Candidate], indices: Sequence[int], known: Mapping[int, str]) -> int | None:
    for edge in (indices, indices[::-1]):
        if (found := _at_edge(edge, known)) is not None:
            return found
    stretches = list(_stretches(indices, known))
    differing = [one for one in stretches if known[one.left] != known[one.right]]
    if differing:
        return _middle(max(differing, key=lambda one: _span(listed, one)))
    equal = [one for one in stretches if known[one.left] == known[one.right]]
    return _most_telling(listed, equal, known) if equal else next((n for n in indices if n not in known), None)


def _at_edge(edge: Sequence[int], known: Mapping[int, str]) -> int | None:
    """The next capture to try at one end, further in with each useless one; None once the end is known or hopeless."""
    unknown: list[int] = []
    useless = 0
    for n in edge:
        if n not in known:
            unknown.append(n)
        elif known[n]:
            break
        else:
            useless += 1
    if not unknown or useless >= EDGE_TRIES:
        return None
    return unknown[min(1 << useless, len(unknown)) - 1]


def _stretches(indices: Sequence[int], known: Mapping[int, str]) -> Iterator[_Stretch]:
    left = -1
    unknown: list[int] = []
    for n in indices:
        if n not in known:
            unknown.append(n)
        elif known[n]:
            if left >= 0 and unknown:
                yield _Stretch(left, n, tuple(unknown))
            left, unknown = n, []


def _middle(stretch: _Stretch) -> int:
    return stretch.unknown[len(stretch.unknown) // 2]


def _span(listed: Sequence[Candidate], stretch: _Stretch) -> float:
    return (listed[stretch.right].at - listed[stretch.left].at).total_seconds()


def _most_telling(listed: Sequence[Candidate], equal: Sequence[_Stretch], known: Mapping[int, str]) -> int:
    """The capture whose size is furthest from both ends of its stretch, if far; else the middle of the longest one."""
    jitter = max(LEAST_JITTER, _jitter(listed, known))
    far, best = max((_distance(listed, stretch, n), n) for stretch in equal for n in stretch.unknown)
    if far > TELLING * jitter:
        return best
    return _middle(max(equal, key=lambda one: _span(listed, one)))


def _distance(listed: Sequence[Candidate], stretch: _Stretch, n: int) -> int:
    length = listed[n].length
    ends = (listed[stretch.left].length, listed[stretch.right].length)
    return min(abs(length - end) for end in ends) if length and all(ends) else 0


def _jitter(listed: Sequence[Candidate], known: Mapping[int, str]) -> float:
    """By how many bytes captures of one wording usually differ from the next."""
    read = [n for n in sorted(known) if known[n] and listed[n].length]
    pairs = pairwise(read)
    return median([abs(listed[a].length - listed[b].length) for a, b in pairs if known[a] == known[b]] or [0])
