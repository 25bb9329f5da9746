"""A parsed page into blocks of text (headings, paragraphs, items, table rows) and the boxes that hold them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from server.core.blanks import joined

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LISTS = frozenset(("dd", "dl", "ol", "table", "tbody", "tfoot", "thead", "ul"))
"""These can be part of a site's frame, but a policy is more than its longest list."""
_ROOTS = frozenset((
    "article", "aside", "body", "center", "details", "dialog", "div", "fieldset", "footer", "form", "header",
    "html", "main", "nav", "section", "td", "th",
))  # fmt: skip
_BOXES = _ROOTS | _LISTS
"""Elements that can be a frame of a site; those of _ROOTS can hold a policy."""
_LINES = frozenset((
    "address", "blockquote", "caption", "dt", "figcaption", "figure", "hr", "li", "p", "pre", "summary", "tr",
))  # fmt: skip
_BREAKING = _BOXES | HEADINGS | _LINES
_DROPPED = frozenset((
    "audio", "canvas", "embed", "head", "iframe", "img", "input", "link", "map", "math", "meta", "noembed",
    "noframes", "noscript", "object", "option", "picture", "script", "select", "source", "style", "svg", "template",
    "textarea", "title", "video",
))  # fmt: skip
_SEMANTIC = frozenset(("article", "main"))
_SOLID_CHILDREN = frozenset(("p", "ul", "ol", "table", "blockquote", "pre", "dl", *HEADINGS))
_WIDE_CELL = 2000
"""Characters. A cell with more is a column of a page, not a datum."""
_BREAK, _CELL = "\x1e", "\x1f"
_BLANK_LINES = re.compile(r"\n[ \t\r]*\n\s*")
_PARAGRAPH_BREAK = re.compile(f"{_BREAK}[\\s\u200b]*{_BREAK}")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")


@dataclass(slots=True)
class Block:
    """One passage. `running` counts the characters outside of links, `chrome` marks the frame of a site."""

    kind: str
    """h1 to h6, p, li or tr."""
    text: str
    running: int
    chrome: bool
    depth: int = 0
    """For an item: how many lists hold the list it is in."""

    def markdown(self) -> str:
        """The block as one line."""
        if self.kind in HEADINGS:
            return "#" * int(self.kind[1]) + " " + self.text
        if self.kind == "li":
            return "    " * self.depth + "* " + self.text
        if self.kind == "tr":
            return self.text
        return "\\" + self.text if self.text[0] in "#|" else self.text


@dataclass(slots=True)
class Box:
    """An element that holds the blocks from `start` up to `end`."""

    label: str
    start: int
    end: int
    depth: int
    semantic: bool


@dataclass(slots=True)
class _Frame:
    node: LexborNode
    tag: str
    start: int
    chrome: bool
    semantic: bool
    link: bool = False
    solid: bool = False
    preformatted: bool = False


class Walker:
    """Walks below one element without recursion, so that no nesting can exhaust the stack."""

    def __init__(self, chrome: frozenset[int] = frozenset(), skip: frozenset[int] = frozenset()) -> None:
        self.blocks: list[Block] = []
        self.boxes: list[Box] = []
        self._chrome_ids, self._skip = chrome, skip
        self._frames: list[_Frame] = []
        self._buffer: list[str] = []
        self._linked = self._links = self._solid = self._preformatted = self._chrome = self._semantic = self._lists = 0
        self._item = False
        self._kind = "p"

    def walk(self, root: LexborNode) -> None:
        """Adds the blocks and boxes of an element."""
        self._enter(root, root.tag or "")
        node = root.child
        while self._frames:
            if node is None:
                left = self._leave()
                node = left.next if self._frames else None
                continue
            tag = node.tag or "-"
            if tag == "-text":
                self._text(node.text_content or "")
            elif tag == "br":
                self._buffer.append(_BREAK)
            elif not self._drops(node, tag):
                self._enter(node, tag)
                node = node.child
                continue
            node = node.next

    def _drops(self, node: LexborNode, tag: str) -> bool:
        if tag[0] in "-!_" or tag in _DROPPED or (self._skip and node.mem_id in self._skip):
            return True
        # The headings of an accordion are often buttons; any other button is not text.
        return tag == "button" and not self._solid

    def _text(self, text: str) -> None:
        if self._preformatted:
            text = _BLANK_LINES.sub(_BREAK + _BREAK, text)
        self._buffer.append(text)
        if self._links:
            self._linked += len(text)

    def _enter(self, node: LexborNode, tag: str) -> None:
        frame = _Frame(node, tag, 0, False, False)
        if tag in _BREAKING:
            self._enter_block(frame)
        elif tag == "a":
            frame.link = True
            self._links += 1
        self._frames.append(frame)

    def _enter_block(self, frame: _Frame) -> None:
        tag, node = frame.tag, frame.node
        self._flush()
        frame.start = len(self.blocks)
        if tag in HEADINGS:
            frame.solid = not any(child.tag in _SOLID_CHILDREN for child in _children(node))
            self._kind = tag if frame.solid and not self._solid else self._kind
        elif tag == "li":
            self._item = not self._solid
        elif tag in ("ul", "ol"):
            self._lists += 1
        elif tag == "tr":
            frame.solid = _is_data(node)
            self._kind = "tr" if frame.solid and not self._solid else self._kind
        elif tag in ("summary", "dt"):
            frame.solid = True
        elif tag == "pre":
            frame.preformatted = True
        elif tag in _BOXES:
            self._enter_box(frame)
        self._solid += frame.solid
        self._preformatted += frame.preformatted

    def _enter_box(self, frame: _Frame) -> None:
        frame.semantic = frame.tag in _SEMANTIC or (frame.tag == "div" and frame.node.attributes.get("role") == "main")
        frame.chrome = frame.node.mem_id in self._chrome_ids or (frame.tag == "header" and not self._semantic)
        self._semantic += frame.semantic
        self._chrome += frame.chrome

    def _leave(self) -> LexborNode:
        frame = self._frames.pop()
        if frame.link:
            self._links -= 1
        elif frame.tag in _BREAKING:
            self._leave_block(frame)
        return frame.node

    def _leave_block(self, frame: _Frame) -> None:
        tag = frame.tag
        self._solid -= frame.solid
        if self._solid and tag in ("td", "th"):
            self._buffer.append(_CELL)
        self._flush()
        self._preformatted -= frame.preformatted
        if tag in HEADINGS or tag == "tr":
            self._kind = self._kind if self._solid else "p"
        elif tag == "li":
            self._item = False
        elif tag in ("ul", "ol"):
            self._lists -= 1
        if tag in _BOXES:
            self._semantic -= frame.semantic
            self._chrome -= frame.chrome
            if tag in _ROOTS and len(self.blocks) > frame.start:
                box = Box(frame.tag, frame.start, len(self.blocks), len(self._frames), frame.semantic)
                self.boxes.append(box)

    def _flush(self) -> None:
        """Ends a block, except within a heading or a row, where inner blocks are only parted by a blank."""
        if self._solid:
            self._buffer.append(" ")
            return
        if not self._buffer:
            return
        raw = "".join(self._buffer)
        linked, self._linked = self._linked, 0
        self._buffer.clear()
        # Two line breaks part paragraphs, but the cells of a row stay together.
        parts = _PARAGRAPH_BREAK.split(raw) if _BREAK in raw and self._kind == "p" else [raw]
        for part in parts:
            if text := _row(part) if self._kind == "tr" else clean(part):
                self._add(text, linked)
                linked = 0

    def _add(self, text: str, linked: int) -> None:
        kind = "li" if self._item and self._kind == "p" else self._kind
        self._item = self._item and kind != "li"
        depth = max(self._lists - 1, 0) if kind == "li" else 0
        self.blocks.append(Block(kind, text, max(len(text) - linked, 0), self._chrome > 0, min(depth, 8)))


def clean(text: str) -> str:
    """One line: blanks joined, characters without width taken out."""
    text = text.strip()
    if "  " not in text and text.isprintable():
        return text  # as most are: looked through once, for it is a long way through all of a page
    text = joined(text)
    return text if text.isprintable() else joined(_INVISIBLE.sub("", text))


def _row(text: str) -> str:
    cells = [clean(cell) for cell in text.split(_CELL)]
    return "| " + " | ".join(cells[:-1] if len(cells) > 1 else cells) + " |" if any(cells) else ""


def _is_data(row: LexborNode) -> bool:
    """Whether a row holds data; else the table only lays out a page."""
    cells = [child for child in _children(row) if child.tag in ("td", "th")]
    if len(cells) < 2 or row.css_first("table,h1,h2,h3,h4,h5,h6") is not None:
        return False
    return all(len(cell.text_content or "") <= _WIDE_CELL for cell in cells)


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        yield child
        child = child.next
