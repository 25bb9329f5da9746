"""Redaction: secrets taken out of what is logged or reported."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

HIDDEN = "…"
LEAST = 4
"""Characters; replacing shorter secrets would tear words apart and hide nothing."""
_IN_ADDRESS = re.compile(r"(?<=://)[^\s/@'\"]+@")
_TOKEN = re.compile(r"\b\d{5,}:[A-Za-z0-9_-]{20,}")


class Redactor:
    """Takes known secrets, users and passwords in addresses, and bot tokens out of texts."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        parts = {part for secret in secrets for part in _parts(secret) if len(part) >= LEAST}
        # The longest first: what contains another secret must not be left in half.
        self._known = sorted(parts, key=len, reverse=True)

    def text(self, text: str) -> str:
        """`text` without secrets."""
        for secret in self._known:
            text = text.replace(secret, HIDDEN)
        return _TOKEN.sub(HIDDEN, _IN_ADDRESS.sub(f"{HIDDEN}@", text))

    def tree(self, value: Any) -> Any:
        """The same for every text in lists and tables."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(str(key)): self.tree(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.tree(inner) for inner in value]
        return value


def _parts(secret: str) -> list[str]:
    """The secret itself and, of an address, its password as written and as meant."""
    password = urlsplit(secret).password if "://" in secret else None
    return [secret, password, unquote(password)] if password else [secret]
