"""The language of a text that may have been edited, beside that of the text before."""

from __future__ import annotations

import pytest

from server.core.language import language, language_after

ENGLISH = "\n\n".join(
    f"{n}. You and we agree that the terms of this service are for all of you and for us." for n in range(40)
)
GERMAN = "\n\n".join(
    f"{n}. Sie und wir sind der Ansicht, dass die Bedingungen für Sie und nicht für uns sind." for n in range(40)
)
ONE_MORE = "\n\nWe may use the works that you upload to train our models, and you will not be paid for that."
GERMAN_PART = "\n\n".join(GERMAN.split("\n\n")[:6])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(ENGLISH, ENGLISH + ONE_MORE, id="a sentence more"),
        pytest.param(ENGLISH, ENGLISH.replace("7.", "Seven:"), id="numbers only: too few words to tell"),
        pytest.param(ENGLISH, ENGLISH + "\n\n" + GERMAN_PART, id="a part in another language: the whole is asked"),
        pytest.param(ENGLISH, GERMAN, id="translated"),
        pytest.param(GERMAN, ENGLISH + ONE_MORE, id="translated back"),
        pytest.param("", ENGLISH, id="nothing before"),
        pytest.param(ENGLISH, "", id="nothing now"),
    ],
)
def test_an_edited_text_is_told_the_language_that_all_of_it_is_in(before: str, after: str) -> None:
    assert language_after(after, before, language(before)) == language(after)


def test_a_text_that_was_translated_part_by_part_does_not_keep_the_language_it_began_with() -> None:
    english, german = ENGLISH.split("\n\n"), GERMAN.split("\n\n")
    known, text = "en", ENGLISH
    for n in range(0, 41, 4):
        edited = "\n\n".join(german[:n] + english[n:])
        known, text = language_after(edited, text, known), edited
    assert known == "de"
