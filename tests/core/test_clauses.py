"""Clauses: what counts as one passage, and what its id does and does not depend on."""

from __future__ import annotations

import pytest

from server.core.clauses import cut, wording, words

POLICY = """# Terms

We may use *your content* to train
our [models](https://example.org/ai).

You may not:

*   scrape the site;
*   train models on it.

| Purpose | Data |
| --- | --- |
| Train models | Your posts<br>Your photos |
"""


def test_each_paragraph_heading_item_and_row_is_a_clause_with_its_line_and_context() -> None:
    told = [(clause.line, clause.text, clause.heading, clause.lead) for clause in cut(POLICY)]
    assert told == [
        (1, "Terms", "", ""),
        (3, "We may use your content to train our models.", "Terms", ""),
        (6, "You may not:", "Terms", ""),
        (8, "scrape the site;", "Terms", "You may not:"),
        (9, "train models on it.", "Terms", "You may not:"),
        (11, "Purpose | Data", "Terms", ""),
        (13, "Train models | Your posts\nYour photos", "Terms", "Purpose | Data"),
    ]


def told(text: str) -> list[tuple[str, str, str]]:
    return [(clause.text, clause.heading, clause.lead) for clause in cut(text)]


def test_a_mark_without_words_makes_the_next_passage_a_heading() -> None:
    assert told("### \n\nHow we use it\n\nTo train models.") == [
        ("How we use it", "", ""),
        ("To train models.", "How we use it", ""),
    ]
    assert told("### \n\n* How we use it\n\nTo train models.")[-1] == ("To train models.", "", "")


def test_a_list_may_be_written_as_paragraphs_and_ends_with_a_sentence() -> None:
    assert told("We use it to:\n\nrun the site\n\ntrain models\n\nThat is all.\n\nno item") == [
        ("We use it to:", "", ""),
        ("run the site", "", "We use it to:"),
        ("train models", "", "We use it to:"),
        ("That is all.", "", ""),
        ("no item", "", ""),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("We may use **your** content.", "we may use your content"),
        ("3.2 We may use it.", "4.1 We may use it."),
        ("(a) train a model;", "(b) train a model,"),
        ("Don’t do that — ever", "Don't do that - ever"),
        ("See [our page](https://a.example/x).", "See [our page](https://b.example/y?z=1)."),
        ("See https://a.example/x now", "See https://b.example/y now"),
        ("![logo](a.png) Welcome", "Welcome"),
        ("one &amp; two", "one & two"),
        ("a\u00a0b", "a b"),
    ],
)
def test_words_ignore_what_is_not_wording(one: str, other: str) -> None:
    assert words(one) == words(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("within 30 days", "within 60 days"),
        ("We may use it.", "We may not use it."),
        ("opt in", "opt out"),
    ],
)
def test_words_keep_what_is(one: str, other: str) -> None:
    assert words(one) != words(other)


def test_the_wording_of_a_text_is_that_of_its_words_in_order() -> None:
    rewrapped = (
        POLICY.replace("to train\nour", "to\ntrain our").replace("*   ", "- ").replace("https://example.org/ai", "/x")
    )
    assert wording(cut(rewrapped)) == wording(cut(POLICY))
    assert wording(cut(POLICY.replace("may not", "may"))) != wording(cut(POLICY))


def test_a_bold_line_is_a_heading_and_a_colon_introduces_what_follows() -> None:
    clauses = cut("**Restrictions**\n\nYou shall not:\n\n(a) scrape;\n\n(b) resell.\n\nEnd.")
    assert [(c.heading, c.lead) for c in clauses[1:4]] == [
        ("Restrictions", ""),
        ("Restrictions", "You shall not:"),
        ("Restrictions", "You shall not:"),
    ]
    assert clauses[4].lead == ""


def test_a_nested_item_carries_the_words_of_both_lists() -> None:
    clauses = cut("You may not:\n\n*   use the service to:\n    *   train models;\n")
    assert clauses[-1].lead == "You may not: use the service to:"


LINE = "We keep the recordings that you send to us for as long as you have an account with"


def test_lines_of_a_wrapped_text_that_stand_apart_are_put_together() -> None:
    rule = [
        "We may keep copies for a while. We will not use what you type into an AI",
        "Feature (as it is defined in the terms of the service) to train the models that",
        "we make.",
    ]
    lines = [LINE, "Us, and a while longer."] * 25 + rule
    clauses = cut("\n\n".join(lines))
    assert clauses[0].text == f"{LINE} Us, and a while longer."
    assert clauses[1].line == 5
    assert clauses[-1].text == " ".join(rule)


def test_headings_and_items_without_a_full_stop_stay_apart() -> None:
    lines = [f"{LINE} us, number {n}" for n in range(3)] + [f"Track {n}" for n in range(60)]
    assert len(cut("\n\n".join(lines))) == len(lines)
    paragraphs = [f"{LINE}, {LINE.lower()} us in the year {1950 + n}" for n in range(60)]
    assert len(cut("\n\n".join(paragraphs))) == len(paragraphs)


@pytest.mark.parametrize("mark", ["\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"])
def test_characters_that_nobody_sees_part_no_word(mark: str) -> None:
    seen = "We may use your files to train a non-profit's models."
    typeset = seen.replace("train", f"tra{mark}in").replace("fi", "\ufb01").replace("-", "\u2011")
    assert [clause.text for clause in cut(typeset)] == [seen]
    assert wording(cut(typeset)) == wording(cut(seen))
