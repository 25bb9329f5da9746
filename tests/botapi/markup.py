"""Telegram's HTML, parsed as strictly as Telegram does (https://core.telegram.org/bots/api#html-style)."""

from __future__ import annotations

import html
import re
from typing import Any

TAGS = {
    "b",
    "strong",
    "i",
    "em",
    "u",
    "ins",
    "s",
    "strike",
    "del",
    "a",
    "code",
    "pre",
    "blockquote",
    "tg-spoiler",
    "span",
}
_TAG = re.compile(r"<(/?)([a-zA-Z-]*)([^<>]*)>")
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")
LONGEST, MOST_ENTITIES = 4096, 100


class Refused(Exception):
    """What Telegram answers with 400; the message is its description."""


def utf16(text: str) -> int:
    """Length in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse(source: str, mode: str | None) -> tuple[str, list[str]]:
    """Plain text and the tags of its entities. Raises Refused as Telegram does."""
    text, entities = (source, []) if mode is None else _parse_html(source)
    text = text.strip()
    if not text:
        raise Refused("Bad Request: message text is empty")
    if utf16(text) > LONGEST:
        raise Refused("Bad Request: message is too long")
    if len(entities) > MOST_ENTITIES:
        raise Refused("Bad Request: too many entities")
    return text, entities


def _parse_html(source: str) -> tuple[str, list[str]]:
    out: list[str] = []
    opened: list[str] = []
    entities: list[str] = []
    at = 0
    for match in _TAG.finditer(source):
        out.append(_plain(source[at : match.start()]))
        at = match.end()
        closing, name, rest = match.group(1), match.group(2).lower(), match.group(3)
        if name not in TAGS:
            raise Refused(f'Bad Request: can\'t parse entities: Unsupported start tag "{name}"')
        if not closing:
            opened.append(name)
            entities.append(name + rest)
        elif not opened or opened.pop() != name:
            raise Refused(f'Bad Request: can\'t parse entities: Unmatched end tag "{name}"')
    out.append(_plain(source[at:]))
    if opened:
        raise Refused(
            f"Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"{opened[-1]}\""
        )
    return "".join(out), entities


def _plain(piece: str) -> str:
    if "<" in piece:
        raise Refused("Bad Request: can't parse entities: Unclosed start tag")
    return _ENTITY.sub(lambda match: html.unescape(match.group(0)), piece)


def check_keyboard(markup: dict[str, Any] | None) -> None:
    """Raises Refused for a keyboard that Telegram would not take."""
    rows = (markup or {}).get("inline_keyboard", [])
    if sum(map(len, rows)) > 100 or any(len(row) > 8 for row in rows):
        raise Refused("Bad Request: too many buttons")
    for button in (button for row in rows for button in row):
        data = button.get("callback_data")
        if data is not None and not 1 <= len(data.encode()) <= 64:
            raise Refused("Bad Request: BUTTON_DATA_INVALID")
        if "url" in button and not button["url"].startswith(("http://", "https://", "tg://")):
            raise Refused("Bad Request: inline keyboard button URL is invalid")
        if not button.get("text"):
            raise Refused("Bad Request: text buttons are not allowed to be empty")
