"""Texts that come in on the command line: from a file, from standard input, or as JSON lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from server.core.clauses import cut
from server.core.errors import ClausewatchError, UnreadableText
from server.core.model import Clause, MediaType

LARGEST_TEXT = 20_000_000
"""Bytes; a larger file is not a policy text."""
SUFFIXES = {".html": MediaType.HTML, ".htm": MediaType.HTML, ".txt": MediaType.PLAIN}

Record = dict[str, Any]


def load(source: str) -> bytes:
    """The bytes of a file, or of standard input for "-"; raises ClausewatchError when there is nothing to read."""
    if source == "-":
        return sys.stdin.buffer.read(LARGEST_TEXT)
    path = Path(source)
    try:
        if path.stat().st_size > LARGEST_TEXT:
            raise ClausewatchError(f"{source} is larger than {LARGEST_TEXT // 1_000_000} MB: give one policy text")
        return path.read_bytes()
    except OSError as error:
        raise ClausewatchError(f"cannot read {source}: {error.strerror or error}") from error


def media_type(name: str | None, source: str = "") -> MediaType:
    """The media type of that name; without one, what the file's ending says; else Markdown."""
    if not name:
        return SUFFIXES.get(Path(source).suffix.lower(), MediaType.MARKDOWN)
    try:
        return MediaType(name)
    except ValueError as error:
        known = ", ".join(MediaType)
        raise ClausewatchError(f"unknown media type {name!r}: use one of {known}") from error


def clauses(data: bytes | str, kind: MediaType) -> tuple[Clause, ...]:
    """The passages of a text of that media type; raises UnreadableText when there are none."""
    if kind is MediaType.HTML:
        from server.core.extract import extract

        page = data.encode("utf-8", "replace") if isinstance(data, str) else data
        text = extract(page, kind).text
    else:
        text = data if isinstance(data, str) else data.decode("utf-8-sig", "replace")
    found = cut(text)
    if not found:
        raise UnreadableText("the text has no words: give the text of a policy")
    return found


def answer_lines(answer: Callable[[Record], Record]) -> None:
    """Answer each JSON object on standard input with one line; a failure as {"id", "error"}, and go on."""
    for line in sys.stdin.buffer:
        if line.strip():
            sys.stdout.write(json.dumps(_answered(line, answer), ensure_ascii=False) + "\n")
            sys.stdout.flush()


def _answered(line: bytes, answer: Callable[[Record], Record]) -> Record:
    identity: Any = None
    try:
        record = json.loads(line)
        if not isinstance(record, dict):
            raise ClausewatchError("each line must be a JSON object")
        identity = record.get("id")
        return {"id": identity, **answer(record)}
    except KeyError as error:
        return {"id": identity, "error": f"the object lacks {error}"}
    except Exception as error:
        return {"id": identity, "error": str(error) or type(error).__name__}


def wanted_text(record: Record, key: str) -> str:
    """The text under a key of a JSON line; raises ClausewatchError when it is no string."""
    text = record[key]
    if not isinstance(text, str):
        raise ClausewatchError(f"{key!r} must be a string")
    return text
