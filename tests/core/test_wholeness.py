"""One page, whole in both versions, or one that broke, was swapped or translated in between. The texts are our own."""

from __future__ import annotations

import pytest

from server.core.changes import judge
from server.core.clauses import cut
from server.core.model import Kind, Level
from server.core.wholeness import broken_off, other_page

RULE = "We may use the songs that you upload to train our machine learning models, unless you object."
TERMS = [
    "# Terms of Harpcase",
    *(f"Members keep every right in song number {n}, and listeners need permission to play it." for n in range(30)),
    RULE,
    *(f"Whoever breaks agreement number {n} is warned, and leaves after the second warning." for n in range(30)),
]
HELP = [f"How do I do thing {n}? Open the app, press the button with that figure, follow the steps." for n in range(60)]


def text(parts: list[str]) -> str:
    return "\n\n".join(parts)


WHOLE = text(TERMS)


@pytest.mark.parametrize("part", [WHOLE[: WHOLE.index("Whoever") - 150], WHOLE[WHOLE.index(RULE) + 30 :]])
def test_a_text_that_begins_or_ends_within_a_sentence_was_broken_off(part: str) -> None:
    assert broken_off(cut(WHOLE), cut(part))
    for old, new in ((WHOLE, part), (part, WHOLE)):
        assert judge(cut(old), cut(new)).kind is Kind.TECHNICAL


@pytest.mark.parametrize(
    "part",
    [text(TERMS[:31]), text(TERMS[32:]), WHOLE.replace(RULE, "We may use the songs"), text([*TERMS[:20], "And so on"])],
    ids=["less its end", "less its beginning", "less half a sentence in the middle", "with another end"],
)
def test_a_text_that_lost_whole_passages_was_edited(part: str) -> None:
    assert not broken_off(cut(WHOLE), cut(part))
    assert judge(cut(WHOLE), cut(part)).level is Level.MATERIAL


def test_a_page_that_shows_another_text_was_swapped() -> None:
    assert other_page(cut(WHOLE), cut(text(HELP)))
    assert judge(cut(WHOLE), cut(text(HELP))).kind is Kind.TECHNICAL


def test_a_page_that_is_worded_anew_from_end_to_end_is_the_same_page() -> None:
    anew = [
        part.replace("Members keep", "Every right is kept by members").replace("is warned", "gets warned")
        for part in TERMS
    ]
    anew[31] = "The songs that you upload are not used to train our machine learning models."
    assert not other_page(cut(WHOLE), cut(text(anew)))
    assert judge(cut(WHOLE), cut(text(anew))).level is Level.MATERIAL
