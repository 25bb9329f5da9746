"""What is looked for first because it is found quicker lets nothing through that the slow look would find."""

from __future__ import annotations

import random

import pytest

from server.core import mentions, nesting


def test_every_hint_of_ai_has_a_root_that_is_looked_for_first() -> None:
    assert [hint for hint in mentions._HINTS if not any(root in hint for root in mentions._ROOTS)] == []


@pytest.mark.parametrize("length", [0, 1, 9_999, 10_000, 10_001, 20_002, 50_000])
@pytest.mark.parametrize("tags", [0, 1, 3, 40])
def test_a_long_tag_is_found_wherever_it_stands(length: int, tags: int) -> None:
    chosen = random.Random(length + tags)
    text = ["x"] * length
    for _ in range(tags):
        text.insert(chosen.randrange(len(text) + 1), ">")
    html = "".join(text)
    assert nesting._has_long_tag(html) is (max(map(len, html.split(">"))) > nesting._LONG_TAG)
