"""Host names as one spelling, and the way from a host to its platform."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import idna

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_LABEL = re.compile(r"^(?!-)[a-z0-9_-]{1,63}(?<!-)$")
_LONGEST = 253


def normalise(host_or_url: str) -> str:
    """The host in lower case and ASCII, without scheme, user, port and final dot; ValueError when there is none."""
    bare = _host_part(host_or_url.strip())
    if "%" in bare or not bare:
        raise ValueError(f"no host name in {host_or_url!r}")
    return _as_address(bare) or _as_name(bare, host_or_url)


def lookup(host: str, table: Mapping[str, str]) -> str | None:
    """The entry of the host itself or of its nearest parent domain; None when neither is listed."""
    return next((table[name] for name in _upwards(host) if name in table), None)


def _host_part(text: str) -> str:
    scheme = _SCHEME.match(text)
    if scheme and scheme.group(0).lower() not in ("http://", "https://"):
        raise ValueError(f"{text!r} is not an http address")
    parts = urlsplit(text if scheme else f"//{_bracketed(text)}", scheme="http")
    _ = parts.port  # raises ValueError for a port that is no number
    return (parts.hostname or "").removesuffix(".")


def _bracketed(text: str) -> str:
    """A bare IPv6 address gets the brackets that a URL needs; anything else stays."""
    try:
        return f"[{ipaddress.IPv6Address(text)}]"
    except ValueError:
        return text


def _as_address(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return ""


def _as_name(host: str, given: str) -> str:
    try:
        # Browsers map case, width and ß the UTS 46 way, so the extension and the server agree on the spelling.
        name = host.lower() if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError(f"no host name in {given!r}: {error}") from None
    if len(name) > _LONGEST or not all(_LABEL.match(label) for label in name.split(".")):
        raise ValueError(f"no host name in {given!r}")
    return name


def _upwards(host: str) -> Iterator[str]:
    yield host
    if _as_address(host):
        return
    while "." in host:
        host = host.partition(".")[2]
        yield host
