"""Bytes of a page into the text of its policy: one block a line, blocks parted by an empty line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from server.core import nesting, roots
from server.core.blocks import Block, Walker, clean
from server.core.charset import decode, storable
from server.core.errors import UnreadableText

METHOD = "1"
"""Raise it when the same page becomes another text: pages that look unchanged are then read anew."""
_HTML = ("text/html", "application/xhtml+xml")
_PLAIN = ("text/plain", "text/markdown", "text/x-markdown")
_LOOKS_LIKE_HTML = re.compile(
    r"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_SEPARATORS = str.maketrans({"\x1e": " ", "\x1f": " ", "\x00": " "})


@dataclass(frozen=True, slots=True)
class Extraction:
    """The text of a page as Markdown-like lines, its title, where the text was found, and how many blocks it has."""

    text: str
    title: str = ""
    root: str = "whole"
    blocks: int = 0


def extract(
    data: bytes, media_type: str, *, charset: str = "", select: Sequence[str] = (), remove: Sequence[str] = ()
) -> Extraction:
    """The policy text of a page; empty when it draws nothing. UnreadableText when the bytes are not a text."""
    kind = media_type.partition(";")[0].strip().lower()
    html = decode(data, charset)
    # Servers that do not know a page's type call it plain text or whatever they like; those that know none say nothing.
    if kind in _HTML or (kind not in _PLAIN[1:] and _LOOKS_LIKE_HTML.match(html[:4096])):
        return _from_html(html, select, remove)
    if kind not in (*_PLAIN, "", "application/octet-stream", "text/xml", "application/xml"):
        raise UnreadableText(f"{kind} is not a kind of text; name the address of a page, a PDF or a plain text")
    text = "\n".join(line.rstrip() for line in storable(html).splitlines()).strip("\n")
    return Extraction(text, "", "plain text", len([part for part in re.split(r"\n\s*\n", text) if part.strip()]))


def is_selector(text: str) -> bool:
    """Whether a text is a CSS selector that pages can be searched by."""
    try:
        LexborHTMLParser("<p>").css(text)
    except Exception:  # selectolax raises several kinds
        return False
    return True


def _from_html(html: str, select: Sequence[str], remove: Sequence[str]) -> Extraction:
    nesting.check(html)
    html = html.encode("utf-8", "replace").decode().translate(_SEPARATORS) if _has_oddities(html) else html
    tree = LexborHTMLParser(html)
    body = tree.body
    if body is None:
        raise UnreadableText("the page has no body (it may be a frame set); name the address of the frame itself")
    title = tree.css_first("title")
    blocks, root = _chosen(tree, body, select, frozenset(node.mem_id for node in _matches(tree, remove)))
    text = "\n\n".join(block.markdown() for block in blocks)
    return Extraction(text, clean(title.text()) if title is not None else "", root, len(blocks))


def _has_oddities(html: str) -> bool:
    return "\x1e" in html or "\x1f" in html or "\x00" in html or not _encodes(html)


def _encodes(html: str) -> bool:
    try:
        html.encode()
    except UnicodeEncodeError:
        return False
    return True


def _chosen(
    tree: LexborHTMLParser, body: LexborNode, select: Sequence[str], skip: frozenset[int]
) -> tuple[Sequence[Block], str]:
    if select and (chosen := _outermost(_matches(tree, select))):
        walker = Walker(skip=skip)
        for node in chosen:
            walker.walk(node)
        if walker.blocks:
            return walker.blocks, "selected: " + ", ".join(select)
    walker = Walker(frozenset(node.mem_id for node in tree.css(roots.CHROME)), skip)
    walker.walk(body)
    blocks, root = roots.find(walker.blocks, walker.boxes)
    return blocks, f"selectors match nothing ({', '.join(select)}); {root}" if select else root


def _matches(tree: LexborHTMLParser, selectors: Iterable[str]) -> Iterator[LexborNode]:
    for selector in selectors:
        try:
            yield from tree.css(selector)
        except Exception as error:
            # selectolax raises several kinds; the catalogue's loader reports a wrong selector to its author.
            raise UnreadableText(f"{selector!r} is not a CSS selector; correct it in the catalogue") from error


def _outermost(nodes: Iterable[LexborNode]) -> list[LexborNode]:
    """Nodes that no other one of them holds, each once."""
    by_id = {node.mem_id: node for node in nodes}
    return [node for node in by_id.values() if not _inside(node, by_id)]


def _inside(node: LexborNode, others: dict[int, LexborNode]) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.mem_id in others:
            return True
        parent = parent.parent
    return False
