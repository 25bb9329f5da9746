"""From the bytes of a page to the text of the policy: one block a line, Markdown-like, without the page's frame."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from server.core.errors import UnreadableText

ROOT_SHARE = 0.9
"""The root is the deepest element that still holds this share of the page's running text."""
DEEPEST = 400
"""Elements nested deeper than this are read as the text of their ancestor."""

_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_BLOCKS = {
    *("p", "li", "ul", "ol", "div", "section", "article", "main", "table", "tbody", "thead", "tfoot", "tr", "dl"),
    *("dt", "dd", "blockquote", "pre", "figure", "figcaption", "details", "summary", "body", "html", "fieldset"),
    *("address", "hr", "center", "header", "footer", "aside", "nav", "form", *_HEADINGS),
}
_DROPPED = {
    *("script", "style", "noscript", "template", "svg", "iframe", "button", "select", "option", "head", "img", "video"),
    *("audio", "canvas", "dialog", "input", "textarea", "nav"),
}
_FRAME = (
    "script,style,noscript,template,svg,nav,footer,aside,dialog,[role=navigation],[role=banner],[role=contentinfo],"
    "[role=dialog],[role=search],[aria-hidden=true],[hidden]"
)
_SPACE = re.compile(r"[\s\u00a0\u200b\ufeff]+")
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-zA-Z0-9_.:-]{2,40})", re.IGNORECASE)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Extraction:
    """The policy's text and how it was found."""

    text: str
    title: str = ""
    root: str = "whole"
    """selector, found (by the densest element), or whole (not HTML)."""
    blocks: int = 0


def extract(
    data: bytes, media_type: str, *, charset: str = "", select: Sequence[str] = (), remove: Sequence[str] = ()
) -> Extraction:
    """The text of a page. Selectors go first; without a match the root is found. Raises UnreadableText."""
    kind = media_type.partition(";")[0].strip().lower()
    text = decode(data, charset)
    if kind in {"text/html", "application/xhtml+xml"} or (not kind and "<html" in text[:2000].lower()):
        return _from_html(text, select, remove)
    if kind.startswith("text/") or not kind:
        return Extraction(text, blocks=text.count("\n\n") + 1)
    raise UnreadableText(f"{kind} holds no text that can be read.")


def decode(data: bytes, charset: str = "") -> str:
    """Bytes as text: byte order mark, then the header's charset, then the page's own, then UTF-8, then Windows-1252."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, errors="replace")
    declared = _META_CHARSET.search(data[:4096])
    for name in (charset, declared.group(1).decode("ascii") if declared else "", "utf-8"):
        try:
            if name:
                return data.decode("utf-8" if name.lower() in {"utf8", "utf-8"} else name)
        except (UnicodeError, LookupError):
            continue
    return data.decode("cp1252", errors="replace")


def _from_html(html: str, select: Sequence[str], remove: Sequence[str]) -> Extraction:
    tree = LexborHTMLParser(html.replace("\x00", ""))
    if tree.body is None:
        raise UnreadableText("The page has no body.")
    title = tree.css_first("title")
    shown = _SPACE.sub(" ", title.text()).strip() if title else ""
    _drop(tree, remove)
    roots = _selected(tree, select)
    how = "selector" if roots else "found"
    if not roots:
        _drop(tree, [_FRAME])
        roots = [_densest(tree.body)]
    blocks = [block for root in roots for block in _walk(root)]
    return Extraction("\n\n".join(blocks), shown, how, len(blocks))


def _drop(tree: LexborHTMLParser, selectors: Sequence[str]) -> None:
    for selector in selectors:
        try:
            found = tree.css(selector)
        except (ValueError, RuntimeError) as why:
            raise UnreadableText(f"The selector {selector!r} cannot be used ({why}).") from why
        for node in found:
            if node.tag not in {"html", "body"}:
                node.decompose()


def _selected(tree: LexborHTMLParser, selectors: Sequence[str]) -> list[LexborNode]:
    try:
        return [node for selector in selectors for node in tree.css(selector)]
    except (ValueError, RuntimeError) as why:
        raise UnreadableText(f"A selector of {list(selectors)!r} cannot be used ({why}).") from why


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        yield child
        child = child.next


def _densest(body: LexborNode) -> LexborNode:
    """The deepest element that holds nearly all running text; short texts and link texts do not count."""
    scores: dict[int, int] = {}

    def own(node: LexborNode, depth: int) -> int:
        total = 0
        for child in _children(node):
            if child.tag == "-text":
                length = len((child.text_content or "").strip())
                total += length if length >= 40 else 0
            elif child.tag != "a" and _is_element(child) and child.tag not in _DROPPED and depth < DEEPEST:
                total += own(child, depth + 1)
        scores[node.mem_id] = total
        return total

    whole, node = own(body, 0), body
    while whole:
        inner = next((c for c in _children(node) if scores.get(c.mem_id, 0) >= ROOT_SHARE * whole), None)
        if inner is None or inner.tag in {"p", "li", *_HEADINGS}:
            break
        node = inner
    return node


def _is_element(node: LexborNode) -> bool:
    return (node.tag or "-")[0] not in "-!_"


class _Writer:
    """Collects inline text and turns it into blocks."""

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self._inline: list[str] = []
        self.kinds = ["p"]

    def add(self, text: str) -> None:
        """More of the block at hand."""
        self._inline.append(text)

    def end(self) -> None:
        """Ends the block at hand."""
        text = _SPACE.sub(" ", "".join(self._inline)).strip(" |")
        self._inline.clear()
        if text:
            self.blocks.append(_marked(self.kinds[-1], text))


def _marked(kind: str, text: str) -> str:
    if kind in _HEADINGS:
        return f"{'#' * _HEADINGS[kind]} {text}"
    if kind == "li":
        return f"* {text}"
    return f"| {text} |" if kind == "tr" else text


def _walk(root: LexborNode) -> list[str]:
    writer = _Writer()
    _walk_into(root, writer, 0)
    writer.end()
    return writer.blocks


def _walk_into(node: LexborNode, writer: _Writer, depth: int) -> None:
    if depth > DEEPEST:
        writer.add(node.text(separator=" "))
        return
    for child in _children(node):
        tag = child.tag or "-"
        if tag == "-text":
            writer.add(child.text_content or "")
        elif tag == "br":
            writer.add(" ")
        elif not _is_element(child) or tag in _DROPPED:
            continue
        elif tag in _BLOCKS:
            writer.end()
            writer.kinds.append(_kind(tag, writer.kinds[-1]))
            _walk_into(child, writer, depth + 1)
            writer.end()
            writer.kinds.pop()
        else:
            _walk_into(child, writer, depth + 1)
            if tag in {"td", "th"}:
                writer.add(" | ")


def _kind(tag: str, around: str) -> str:
    """A paragraph within a list item or table row belongs to it."""
    if tag in _HEADINGS or tag in {"li", "tr"}:
        return tag
    return around if around in {"li", "tr"} and tag in {"p", "div"} else "p"
