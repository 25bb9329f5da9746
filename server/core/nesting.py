"""Guards before parsing: an HTML parser's time grows with the square of nesting and of attributes on one element."""

from __future__ import annotations

import re

from server.core.errors import UnreadableText

DEPTH = 512
"""Open elements, as many as browsers keep."""
ATTRIBUTES = 5000
"""Attributes on one element that the parser takes in about a third of a second."""
TAGS = 200_000
"""Tags of a page; the longest policies have a tenth of that."""
_FEW_TAGS = 10_000
"""Below this many tags even the worst nesting is parsed in a quarter of a second."""
_LONG_TAG = 10_000
_TRICKY_VALUE = re.compile(r"=\s*+(?:\"[^\">]*+>|'[^'>]*+>)")
_TAG = re.compile(r"<[a-zA-Z](?:[^>\"'=]++|=\s*+\"[^\"]*+\"|=\s*+'[^']*+'|[\"'=])*+>?")
_PARTS = re.compile(r"=|[\s/]+")
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)
_SCRIPT_END = re.compile(r"</script\b", re.IGNORECASE)
_NAME = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_FLAT = frozenset((
    "p", "li", "dt", "dd", "td", "th", "tr", "tbody", "thead", "tfoot", "option", "optgroup", "br", "img", "hr",
    "input", "meta", "link", "wbr", "area", "base", "col", "embed", "source", "track", "param", "colgroup",
))  # fmt: skip
"""Elements that never pile up: void ones, and those that the next of their kind closes."""
_WALLS = frozenset((
    "table", "button", "object", "select", "template", "svg", "math", "caption", "marquee", "applet",
))  # fmt: skip
"""An end tag does not close anything outside of these (the standard's "scope")."""


def check(html: str) -> None:
    """UnreadableText when parsing would take more than about a second."""
    if _has_long_tag(html) or _TRICKY_VALUE.search(html):
        _check_attributes(html)
    tags = html.count("<")
    if tags > TAGS:
        raise UnreadableText(f"the page has more than {TAGS:,} tags; this is no policy page")
    if tags > _FEW_TAGS:
        _check_depth(_without_scripts(html))


def _has_long_tag(html: str) -> bool:
    """Whether there is none of ">" in more than _LONG_TAG characters anywhere, found in strides of that length."""
    at = 0
    while len(html) - at > _LONG_TAG:
        at = html.rfind(">", at, at + _LONG_TAG + 1) + 1
        if not at:
            return True
    return False


def _without_scripts(html: str) -> str:
    """The page up to the first script without an end, without the scripts before it."""
    parts, at = [], 0
    while (opening := _SCRIPT.search(html, at)) and (closing := _SCRIPT_END.search(html, opening.end())):
        parts.append(html[at : opening.start()])
        at = closing.end()
    return "".join([*parts, html[at:]])


def _check_attributes(html: str) -> None:
    if _crowded(html) and _crowded(_without_scripts(html)):
        raise UnreadableText(f"an element of the page has more than {ATTRIBUTES} attributes; this is no policy page")


def _crowded(html: str) -> bool:
    return any(
        match.end() - match.start() > ATTRIBUTES and len(_PARTS.findall(match.group())) > ATTRIBUTES
        for match in _TAG.finditer(html)
    )


def _check_depth(html: str) -> None:
    open_elements: list[str] = []
    for match in _NAME.finditer(html):
        slash, name = match.group(1), match.group(2).lower()
        if name in _FLAT:
            continue
        if slash:
            _close(open_elements, name)
        elif len(open_elements) < DEPTH:
            open_elements.append(name)
        else:
            raise UnreadableText(f"the page nests deeper than {DEPTH} elements; this is no policy page")


def _close(open_elements: list[str], name: str) -> None:
    for at in range(len(open_elements) - 1, -1, -1):
        if open_elements[at] == name:
            del open_elements[at:]
            return
        if open_elements[at] in _WALLS:
            return
