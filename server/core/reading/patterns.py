"""Long patterns from short lines: alternatives with named parts, so that each line can be read by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping

from server.core.reading.parties import PARTS


def filled(pattern: str, parts: Mapping[str, str]) -> str:
    """The pattern with each <part> replaced by what it stands for; parts may hold parts, two deep."""
    for _ in range(3):
        for name, part in parts.items():
            pattern = pattern.replace(f"<{name}>", part)
    return pattern


def any_of(*patterns: str, parts: Mapping[str, str] = PARTS) -> re.Pattern[str]:
    """A pattern that finds any of these, whatever the case; its parts are those of `parties.py` and those given."""
    return re.compile("|".join(f"(?:{filled(pattern, {**PARTS, **parts})})" for pattern in patterns), re.IGNORECASE)
