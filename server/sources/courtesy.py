"""What a site's robots.txt asks of our own agent (RFC 9309), for pages and feeds alike."""

from __future__ import annotations

from typing import Protocol
from urllib.parse import urlsplit

from server.core.errors import Refused
from server.core.signals import robots
from server.core.signals.robots import Robots

AGENT = "Clausewatch"


def host_of(url: str) -> str:
    """The host by which visits to an address are spaced: with and without www. it is one site."""
    return urlsplit(url).netloc.lower().removeprefix("www.")


class Rules(Protocol):
    """Knows the robots.txt of sites."""

    def robots(self, url: str) -> Robots | None:
        """The rules in force for `url`; None when the site has none. Raises SourceError."""
        ...


def check_robots(web: Rules, url: str) -> None:
    """Raises Refused for what the site keeps from our own agent."""
    rules = web.robots(url)
    if rules is None:
        return
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not robots.allowed(rules, AGENT, target):
        error = Refused(f"{url}: the site's robots.txt asks {AGENT} to stay out.")
        error.cause = "robots.txt says no"
        raise error
