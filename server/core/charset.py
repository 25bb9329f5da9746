"""Bytes into characters, as pages in the wild need it: mark, header, meta, UTF-8, windows-1252, in that order."""

from __future__ import annotations

import codecs
import re

from server.core.errors import UnreadableText

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_META_WINDOW = 4096
"""Bytes searched for a declaration. The HTML standard stops at 1024; real pages do not always keep to it."""
# The labels of the Encoding Standard that name another table than Python's codec of that name.
_READ_AS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_LABELS = {"x-sjis": "cp932", "x-gbk": "gb18030", "x-euc-jp": "euc_jp", "x-cp1251": "cp1251", "x-cp1252": "cp1252"}
"""Labels that Python does not know."""
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7"})
"""Codecs of text that no page is written in: they fail, are slow on purpose, or read characters out of plain words."""
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
_ASCII_CONTROLS = bytes((*range(9), *range(14, 27), *range(28, 32)))
_BAD_SHARE = 0.05


def decode(data: bytes, declared: str = "") -> str:
    """The characters of a page. UnreadableText when the bytes are not text."""
    text = _decode(data, declared)
    sample = text[:65536]
    if _controls(sample) > _BAD_SHARE * len(sample):
        raise UnreadableText("the bytes are not text; check the media type and the charset of the page")
    return text


def storable(text: str) -> str:
    """The text without what no database keeps: NULs become blanks, lone halves of characters question marks."""
    text = text.replace("\0", " ")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def _controls(text: str) -> int:
    """How many characters no text holds; in plain ASCII, as most pages are, without an expression."""
    if text.isascii():
        return len(text) - len(text.encode().translate(None, _ASCII_CONTROLS))
    return len(_CONTROLS.findall(text))


def _decode(data: bytes, declared: str) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    if codec := _codec(declared) or _codec(_in_meta(data)):
        return data.decode(codec, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A page cut within a character, or one stray byte in a long text, is still UTF-8.
        if error.start > len(data) - 4 or _mostly_utf8(data):
            return data.decode("utf-8", "replace")
        return data.decode("cp1252", "replace")


def _in_meta(data: bytes) -> str:
    found = _META.search(data[:_META_WINDOW])
    name = found.group(1).decode("ascii", "replace") if found else ""
    # Bytes in which a meta element could be read are not UTF-16, whatever it says.
    return "utf-8" if name.lower().startswith("utf-16") else name


def _codec(label: str) -> str:
    """Python's name of a text encoding; empty when there is none of that label."""
    try:
        label = label.strip(" \"'").lower()
        found = codecs.lookup(_LABELS.get(label, label))
        "".encode(found.name)
    except (LookupError, ValueError, TypeError):
        return ""
    if found.name in _NO_CHARSETS:
        return ""
    return _READ_AS.get(found.name, found.name)


def _mostly_utf8(data: bytes) -> bool:
    """Whether far more non-ASCII characters are well-formed UTF-8 than not."""
    text = data[:262144].decode("utf-8", "replace")
    bad = text.count("\ufffd")
    return sum(character > "\x7f" for character in text) - bad > 10 * bad
