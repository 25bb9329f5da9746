"""Structured fields (RFC 9651), as far as signals use them."""

from __future__ import annotations

import http_sf
from http_sf import Token


def read_dictionary(value: str) -> dict[str, str]:
    """The labels of a dictionary with a token as value; other values come as "", a broken dictionary as {}."""
    try:
        members = http_sf.parse(value.encode("ascii"), tltype="dictionary")
    except (ValueError, UnicodeEncodeError, RecursionError):
        return {}
    if not isinstance(members, dict):
        return {}
    return {label: _token(member) for label, member in members.items()}


def _token(member: object) -> str:
    item = member[0] if isinstance(member, tuple) else member
    return str(item) if isinstance(item, Token) else ""
