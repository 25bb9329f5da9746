"""Family `robots`: which training crawlers the robots.txt shuts out of the page."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from server.core.signals import robots
from server.core.signals.crawlers import WATCHED
from server.core.signals.model import Signal, Site, Use, Verdict

FAMILY = "robots"


def read(site: Site) -> Iterator[Signal]:
    """One for each watched crawler with a rule of its own and for `*` when it closes the page; else one silence."""
    if site.robots.trouble:
        yield Signal(FAMILY, Use.AI_TRAIN, Verdict.UNREADABLE, site.robots.trouble, url=site.robots.url)
        return
    parsed = robots.parse(site.robots.text)
    path = path_of(site.page.url)
    found = [signal for token in _addressed(parsed) if (signal := _signal(parsed, token, path, site.robots.url))]
    yield from found or [Signal(FAMILY, Use.AI_TRAIN, Verdict.SILENT, url=site.robots.url)]


def path_of(url: str) -> str:
    """Path and query of an address, as robots.txt compares them."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _addressed(parsed: robots.Robots) -> list[str]:
    return [token for token in ("*", *(crawler.token for crawler in WATCHED)) if token.lower() in parsed.named]


def _signal(parsed: robots.Robots, token: str, path: str, url: str) -> Signal | None:
    decision = robots.decide(parsed, token, path)
    rule = decision.rule or _empty_disallow(parsed, token)
    if rule is None or decision.agent is None or (token == "*" and decision.allowed):
        return None  # that everyone may crawl says nothing about training
    verdict = Verdict.ALLOWED if decision.allowed else Verdict.RESERVED
    evidence = f"{decision.agent.raw} / {rule.raw}"
    return Signal(FAMILY, Use.AI_TRAIN, verdict, evidence, rule.number, url, token)


def _empty_disallow(parsed: robots.Robots, token: str) -> robots.Line | None:
    """`Disallow:` with nothing behind it is the old way to say that a crawler may fetch everything."""
    lines = (line for _, group in robots.groups_for(parsed, token) for line in group.lines)
    return next((line for line in lines if line.key == "disallow" and not line.value), None)
