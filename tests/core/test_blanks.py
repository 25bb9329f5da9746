"""Blanks between words: a text that has single ones is given back, every other is joined."""

from __future__ import annotations

import sys

import pytest

from server.core.blanks import joined


@pytest.mark.parametrize("text", ["", "one", "one two", "naïve “quotes” — and 日本語"])
def test_single_blanks_stay(text: str) -> None:
    assert joined(text) == text


@pytest.mark.parametrize(
    "text", [" one two ", "one  two", "one\ttwo", "one\n\ntwo", "one\u00a0two", "\u3000one \u2028two"]
)
def test_all_others_are_joined(text: str) -> None:
    assert joined(text) == "one two"


def test_every_white_space_of_unicode_is_seen() -> None:
    for blank in filter(str.isspace, map(chr, range(sys.maxunicode + 1))):
        assert joined(f"one{blank}two") == "one two"


@pytest.mark.parametrize("text", ["one\x00two", "soft\u00adhyphen", "zero\u200bwidth"])
def test_what_is_no_white_space_stays(text: str) -> None:
    assert joined(text) == text
