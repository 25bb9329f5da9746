"""A quick hash of a page without its markup: when it is the same, the text of the page is the same."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

_UNSEEN = re.compile(rb"<(?:(!--)|(script|style)\b)", re.IGNORECASE)
_CLOSERS = {
    b"": re.compile(rb"--!?>"),
    b"script": re.compile(rb"</script\b", re.I),
    b"style": re.compile(rb"</style\b", re.I),
}
_TAG = re.compile(rb"<[^<>]*>")


def fingerprint(data: bytes, *salt: str) -> str:
    """Hash of what is left of a page without tags, attributes, scripts, styles and comments.

    `salt` is what else decides how the page is read. Where this fails to take something out, two pages differ that are
    alike, and the caller reads them in full.
    """
    digest = hashlib.blake2b("\x00".join(salt).encode("utf-8", "replace"), digest_size=16)
    digest.update(b"\x00" + _TAG.sub(b"<", b"<!>".join(_seen(data))))
    return digest.hexdigest()


def _seen(data: bytes) -> Iterator[bytes]:
    """The page without comments, scripts and styles, in one pass from left to right, as a browser reads."""
    at, search_from, unclosed = 0, 0, set[bytes]()
    while opening := _UNSEEN.search(data, search_from):
        name = (opening.group(2) or b"").lower()
        # "<!-->" is a whole comment: its end may overlap its beginning.
        closing = None if name in unclosed else _CLOSERS[name].search(data, opening.end() - (0 if name else 2))
        if closing is None:
            unclosed.add(name)
            search_from = opening.end()
            continue
        yield data[at : opening.start()]
        at = search_from = closing.end()
    yield data[at:]
