"""The history of signals from archived captures: what a robots.txt or a page told crawlers, and when that turned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from server.core.signals import content_signal, content_usage, crawling, noai, rsl, tdmrep
from server.core.signals.model import Answer, File, Page, Site, Use, Verdict
from server.core.signals.site import read_file, read_page
from server.core.timeline import Seen

ROBOTS = crawling.FAMILY
TDMREP = tdmrep.FAMILY
TAGS = (*noai.TAGS, TDMREP)
"""The families that a page's own tags and headers tell."""
PREFERENCES = (content_signal.FAMILY, content_usage.FAMILY, rsl.FAMILY)
"""The families that robots.txt tells beside its rules, and a page beside its tags; what they say on training counts."""
EVERYONE = "all crawlers"
_STRICTEST = (Verdict.RESERVED, Verdict.UNREADABLE, Verdict.ALLOWED, Verdict.SILENT)
_NOT_READ = "announced; what it says is not looked up in the past"


@dataclass(frozen=True, slots=True)
class Turn:
    """What turned from one reading to another: of which family, the strictest verdicts, and what turned in words."""

    family: str
    before: Verdict
    after: Verdict
    told: str


def told(robots: Answer, front: str) -> str:
    """What a robots.txt says about the front page, a line for each crawler that it speaks to; empty if unreadable.

    A line more for each of PREFERENCES that it states. Rules for other paths and crawlers, and the order of all, leave
    it as it is.
    """
    file = read_file(robots)
    if file.trouble:
        return ""
    site = _site(Page(front), file)
    named = {EVERYONE if one.agent in {"", "*"} else one.agent: one.verdict for one in crawling.read(site)}
    return _lines({agent: named[agent] for agent in sorted(named, key=str.casefold)} | _preferences(site))


def told_by_page(answer: Answer) -> str:
    """What the tags and headers of a page say, a line for each family of TAGS; empty if it is unreadable.

    A line more for each of PREFERENCES that they state.
    """
    page = read_page(answer)
    if page.trouble:
        return ""
    site = _site(page, File(""))
    signals = [*noai.read(site), *tdmrep.read(site)]
    strictest = {tag: _strictest(one.verdict for one in signals if one.family == tag) for tag in TAGS}
    return _lines(strictest | _preferences(site))


def told_by_file(file: Answer, front: str) -> str:
    """What a tdmrep.json says about the front page, in the same form; empty if it is unreadable."""
    signals = list(tdmrep.read(Site(page=Page(front), robots=File(""), tdmrep=read_file(file))))
    return "" if signals[0].verdict is Verdict.UNREADABLE else f"{TDMREP} {signals[0].verdict}"


def _site(page: Page, robots: File) -> Site:
    licences = tuple(File(url, trouble=_NOT_READ) for url in rsl.announced(robots, page))
    return Site(page=page, robots=robots, tdmrep=File(""), licences=licences)


def _preferences(site: Site) -> dict[str, Verdict]:
    """What is said on training by the families of PREFERENCES that say something."""
    signals = [*content_signal.read(site), *content_usage.read(site), *rsl.read(site)]
    found = {
        family: _strictest(one.verdict for one in signals if one.family == family and one.use is Use.AI_TRAIN)
        for family in PREFERENCES
    }
    return {family: verdict for family, verdict in found.items() if verdict is not Verdict.SILENT}


def _lines(verdicts: Mapping[str, Verdict]) -> str:
    return "\n\n".join(f"{name} {verdict}" for name, verdict in verdicts.items())


def seen_twice(seen: Sequence[Seen]) -> list[Seen]:
    """The readings that the one before or after repeats: a change of signals needs two equal ones."""
    around = [(*seen[max(0, n - 1) : n], *seen[n + 1 : n + 2]) for n in range(len(seen))]
    return [one for one, near in zip(seen, around, strict=True) if any(one.wording == each.wording for each in near)]


def turned(before: str, after: str) -> Iterator[Turn]:
    """What turned between two texts: all crawlers in one, and each family by itself."""
    found = turns(before, after)
    crawlers = [each for each in found if each[0] not in {*TAGS, *PREFERENCES}]
    if crawlers:
        told = "; ".join(f"{agent} {was} → {now}" for agent, was, now in crawlers)
        yield Turn(ROBOTS, _strictest(was for _, was, _ in crawlers), _strictest(now for *_, now in crawlers), told)
    for family, was, now in found:
        if family in {*TAGS, *PREFERENCES}:
            yield Turn(family, was, now, f"{_shown(family, was)} → {_shown(family, now)}")


def _shown(family: str, verdict: Verdict) -> str:
    return "licence announced" if (family, verdict) == (rsl.FAMILY, Verdict.UNREADABLE) else verdict.value


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
