"""Text into clauses: one paragraph, heading, list item or table row each, with an id that only its words decide."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from server.core.blanks import joined
from server.core.model import Clause

LEAD_LENGTH = 600
"""Characters kept of the words that introduce a list."""
WIDEST = 140
"""Characters of a line, at most, where texts are wrapped."""
NEARLY = 0.75
"""A line of this share of the width goes on in the next one."""
SOME = 40
"""Lines. Fewer do not show that a text is wrapped."""
ITEM = 300
"""Characters of a paragraph, at most, that is an item of a list."""
TITLE = 120
"""Characters of a heading, at most, that stands in the passage behind its mark."""
_CACHED_LENGTH = 8192
_CACHED_TEXTS = 32
_CACHED = 1 << 13
"""Passages whose words are kept: those of some dozen texts. What is as before is not cut again anyhow."""

_BLANKS = " \t\r\f\v\u00a0\u2003\u200b\ufeff"
_MARKS = frozenset("-=*_`~[")
_BULLETS = frozenset("-*+•◦▪‣·●○■–")
_SETEXT = re.compile(r"(?:={3,}|-{3,})\s*")
_RULE = re.compile(r"(?:[-*_] ?){3,}\s*")
_SEPARATOR = re.compile(r"\|[\s|:-]*")
_ATX = re.compile(r"#{1,6}(?:\s+|$)")
_BOLD_LINE = re.compile(r"(?:\*\*|__)[^*_]{2,120}(?:\*\*|__):?\s*")
_BULLET = re.compile(r"[-*+•◦▪‣·●○■–]\s+")
_NUMBER = re.compile(r"(?:\(?\d{1,3}[.)]|\((?:[a-z]{1,2}|[ivxlc]{1,6})\)|(?:[a-z]|[ivxlc]{1,5})[.)])\s+", re.IGNORECASE)
_LONGEST_NUMBER = 8
_FENCE = re.compile(r"(?:`{3,}|~{3,})[\w-]*\s*")
_QUOTE = re.compile(r"(?:>\s?)+")
_CELL = re.compile(r"(?<!\\)\|")

_IMAGE = re.compile(r"!\[[^\[\]]*\](?:\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)|\[[^\[\]]*\])")
_LINK = re.compile(
    r"\[([^\[\]]*)\](?:\(\s*<?[^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)|\[[^\[\]]*\])"
)
_LINK_DEFINITION = re.compile(r"\[[^\[\]]+\]:\s+\S+(?:\s+\"[^\"]*\")?\s*")
_AUTOLINK = re.compile(r"<((?:https?:|mailto:)[^<>\s]*)>")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--[^<>]*-->")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_EMPHASIS = re.compile(r"\*\*+|(?<!\s)\*|\*(?!\s)|(?<![^\W_])_|_(?![^\W_])|`+|~~")
_INNER_BULLET = re.compile(r"(?<=\n)(?:[-*+•]\s+|\d{1,2}\.\s{2,})")
_SPACES = re.compile(r"[^\S\n]+")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\u2010\u2011\ufb00-\ufb04]")
_SEEN = {"\u2010": "-", "\u2011": "-", "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"}
"""What readers see of characters that typesetting puts into words; of the others they see nothing."""
_LINES = re.compile(r"\s*\n\s*")

_URL = re.compile(r"(?:https?://|www\.)[^\s<>]+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_ASCII_WORDS = bytes(code if chr(code).isalnum() else 32 for code in range(128)).ljust(256)
_APOSTROPHES = "'’ʼ´`‘"
_APOSTROPHE = re.compile(rf"(?<=\w)[{_APOSTROPHES}](?=\w)")
_NUMBERING = re.compile(
    r"\W*(?:(?:\d{1,3}(?:\.\d{1,3}){0,4}[.)\]]|\((?:[a-z]{1,2}|[ivxlc]{1,6}|\d{1,3})\)|(?:[a-z]|[ivxlc]{1,5})[.)])(?:\s+|(?=\())"
    r"|\d{1,3}(?:\.\d{1,3}){1,4}\s+(?=(?-i:[A-ZÀ-Þ])|[\"“'‘]))+",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?][\"”’)]?\s+(?=[A-Z“\"])")


@lru_cache(maxsize=_CACHED_TEXTS)
def cut(text: str) -> tuple[Clause, ...]:
    """The passages of Markdown or plain text in order; passages without a word are left out.

    The last ones are kept: a text that has just been stored is read next, and compared when it is seen again.
    """
    lines = text.split("\n")
    if width := _wrapped_at(lines):
        return tuple(_clauses([(0, _passages(_blocks(_unwrapped(enumerate(lines, 1), width))))]))
    return tuple(_clauses(_parts(text)))


def unwrapped(text: str) -> str:
    """The text, less the empty lines that a conversion put after every line of a wrapped one."""
    lines = text.split("\n")
    width = _wrapped_at(lines)
    return "\n".join(line for _, line in _unwrapped(enumerate(lines, 1), width)) if width else text


def words(text: str) -> str:
    """The words of one passage: casefolded, without mark-up, addresses, punctuation and leading numbering."""
    return _words(_plain(text))


def wording(clauses: Iterable[Clause]) -> str:
    """Hash of a whole text's words: the same for the same wording, however it is marked up, linked or wrapped."""
    return hashlib.blake2b(all_words(clauses).encode(), digest_size=16).hexdigest()


def all_words(clauses: Iterable[Clause]) -> str:
    """The words of a whole text in one line, a blank behind each."""
    return " ".join([*(_words(clause.text) for clause in clauses), ""])


@dataclass(slots=True)
class _Block:
    kind: str
    """paragraph, heading, item or row."""
    line: int
    indent: int
    lines: list[str] = field(default_factory=list)


class _Passage(NamedTuple):
    """A block by itself: all of it that does not depend on what stands above."""

    kind: str
    """paragraph, heading, item, row, rule (what parts the head of a table from its rows), or title: the mark of a
    heading whose words stand in the next passage."""
    line: int
    """1-based, of what it was read from."""
    indent: int
    text: str
    id: str


def _parts(text: str) -> Iterator[tuple[int, Sequence[_Passage]]]:
    """The passages between two empty lines, and the number of lines above; no passage goes on behind such a line."""
    above = 0
    for part in text.split("\n\n"):
        yield above, _part(part) if len(part) <= _CACHED_LENGTH else _read(part)
        above += (part.count("\n") if "\n" in part else 0) + 2


def _read(part: str) -> tuple[_Passage, ...]:
    if "\n" in part:
        return _passages(_blocks(enumerate(part.split("\n"), 1)))
    block = _alone(part)  # as most are in what is extracted from a page
    return _passages([block]) if block else ()


_part = lru_cache(maxsize=_CACHED)(_read)


def _passages(blocks: Iterable[_Block]) -> tuple[_Passage, ...]:
    return tuple([passage for block in blocks if (passage := _passage(block))])


def _passage(block: _Block) -> _Passage | None:
    """What a block says; None when it has no word, nor marks one."""
    raw = block.lines[0].strip() if len(block.lines) == 1 else " ".join(part.strip() for part in block.lines)
    if block.kind == "row" and _SEPARATOR.fullmatch(raw):
        return _Passage("rule", block.line, block.indent, "", "")
    text = _row(raw) if block.kind == "row" else _plain(raw)
    if not (told := _words(text)):
        return _Passage("title", block.line, 0, "", "") if block.kind == "heading" and not raw else None
    identity = hashlib.blake2b(told.encode(), digest_size=8).hexdigest()
    return _Passage(block.kind, block.line, block.indent, text, identity)


def _alone(raw: str) -> _Block | None:
    """The block that a line makes with nothing around it."""
    body = _body(raw)
    if not body or _ending(body, None):
        return None
    return _opened(body, _marker(body), 1, len(raw) - len(body))


def _blocks(lines: Iterable[tuple[int, str]]) -> Iterator[_Block]:
    """The blocks of numbered lines."""
    block: _Block | None = None
    for number, raw in lines:
        body = _body(raw)
        ends = not body or _ending(body, block)
        mark = None if ends else _marker(body)
        if block and not ends and not _begins(body, mark, block):
            block.lines.append(body)
            continue
        if block:
            yield block
        block = None if ends else _opened(body, mark, number, len(raw) - len(body))
        if block and block.kind in ("heading", "row"):
            yield block
            block = None
    if block:
        yield block


def _unwrapped(lines: Iterable[tuple[int, str]], width: int) -> Iterator[tuple[int, str]]:
    """The numbered lines, less the empty ones that a conversion put after every line of a text of that width."""
    whole = True
    for number, raw in lines:
        if raw.strip() or whole:
            yield number, raw
        whole = not raw.strip() or len(raw) < width * NEARLY or raw.rstrip().endswith((".", ":", ";", "?", "!"))


def _wrapped_at(lines: Sequence[str]) -> int:
    """The width in characters at which a text of single lines with empty ones between was wrapped; 0: it was not."""
    full = [line for line in map(str.rstrip, lines) if line]
    if len(full) < SOME or len(lines) < 2 * len(full) - 1:
        return 0
    width = sorted(map(len, full))[len(full) * 98 // 100]
    if width > WIDEST:
        return 0
    wide = [line for line in full if len(line) >= width * NEARLY]
    broken = sum(line[-1].isalnum() or line[-1] in ",-–" for line in wide)
    return width if len(wide) * 3 >= len(full) and broken * 10 >= len(wide) * 6 else 0


def _body(raw: str) -> str:
    body = raw.lstrip(_BLANKS)
    return _QUOTE.sub("", body, count=1) if body[:1] == ">" else body


def _ending(body: str, block: _Block | None) -> bool:
    """Whether this line only ends the passage before it: a rule, a fence, a link definition, an underline."""
    if body[0] not in _MARKS:
        return False
    if body[1:2] == " " and body[2:3] not in _MARKS and body[0] != "[":
        return False  # a list item, as most lines that get here
    if block and block.kind == "paragraph" and _SETEXT.fullmatch(body):
        block.kind = "heading"
        return True
    return bool(_RULE.fullmatch(body) or _FENCE.fullmatch(body) or _LINK_DEFINITION.fullmatch(body))


def _opened(body: str, mark: re.Match[str] | None, number: int, indent: int) -> _Block:
    first = body[0]
    if first == "#" and (title := _ATX.match(body)):
        return _Block("heading", number, 0, [body[title.end() :].rstrip(" #")])
    if first == "|" and _CELL.search(body, 1):
        return _Block("row", number, indent, [body])
    if first in "*_" and _BOLD_LINE.fullmatch(body) and not body.rstrip("*_: \t\r").endswith((".", ";", ",")):
        return _Block("heading", number, indent, [body])
    if mark:
        return _Block("item", number, indent, [body[mark.end() :]])
    return _Block("paragraph", number, indent, [body])


def _marker(body: str) -> re.Match[str] | None:
    """The bullet or number before a list item."""
    if body[0] in _BULLETS:
        return _BULLET.match(body)
    start = body[:_LONGEST_NUMBER]
    return _NUMBER.match(body) if "." in start or ")" in start else None


def _begins(body: str, mark: re.Match[str] | None, block: _Block) -> bool:
    """Whether this line starts a passage of its own although no empty line stands before it."""
    if body[0] == "|" or (body[0] == "#" and _ATX.match(body)):
        return True
    last = block.lines[-1]
    if mark:
        return mark.re is _BULLET or block.kind == "item" or last.rstrip()[-1:] in (".", ";", ":")
    hard = last.endswith(("  ", "  \r", "\\"))
    return hard and not (body[0].islower() and last.rstrip(" \\\r")[-1:].isalpha())


@dataclass(slots=True)
class _Place:
    """Where in the text a block stands: what is above it."""

    heading: str = ""
    paragraph: str = ""
    opened: str = ""
    """What introduces a list that is written as paragraphs."""
    header: str = ""
    items: list[tuple[int, str, str]] = field(default_factory=list)
    """Open list items: indent, text, lead."""


def _clauses(parts: Iterable[tuple[int, Iterable[_Passage]]]) -> Iterator[Clause]:
    """The passages of a text, each below what stands above it."""
    place = _Place()
    titled = False
    for above, passages in parts:
        for passage in passages:
            if titled and passage.kind == "paragraph" and len(passage.text) <= TITLE:
                passage = passage._replace(kind="heading")
            kind, line, _, text, identity = passage
            titled = kind == "title"
            if titled:
                continue
            if kind == "rule":
                place.header = place.paragraph if place.paragraph.startswith("|") else ""
                continue
            lead = _lead(passage, place)
            yield Clause(identity, text, above + line, "" if kind == "heading" else place.heading, lead)


def _lead(passage: _Passage, place: _Place) -> str:
    """The words that introduce this passage; notes it in `place` for those that follow."""
    kind, _, indent, text, _ = passage
    if kind == "heading":
        place.heading, place.items, place.opened = text[:LEAD_LENGTH], [], ""
        place.paragraph = text if text.endswith(":") else ""
        return ""
    if kind == "row":
        lead = place.header
        place.paragraph = "|" + text
        return lead.removeprefix("|")[:LEAD_LENGTH]
    listed = bool(place.items)
    while place.items and place.items[-1][0] >= indent:
        place.items.pop()
    if kind == "item":
        lead = _introduction(place)
        place.items.append((indent, text, lead))
        return lead
    if place.items and indent > place.items[-1][0]:
        return ""
    lead = _tail(place.paragraph) if place.paragraph.endswith(":") and not listed else ""
    lead = lead or (place.opened if _goes_on(place.paragraph, text) else "")
    place.paragraph, place.items, place.opened = text, [], lead
    return lead


def _goes_on(above: str, text: str) -> bool:
    """Whether a paragraph is one more item of the list that the one above is of: neither ends as a sentence does."""
    if len(text) > ITEM:
        return False
    return above.endswith((";", ",", "; or", "; and")) or (above[-1:] not in ".!?:" and text[-1:] not in ".!?:")


def _introduction(place: _Place) -> str:
    if not place.items:
        return "" if place.paragraph.startswith("|") else _tail(place.paragraph)
    _, text, lead = place.items[-1]
    own = _tail(text)
    if lead and (own[:1].islower() or (own.endswith(":") and lead.endswith(":") and len(own) < 80)):
        own = f"{lead} {own}"
    return own[-LEAD_LENGTH:]


def _tail(text: str) -> str:
    """The last sentence, which is what a list continues."""
    end = text[-LEAD_LENGTH:]
    if " " not in end:
        return end
    starts = [mark.end() for mark in _SENTENCE_END.finditer(end)]
    return end[starts[-1] :] if starts else end


def _row(raw: str) -> str:
    cells = (_plain(cell).strip() for cell in _CELL.split(raw))
    return " | ".join(cell for cell in cells if cell)


def _plain(text: str) -> str:
    """What a reader sees of one passage: link texts without targets, no images, emphasis, tags or escapes."""
    if "[" in text:
        text = _LINK.sub(r"\1", _IMAGE.sub("", text))
        text = _LINK.sub(r"\1", text)
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub("\n", _AUTOLINK.sub(r"\1", text)))
    if "*" in text or "_" in text or "`" in text or "~" in text:
        text = _EMPHASIS.sub("", _INNER_BULLET.sub("", text))
    if "\\" in text:
        text = _ESCAPE.sub(r"\1", text)
    if "&" in text:
        text = html.unescape(text)
    if not text.isascii():
        text = _UNSEEN.sub(lambda mark: _SEEN.get(mark.group(), ""), text)
    if "\n" not in text:
        return joined(text)
    return _LINES.sub("\n", _SPACES.sub(" ", text)).strip()


def _words(plain: str) -> str:
    return _words_once(plain) if len(plain) <= _CACHED_LENGTH else _told(plain)


def _told(plain: str) -> str:
    text = plain
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if mark := _NUMBERING.match(text):
        text = text[mark.end() :] or text
    if "://" in text or "www." in text:
        text = _URL.sub(" ", text)
    if text.isascii():  # as most passages are: the same, several times as quick
        text = _APOSTROPHE.sub("", text) if "'" in text or "`" in text else text
        text = text.lower().encode().translate(_ASCII_WORDS).decode()
        while "  " in text:
            text = text.replace("  ", " ")
        return text.strip()
    if any(mark in text for mark in _APOSTROPHES):
        text = _APOSTROPHE.sub("", text)
    return " ".join(_WORD.findall(text.casefold()))


_words_once = lru_cache(maxsize=_CACHED)(_told)
