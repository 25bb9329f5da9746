"""The history of a robots.txt from its archived captures: what it told each training crawler, and when that turned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.core.signals import crawling
from server.core.signals.model import Answer, File, Page, Site, Verdict
from server.core.signals.site import read_file
from server.core.timeline import Seen

FAMILY = crawling.FAMILY
EVERYONE = "all crawlers"
_STRICTEST = (Verdict.RESERVED, Verdict.ALLOWED, Verdict.SILENT)


@dataclass(frozen=True, slots=True)
class Turn:
    """What turned from one reading to another: the strictest verdicts on the crawlers concerned, and each of them."""

    before: Verdict
    after: Verdict
    told: str


def told(robots: Answer, front: str) -> str:
    """What a robots.txt says about the front page, a line for each crawler that it speaks to; empty if unreadable.

    Rules for other paths and crawlers, and the order of all, leave it as it is.
    """
    file = read_file(robots)
    if file.trouble:
        return ""
    signals = crawling.read(Site(page=Page(front), robots=file, tdmrep=File("")))
    named = {EVERYONE if one.agent in {"", "*"} else one.agent: one.verdict.value for one in signals}
    return "\n\n".join(f"{agent} {named[agent]}" for agent in sorted(named, key=str.casefold))


def seen_twice(seen: Sequence[Seen]) -> list[Seen]:
    """The readings that the one before or after repeats: a change of signals needs two equal ones."""
    around = [(*seen[max(0, n - 1) : n], *seen[n + 1 : n + 2]) for n in range(len(seen))]
    return [one for one, near in zip(seen, around, strict=True) if any(one.wording == each.wording for each in near)]


def turn(before: str, after: str) -> Turn:
    """What turned between two texts that `told` gave."""
    old, new = _verdicts(before), _verdicts(after)
    turned = [
        (agent, old.get(agent, Verdict.SILENT), new.get(agent, Verdict.SILENT))
        for agent in sorted(old | new, key=str.casefold)
        if old.get(agent, Verdict.SILENT) is not new.get(agent, Verdict.SILENT)
    ]
    return Turn(
        _strictest(was for _, was, _ in turned),
        _strictest(now for _, _, now in turned),
        "; ".join(f"{agent} {was} → {now}" for agent, was, now in turned),
    )


def _verdicts(text: str) -> dict[str, Verdict]:
    lines = [line.rpartition(" ") for line in text.splitlines() if line]
    return {agent: Verdict(verdict) for agent, _, verdict in lines}


def _strictest(found: Iterable[Verdict]) -> Verdict:
    return min(found, key=_STRICTEST.index, default=Verdict.SILENT)
