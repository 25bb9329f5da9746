"""What XML can hold: texts from elsewhere carry characters that no XML file may have, not even escaped."""

from __future__ import annotations

import re

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legible(text: str) -> str:
    """The text without what XML 1.0 forbids."""
    return _NOT_XML.sub("", text)
