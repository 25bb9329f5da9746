"""Manners for pages, feeds and signals alike: one visitor a host, and what robots.txt asks of our own agent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Protocol
from urllib.parse import urlsplit

from server.core.errors import Refused
from server.core.signals import robots
from server.core.signals.robots import Robots

AGENT = "Clausewatch"
HOP_PATIENCE = 8.0
"""Seconds that a visit may wait for the host to which a redirect leads."""


def host_of(url: str) -> str:
    """The host by which visits to an address are spaced: with and without www. it is one site."""
    return urlsplit(url).netloc.lower().removeprefix("www.")


class Rules(Protocol):
    """Knows the robots.txt of sites."""

    def robots(self, url: str) -> Robots | None:
        """The rules in force for `url`; None when the site has none. Raises SourceError."""
        ...


class Visits(Protocol):
    """Keeps hosts from seeing two requests at once."""

    def visit(self, host: str, *, patience: float = 0.0) -> AbstractContextManager[None]:
        """Holds the host for one request; raises Busy."""
        ...


@contextmanager
def visiting(web: Rules, visits: Visits, url: str, patience: float = 0.0) -> Iterator[Callable[[str], None]]:
    """Holds the host of `url`, and gives what `Web.get` is to ask about each address on the way.

    It holds the hosts that redirects lead to as well, and refuses what their robots.txt closes to us. Raises Busy.
    """
    with ExitStack() as held:
        held.enter_context(visits.visit(host_of(url), patience=patience))
        hosts = {host_of(url)}

        def permit(address: str) -> None:
            if (host := host_of(address)) not in hosts:
                held.enter_context(visits.visit(host, patience=HOP_PATIENCE))
                hosts.add(host)
            check_robots(web, address)

        yield permit


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
