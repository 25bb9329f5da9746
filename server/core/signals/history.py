"""The history of signals from archived captures: what a robots.txt or a page told crawlers, and when that turned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.core.signals import crawling, noai, tdmrep
from server.core.signals.model import Answer, File, Page, Site, Verdict
from server.core.signals.site import read_file, read_page
from server.core.timeline import Seen

ROBOTS = crawling.FAMILY
TDMREP = tdmrep.FAMILY
TAGS = (*noai.TAGS, TDMREP)
"""The families that a page's own tags and headers tell."""
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


def told_by_page(answer: Answer) -> str:
    """What the tags and headers of a page say, a line for each family of TAGS; empty if it is unreadable."""
    page = read_page(answer)
    if page.trouble:
        return ""
    site = Site(page=page, robots=File(""), tdmrep=File(""))
    signals = [*noai.read(site), *tdmrep.read(site)]
    strictest = {tag: _strictest(one.verdict for one in signals if one.family == tag) for tag in TAGS}
    return "\n\n".join(f"{tag} {verdict}" for tag, verdict in strictest.items())


def told_by_file(file: Answer, front: str) -> str:
    """What a tdmrep.json says about the front page, in the same form; empty if it is unreadable."""
    signals = list(tdmrep.read(Site(page=Page(front), robots=File(""), tdmrep=read_file(file))))
    return "" if signals[0].verdict is Verdict.UNREADABLE else f"{TDMREP} {signals[0].verdict}"


def seen_twice(seen: Sequence[Seen]) -> list[Seen]:
    """The readings that the one before or after repeats: a change of signals needs two equal ones."""
    around = [(*seen[max(0, n - 1) : n], *seen[n + 1 : n + 2]) for n in range(len(seen))]
    return [one for one, near in zip(seen, around, strict=True) if any(one.wording == each.wording for each in near)]


def turn(before: str, after: str) -> Turn:
    """What turned between two texts that `told` gave."""
    turned = turns(before, after)
    return Turn(
        _strictest(was for _, was, _ in turned),
        _strictest(now for _, _, now in turned),
        "; ".join(f"{agent} {was} → {now}" for agent, was, now in turned),
    )


def turns(before: str, after: str) -> list[tuple[str, Verdict, Verdict]]:
    """Of whom two texts say different things, with the verdicts before and after."""
    old, new = _verdicts(before), _verdicts(after)
    return [
        (name, old.get(name, Verdict.SILENT), new.get(name, Verdict.SILENT))
        for name in sorted(old | new, key=str.casefold)
        if old.get(name, Verdict.SILENT) is not new.get(name, Verdict.SILENT)
    ]


def _verdicts(text: str) -> dict[str, Verdict]:
    lines = [line.rpartition(" ") for line in text.splitlines() if line]
    return {agent: Verdict(verdict) for agent, _, verdict in lines}


def _strictest(found: Iterable[Verdict]) -> Verdict:
    return min(found, key=_STRICTEST.index, default=Verdict.SILENT)
