"""A message before it is Telegram's: HTML text within Telegram's limits, and rows of buttons. Pure."""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass

LONGEST = 4096
"""UTF-16 code units of a text after its mark-up is parsed."""
MOST_ENTITIES = 100
"""Pieces of mark-up in a text."""
LONGEST_DATA = 64
"""Bytes of a button's callback data."""
_UNSAFE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Button:
    """A button: either `data` comes back to us, or `url` is opened."""

    text: str
    data: str = ""
    url: str = ""


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """Telegram HTML and its buttons."""

    text: str
    rows: Rows = ()


def escape(text: str) -> str:
    """The one way in which foreign text gets into a message: safe in HTML, without control and direction characters."""
    return html.escape(_UNSAFE.sub(" ", text), quote=True).replace("&#x27;", "&#39;")


def length(text: str) -> int:
    """UTF-16 code units, which is how Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """The text on one line, at most `most` UTF-16 units long; what is left out becomes an ellipsis."""
    text = " ".join(_UNSAFE.sub(" ", text).split())
    if length(text) <= most:
        return text
    units = text.encode("utf-16-le")[: 2 * (most - 1)]
    return units.decode("utf-16-le", "ignore").rstrip() + "…"


def quoted(text: str, most: int = 600) -> str:
    """A foreign sentence as a block quotation."""
    return f"<blockquote>{escape(cut(text, most))}</blockquote>"


def bold(text: str, most: int = 200) -> str:
    """Foreign text, bold."""
    return f"<b>{escape(cut(text, most))}</b>"


def plain_length(text: str) -> int:
    """Length of a message's text once Telegram has parsed our HTML."""
    return length(html.unescape(re.sub(r"<[^>]*>", "", text)))


def joined(blocks: list[str], most: int = LONGEST - 96) -> str:
    """Blocks one below the other; the last ones are left out when the whole would be too long, or hold too many pieces
    of mark-up. Empty ones vanish.
    """
    kept: list[str] = []
    room, tags = most, MOST_ENTITIES
    for block in filter(None, blocks):
        room -= plain_length(block) + 2
        tags -= block.count("</")
        if room < 0 or tags < 0:
            kept.append("…")
            break
        kept.append(block)
    return "\n\n".join(kept)


def data(verb: str, *arguments: object) -> str:
    """Callback data such as "f:soundcloud": everything a press needs, in at most 64 bytes."""
    found = ":".join([verb, *map(str, arguments)])
    if len(found.encode()) > LONGEST_DATA:
        raise ValueError(f"callback data of more than {LONGEST_DATA} bytes: {found}")
    return found


def short(id_: str) -> str:
    """A platform's id, or a stand-in that no id looks like when it is too long for buttons and links."""
    return id_ if len(id_) <= 40 else "_" + hashlib.sha256(id_.encode()).hexdigest()[:16]
