"""The tags of an HTML page with their lines, in one pass whose time grows with the page and not faster.

The parser of the standard library takes minutes for some pages of half a megabyte, and trees know no lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

_OPENING = re.compile(r"<(?:(?P<comment>!--)|(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*)|[!?/])")
_ATTRIBUTE = re.compile(r"""[\s/]*(?:(>)|([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*)?))?)""")
_CLOSING = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes")
}
"""Elements whose content is text and no mark-up."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag, or an end tag (its name begins with "/")."""

    name: str
    attributes: dict[str, str]
    content: str
    """For scripts and the like: the text inside."""
    line: int


def tags(text: str) -> Iterator[Tag]:
    """The tags in order; what stands in comments, scripts and attributes is none. Ends where a part is never closed."""
    position, line, counted = 0, 1, 0
    while opening := _OPENING.search(text, position):
        line += text.count("\n", counted, opening.start())
        counted = opening.start()
        name = (opening["name"] or "").lower()
        if opening["comment"]:
            position = _behind(text, "-->", counted + 2)
        elif not name or opening["end"]:
            position = _behind(text, ">", opening.end())
            yield Tag(f"/{name}", {}, "", line)
        else:
            attributes, position = _attributes(text, opening.end())
            closing = _CLOSING[name].search(text, position) if name in _CLOSING else None
            yield Tag(name, attributes, text[position : closing.start()] if closing else "", line)
            position = closing.start() if closing else len(text) if name in _CLOSING else position


def _behind(text: str, mark: str, start: int) -> int:
    found = text.find(mark, start)
    return found + len(mark) if found >= 0 else len(text)


def _attributes(text: str, position: int) -> tuple[dict[str, str], int]:
    """The attributes of a tag, the first of each name, and where the tag ends."""
    found: dict[str, str] = {}
    while match := _ATTRIBUTE.match(text, position):
        position = match.end()
        closed, name, *values = match.groups()
        if closed:
            return found, position
        found.setdefault(name.lower(), unescape(next((value for value in values if value is not None), "")))
    return found, len(text)
