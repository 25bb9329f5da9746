"""The history of a document that several pages make up: it is known where the text of every page is.

Archives look at each page when they please. A page's text is taken to be known from the first to the last sighting of a
wording in force, not between two wordings, nor before its first capture or after its last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from server.core.timeline import Seen, Stood, standing


@dataclass(frozen=True, slots=True)
class Moment:
    """A sighting of one page, and the wordings of all pages, in their order, as they stood then."""

    page: int
    sighting: int
    """Its place among the sightings of the page."""
    wordings: tuple[str, ...]


def moments(pages: Sequence[Sequence[Seen]]) -> list[Moment]:
    """The sightings at which the wording of every page is known; passing ones are left out."""
    stood = [standing(page) for page in pages]
    found = []
    for n, page in enumerate(pages):
        for place, one in enumerate(page):
            wordings = tuple(_at(one.at, each) for each in stood)
            if all(wordings) and wordings[n] == one.wording:
                found.append(Moment(n, place, wordings))
    return found


def _at(at: datetime, stood: Sequence[Stood]) -> str:
    """The wording in force at a moment, empty when it is not known."""
    return next((one.wording for one in stood if one.first <= at <= one.last), "")
