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
