"""Families that a site may state in two places, in robots.txt and in headers of its page; each is read by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from server.core.signals.model import File, Page, Signal, Use, Verdict

IN_TWO_PLACES = frozenset({"content-signal", "content-usage"})


def read_place(family: str, place: File | Page, found: Iterable[Signal]) -> Iterator[Signal]:
    """What was found in a place, and always a word on training: silent when there is none, unreadable when unseen."""
    signals = list(found)
    yield from signals
    if not any(signal.use is Use.AI_TRAIN for signal in signals):
        verdict = Verdict.UNREADABLE if place.trouble else Verdict.SILENT
        yield Signal(family, Use.AI_TRAIN, verdict, place.trouble, url=place.url)


def place_of(signal: Signal) -> tuple[str, bool]:
    """What settles by itself: a family, or where it is stated in two places, what stands in one of them."""
    return signal.family, signal.family in IN_TWO_PLACES and urlsplit(signal.url).path == "/robots.txt"
