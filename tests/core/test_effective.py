"""The dates that a policy states about itself."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.effective import Dates, dates, days_left

STATED = [
    ("Last Amended: 21 May 2025", Dates(last_amended="2025-05-21")),
    ("**Last updated:** August 11th, 2023.", Dates(last_amended="2023-08-11")),
    ("Last revised on 2024-02-03", Dates(last_amended="2024-02-03")),
    ("These terms were last modified on the 3rd of March, 2024.", Dates(last_amended="2024-03-03")),
    ("Updated: Sept. 9, 2021", Dates(last_amended="2021-09-09")),
    ("Version of 1 January 2022", Dates(last_amended="2022-01-01")),
    ("Revised 25/12/2024", Dates(last_amended="2024-12-25")),
    ("Date of last revision: December 5, 2019", Dates(last_amended="2019-12-05")),
    ("Effective as of December 1st, 2024.", Dates(effective="2024-12-01")),
    ("Effective Date | 2 Feb 2022", Dates(effective="2022-02-02")),
    ("This policy takes effect on March 5, 2025.", Dates(effective="2025-03-05")),
    ("In force from 7 July 2020", Dates(effective="2020-07-07")),
    ("Posted: Jan. 3, 2025", Dates(posted="2025-01-03")),
    ("Published on 14 April 2023 by our team", Dates(posted="2023-04-14")),
    ("Last updated and effective date: August 7, 2023", Dates(last_amended="2023-08-07", effective="2023-08-07")),
    ("Last updated on Monday, March 3, 2025", Dates(last_amended="2025-03-03")),
    ("Effective: Thu 6 Feb 2025", Dates(effective="2025-02-06")),
    ("These terms apply with effect from 1 May 2025.", Dates(effective="2025-05-01")),
    ("They will be effective beginning on or after March 3, 2025", Dates(effective="2025-03-03")),
    ("Effective (for existing users): March 3, 2025", Dates(effective="2025-03-03")),
    ("Effective immediately for new users and on August 8, 2025 for existing users", Dates(effective="2025-08-08")),
    ("Effective Date: [March 3, 2025](https://tunery.example/2025)", Dates(effective="2025-03-03")),
    ("Version dated 7 February 2024", Dates(last_amended="2024-02-07")),
    ("Last changes made on March 3, 2025", Dates(last_amended="2025-03-03")),
    ("Last Updated · March 3, 2025", Dates(last_amended="2025-03-03")),
    ("Last updated\u200b:\u200e March 3 , 2025", Dates(last_amended="2025-03-03")),
    (
        "The previous version (effective January 1, 2020) is kept here. Effective June 1, 2025",
        Dates(effective="2025-06-01"),
    ),
    ("Last updated 1 May 2025\n\nEffective 1 June 2025", Dates(last_amended="2025-05-01", effective="2025-06-01")),
]
SILENT = [
    "We were founded on 3 May 2020 in a small town.",
    "Last updated 3/4/2025",
    "The previous version (effective January 1, 2020) is kept here.",
    "Our prior Terms of Service, which were effective until March 3, 2025, no longer apply.",
    "Effective immediately. We met on August 8, 2025 in a small town.",
    "Effective for users who joined before March 3, 2025",
    "With effects like reverb, released in May 2020, ",
    "Last updated: 31 February 2024",
    "We take effective measures. On 5 May 2021 we wrote to you.",
    "The new law, published in 2019, was amended twice.",
    "Copyright 2014-2024 Example Ltd.",
    "",
]


@pytest.mark.parametrize(("text", "expected"), STATED)
def test_dates_are_read_as_english_texts_write_them(text: str, expected: Dates) -> None:
    assert dates(f"# Terms of Use\n\n{text}\n\nYou keep every right in your recordings.") == expected


@pytest.mark.parametrize("text", SILENT)
def test_other_dates_and_doubtful_ones_are_not_taken(text: str) -> None:
    assert dates(text) == Dates()


def test_a_date_deep_inside_a_long_text_speaks_of_something_else() -> None:
    filler = "You keep every right in your recordings. " * 400
    assert dates(f"{filler}The schedule was last updated on 3 May 2020. {filler}") == Dates()
    assert dates(f"{filler}Last updated on 3 May 2020.") == Dates(last_amended="2020-05-03")


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    dates("Last updated " + text)


@pytest.mark.parametrize(
    ("effective", "left"),
    [("2026-12-06", 12), ("2026-11-25", 1), ("2026-11-24", None), ("2020-01-01", None), (None, None), ("soon", None)],
)
def test_days_are_counted_down_until_a_text_takes_effect(effective: str | None, left: int | None) -> None:
    assert days_left(effective, date(2026, 11, 24)) == left
