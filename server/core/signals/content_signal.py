"""Family `content-signal`: Cloudflare's Content Signals (individual IETF draft, 2025), in robots.txt and headers."""

from __future__ import annotations

from collections.abc import Iterator

from server.core.signals import robots
from server.core.signals.crawlers import TOKENS
from server.core.signals.model import Signal, Site, Use, Verdict
from server.core.signals.places import read_place

FAMILY = "content-signal"
USES = {"ai-train": Use.AI_TRAIN, "ai-input": Use.AI_INPUT, "search": Use.SEARCH}
_VERDICTS = {"yes": Verdict.ALLOWED, "no": Verdict.RESERVED}


def read(site: Site) -> Iterator[Signal]:
    """Every signal that is stated, and of each place a word on training. A missing key neither grants nor denies."""
    yield from read_place(FAMILY, site.robots, _from_robots(site))
    yield from read_place(FAMILY, site.page, _from_headers(site))


def _from_headers(site: Site) -> Iterator[Signal]:
    for value in site.page.header("content-signal"):
        yield from _signals(value, f"Content-Signal: {value}", 0, site.page.url, "")


def _from_robots(site: Site) -> Iterator[Signal]:
    parsed = robots.parse(site.robots.text)
    owners = {line.number: group.agents for group in parsed.groups for line in group.lines}
    for line in parsed.lines:
        if line.key == "content-signal":
            for agent in _addressees(owners.get(line.number, ())):
                yield from _signals(line.value, line.raw, line.number, site.robots.url, agent)


def _addressees(agents: tuple[robots.Line, ...]) -> list[str]:
    """Whom a line speaks to: everyone ("") under `*` or outside any group, else the watched crawlers of its group."""
    tokens = [robots.product_token(line.value) for line in agents]
    return [""] if not tokens or "*" in tokens else [TOKENS[token] for token in tokens if token in TOKENS]


def _signals(value: str, raw: str, line: int, url: str, agent: str) -> Iterator[Signal]:
    for part in value.lower().split(","):
        key, _, answer = part.partition("=")
        use, verdict = USES.get(key.strip()), _VERDICTS.get(answer.strip())
        if use and verdict:
            yield Signal(FAMILY, use, verdict, raw, line, url, agent)
