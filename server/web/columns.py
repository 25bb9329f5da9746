"""How much room a text takes when it is drawn, without measuring a font: East Asian letters take two columns."""

from __future__ import annotations

from unicodedata import combining, east_asian_width


def columns(text: str) -> int:
    """The columns of a text; an accent that stands on the letter before takes none."""
    return sum(0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def cut(text: str, most: int) -> str:
    """The text when it takes at most `most` columns, else as much of it as fits before an ellipsis."""
    if columns(text) <= most:
        return text
    end = next(at for at in range(len(text) + 1) if columns(text[:at]) > most - 1)
    return text[: end - 1].rstrip() + "…"
