"""What a site tells crawlers, by family of signals. One file a family; FAMILIES is the list. See docs/signals.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from server.core.signals import content_signal, content_usage, crawling, noai, presence, rsl, tdmrep
from server.core.signals.model import Answer, File, Page, Signal, Site, Use, Verdict
from server.core.signals.settling import Settled, settle
from server.core.signals.summary import Headline, broken_promises, checkable, combine

__all__ = [
    "FAMILIES",
    "Answer",
    "File",
    "Headline",
    "Page",
    "Settled",
    "Signal",
    "Site",
    "Use",
    "Verdict",
    "broken_promises",
    "checkable",
    "combine",
    "read_site",
    "settle",
]

FAMILIES: dict[tuple[str, ...], Callable[[Site], Iterator[Signal]]] = {
    (crawling.FAMILY,): crawling.read,
    noai.TAGS: noai.read,
    (tdmrep.FAMILY,): tdmrep.read,
    (content_usage.FAMILY,): content_usage.read,
    (content_signal.FAMILY,): content_signal.read,
    (rsl.FAMILY,): rsl.read,
    ("llms.txt", "ai.txt"): presence.read,
}
"""Each reader with the families it yields."""

_LONGEST = 300


def read_site(site: Site) -> tuple[Signal, ...]:
    """The signals of all families, in the order of FAMILIES, with evidence short enough to show. Never raises."""
    return tuple(
        replace(signal, evidence=_shown(signal.evidence)) for read in FAMILIES.values() for signal in read(site)
    )


def _shown(text: str) -> str:
    """One line without control characters and lone surrogates, which databases refuse."""
    line = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
