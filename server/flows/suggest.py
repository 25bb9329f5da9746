"""Suggest a platform: only its host is kept, only when it is one of the public internet, and never who asked."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass

from server.catalogue import Catalogue
from server.core import hosts
from server.core.errors import ClausewatchError, Deadline, SourceError, Unusable
from server.flows.ports import Clock
from server.store import suggestions
from server.store.session import Transaction

LONGEST = 2000
"""Characters of an address."""

_NOT_PUBLIC = {
    *("localhost", "local", "internal", "intranet", "lan", "home", "corp"),
    *("arpa", "onion", "alt", "invalid", "test", "example"),
}
"""Last labels that no public site has (RFC 6761, RFC 6762, RFC 7686, RFC 9476, ICANN's resolution on .internal)."""

Reach = Callable[[str], object]
"""Raises SourceError unless a host name leads to public addresses only."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """What came of a suggestion: `platform` is its id when it is watched already, and then nothing was queued."""

    host: str
    platform: str = ""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Takes suggestions for the operator to decide on."""

    catalogue: Catalogue
    write: Transaction
    clock: Clock
    reach: Reach

    def take(self, address: str) -> Suggested:
        """Queues the host of an address; the same host again only counts. Raises Unusable saying what to send."""
        host = host_of(address)
        if known := self.catalogue.by_host(host):
            return Suggested(host, known.id)
        self._check(host)
        with self.write() as session:
            kept = suggestions.add(session, host, self.clock.now())
        if not kept:
            raise ClausewatchError(
                "There are too many suggestions at the moment; try again in a week.", permanent=False
            )
        return Suggested(host)

    def _check(self, host: str) -> None:
        try:
            self.reach(host)
        except Deadline as late:
            raise ClausewatchError(f"{host} could not be checked just now; try again.", permanent=False) from late
        except SourceError as why:
            raise Unusable(f"{host} does not lead to a public site; check its spelling.") from why


def host_of(address: str) -> str:
    """The host of an address, without www., as everybody spells it. Raises Unusable."""
    if len(address) > LONGEST:
        raise Unusable("The address is too long; the site's name is enough, such as example.com.")
    try:
        host = hosts.normalise(address).removeprefix("www.")
    except ValueError:
        raise Unusable("Write the address of a site, such as https://example.com.") from None
    if "." not in host or _is_number(host) or host.rpartition(".")[2] in _NOT_PUBLIC:
        raise Unusable("Write the name of a public site, such as example.com.")
    return host


def _is_number(host: str) -> bool:
    """Whether it is an address instead of a name; 127.1 and 0x7f.1 are addresses to some programs."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        last = host.rpartition(".")[2]
        return last.isdigit() or last.startswith("0x")
    return True
