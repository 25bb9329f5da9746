"""The text of a PDF, within bounds."""

from __future__ import annotations

import io
import re
import struct
import zlib

from pypdf import PdfReader
from pypdf.errors import DependencyError, DeprecationError, PyPdfError

from server.core.charset import storable
from server.core.errors import UnreadableText

MOST_PAGES = 200
MOST_CHARACTERS = 2_000_000
STUMBLES = (
    *(PyPdfError, DeprecationError, struct.error, zlib.error, OSError),
    *(ValueError, TypeError, AttributeError, LookupError, ArithmeticError, AssertionError, RuntimeError),
)
"""What broken files make pypdf raise. Not all there is: a job whose time is over raises, too, and has to end."""
_HYPHEN = re.compile(r"(\w)-\n(\w)")
_WRAP = re.compile(r"(?<![.:;!?])\n(?=\S)")


def text_of(data: bytes) -> str:
    """Paragraphs of a PDF, wrapped lines joined. Raises UnreadableText."""
    try:
        reader = PdfReader(io.BytesIO(data))
        parts, size = [], 0
        for page in reader.pages[:MOST_PAGES]:
            parts.append(page.extract_text() or "")
            size += len(parts[-1])
            if size > MOST_CHARACTERS:
                break
    except DependencyError as why:
        raise UnreadableText("The PDF is encrypted in a way that needs the package cryptography.") from why
    except STUMBLES as why:
        raise UnreadableText(f"The PDF cannot be read ({why}).") from why
    text = storable("\n\n".join(parts))  # fonts of PDFs map to anything
    if not text.strip():
        raise UnreadableText("The PDF holds pictures only.")
    return _WRAP.sub(" ", _HYPHEN.sub(r"\1\2", text))
