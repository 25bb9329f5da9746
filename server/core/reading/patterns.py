"""Long patterns from short lines: alternatives with named parts, so that each line can be read by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping


def filled(pattern: str, parts: Mapping[str, str]) -> str:
    """The pattern with each <part> replaced by what it stands for; parts may hold parts, two deep."""
    for _ in range(3):
        for name, part in parts.items():
            pattern = pattern.replace(f"<{name}>", part)
    return pattern


def any_of(patterns: Iterable[str], parts: Mapping[str, str] | None = None) -> re.Pattern[str]:
    """A pattern that finds any of these, whatever the case."""
    return re.compile("|".join(f"(?:{filled(pattern, parts or {})})" for pattern in patterns), re.IGNORECASE)
