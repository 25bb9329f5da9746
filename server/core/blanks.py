"""Blanks between words: the commonest thing that is done to a text."""

from __future__ import annotations


def joined(text: str) -> str:
    """The words of a text with one blank between them, as `" ".join(text.split())`.

    Most texts are so already, which is told several times as quickly: every other white space is not printable.
    """
    text = text.strip()
    return text if "  " not in text and text.isprintable() else " ".join(text.split())
