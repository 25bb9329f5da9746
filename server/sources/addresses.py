"""Which addresses we connect to: public ones only, resolved once and checked before each connection."""

from __future__ import annotations

import ipaddress
import queue
import re
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlsplit

from server.core.errors import Deadline, Refused, SourceError

PORTS = {"http": 80, "https": 443}
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_CARRIES_IPV4 = (ipaddress.ip_network("2002::/16"), ipaddress.ip_network("2001::/32"), *_NAT64)
"""6to4, Teredo and NAT64 lead to the IPv4 address inside them, wherever that is."""
_NOT_PUBLIC = tuple(
    map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "fec0::/10", "3fff::/20"))
)
"""What Python calls global, or did in some of its versions: protocol assignments and two clouds' metadata servers among
them (Oracle, Azure), 6to4 relays, the private addresses that IPv6 had first, and documentation.
"""
_HOST = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?\.?\Z")
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart: where to connect and what to ask for."""

    url: str
    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: headers meant for one origin never go to another."""
        return self.scheme, self.host, self.port

    @property
    def host_header(self) -> str:
        """The host as a request names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


@lru_cache(maxsize=64)  # a fetch asks twice: for robots.txt and for the page
def parse(url: str, allow_private: bool = False) -> Target:
    """Takes an address apart. Refused unless http or https on the usual port; with `allow_private` any port."""
    if _FORBIDDEN.search(url):
        raise Refused(f"{url!r} holds blanks, control characters or backslashes; write the address percent-encoded")
    try:
        parts = urlsplit(url)
        port, host = parts.port, _ascii(parts.hostname or "")
    except ValueError as error:
        raise Refused(f"{url!r} is not an address: {error}") from error
    if parts.scheme not in PORTS or not host:
        raise Refused(f"{url!r} is not an http or https address")
    if parts.username is not None or parts.password is not None:
        raise Refused(f"the address of {host} carries a user name; take it out")
    usual = PORTS[parts.scheme]
    if port not in (None, usual) and not allow_private:
        raise Refused(f"{host} is to be reached on port {port}; only 80 (http) and 443 (https) are")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._[]")
    query = "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]{}|^`\"<>") if parts.query else ""
    return Target(
        parts._replace(fragment="").geturl(), parts.scheme, host, usual if port is None else port, path + query
    )


def _ascii(host: str) -> str:
    """The host in lower-case ASCII; ValueError when it is no host name or address."""
    if ":" in host:
        return str(ipaddress.IPv6Address(host))
    ascii_host = host if host.isascii() else host.encode("idna").decode("ascii")
    if not _HOST.match(ascii_host):
        raise ValueError(f"{host!r} is not a host")
    return ascii_host.rstrip(".")


def is_public(ip: Address) -> bool:
    """Whether an address is one of the public internet, and none that leads to another one."""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(ip.ipv4_mapped)
        if any(ip in network for network in _CARRIES_IPV4) or int(ip) >> 32 == 0:
            return False
    if any(ip in network for network in _NOT_PUBLIC):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified


def _address(text: str) -> Address:
    return ipaddress.ip_address(text.partition("%")[0])


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a host as the system resolves them. SourceError if there is none, Deadline if nobody knows."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
            raise Deadline(f"no name server told the address of {host}; is there a network here?") from error
        raise SourceError(f"no address for {host}: {error}") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def resolve(target: Target, look_up: Resolver, allow_private: bool, seconds: float) -> list[str]:
    """The checked addresses of a target. Refused when any is not public, Deadline when asking takes too long."""
    found = _in_time(target, look_up, seconds)
    if not found:
        raise SourceError(f"no address for {target.host}")
    if not allow_private and (private := [text for text in found if not is_public(_address(text))]):
        raise Refused(f"{target.host} leads to {private[0]}, which is not a public address; it is not fetched.")
    return found


def reach(host: str, *, allow_private: bool = False, look_up: Resolver = look_up, seconds: float = 3.0) -> None:
    """Whether a name leads to public addresses only; nothing is fetched. Raises as `resolve` does."""
    resolve(parse(f"https://{host}/"), look_up, allow_private, seconds)


def _in_time(target: Target, look_up: Resolver, seconds: float) -> list[str]:
    """The system's resolver knows no deadline, so it is asked in a thread that can be left behind."""
    if literal := _literal(target.host):
        return [literal]
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(look_up(target.host, target.port))
        except Exception as error:
            answers.put(error)

    threading.Thread(target=ask, name="look-up", daemon=True).start()
    try:
        answer = answers.get(timeout=max(seconds, 0.001))
    except queue.Empty:
        raise Deadline(f"no answer about the address of {target.host} in time") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _literal(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return ""
