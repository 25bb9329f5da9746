"""The text of a PDF, within bounds."""

from __future__ import annotations

import io
import re
import struct
import time
import zlib
from collections.abc import Callable

from pypdf import PdfReader
from pypdf.errors import DependencyError, DeprecationError, FileNotDecryptedError, PyPdfError

from server.core.charset import storable
from server.core.errors import UnreadableText

MOST_PAGES = 200
SECONDS = 15.0
"""For all pages. A few kilobytes can hold a text that takes pypdf hours, for its time grows faster than the text."""
MOST_CHARACTERS = 2_000_000
STUMBLES = (
    *(PyPdfError, DependencyError, DeprecationError, struct.error, zlib.error, OSError),
    *(ValueError, TypeError, AttributeError, LookupError, ArithmeticError, AssertionError, RuntimeError),
)
"""What broken files make pypdf raise. Not all there is: a job whose time is over raises, too, and has to end."""
_HYPHEN = re.compile(r"(\w)-\n(\w)")
_WRAP = re.compile(r"(?<![.:;!?])\n(?=\S)")


def text_of(data: bytes) -> str:
    """Paragraphs of a PDF, wrapped lines joined. Raises UnreadableText.

    Policies are often encrypted against editing only: whoever knows no password may read them.
    """
    try:
        reader = PdfReader(io.BytesIO(data))
        parts, size, watch = [], 0, _watch(time.monotonic() + SECONDS)
        for page in reader.pages[:MOST_PAGES]:
            parts.append(page.extract_text(visitor_operand_before=watch) or "")
            watch()  # pypdf passes over what stops it within a form, and would give half of the text
            size += len(parts[-1])
            if size > MOST_CHARACTERS:
                break
    except FileNotDecryptedError as why:
        raise UnreadableText("The PDF opens only with a password.") from why
    except STUMBLES as why:
        raise UnreadableText(f"The PDF cannot be read ({why}).") from why
    text = storable("\n\n".join(parts))  # fonts of PDFs map to anything
    if not text.strip():
        raise UnreadableText("The PDF holds pictures only.")
    return _WRAP.sub(" ", _HYPHEN.sub(r"\1\2", text))


def _watch(until: float) -> Callable[..., None]:
    """What pypdf calls before each operation of a page: ends the reading when its time is over."""

    def check(*_: object) -> None:
        if time.monotonic() > until:
            raise UnreadableText("The PDF takes too long to read.")

    return check
