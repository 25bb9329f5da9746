"""Which network addresses we connect to: public ones. The check is made on the address that is then dialled."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator

from server.core.errors import Refused, SourceError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_CGNAT = ipaddress.ip_network("100.64.0.0/10")


def is_public(address: Address) -> bool:
    """Whether an address, and any IPv4 address wrapped in it (mapped, 6to4, Teredo, NAT64), is a public one."""
    return all(one.is_global and not one.is_multicast and not _is_shared(one) for one in _unwrapped(address))


def _is_shared(address: Address) -> bool:
    return isinstance(address, ipaddress.IPv4Address) and address in _CGNAT


def _unwrapped(address: Address) -> Iterator[Address]:
    yield address
    if isinstance(address, ipaddress.IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        yield from (one for one in inner if one is not None)


def resolve(host: str, port: int, *, allow_private: bool) -> str:
    """One address of `host` that we may connect to. Raises Refused when it has none, SourceError when unknown."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as why:
        raise SourceError(f"{host} cannot be resolved ({why}).") from why
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    usable = [text for text in addresses if allow_private or is_public(ipaddress.ip_address(text))]
    if not usable:
        raise Refused(f"{host} leads to {addresses[0]}, which is not a public address; it is not fetched.")
    return usable[0]
