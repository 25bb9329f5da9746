"""What must not change a reading: wrapping, numbering, mark-up, links, order; and what must never hang."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.core.clauses import cut, wording
from server.core.model import Reading, Stance
from server.core.reading import findings, read
from tests.core.reading.test_cases import cases

SENTENCES = sorted(
    {text for name in ("training", "sharing", "anti_scraping") for _, text in cases(name) if "\n" not in text}
)
SOME = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6, unique=True)
QUICK = settings(max_examples=20, deadline=None)


def values(told: Reading) -> tuple[str, str, str, bool, bool]:
    return told.training, told.sharing, told.subject, told.anti_scraping, told.operation


def reading(text: str) -> Reading:
    return read(cut(text), language="en")


@QUICK
@given(SOME, st.integers(30, 90))
def test_wrapping_changes_nothing(sentences: list[str], width: int) -> None:
    text = "\n\n".join(sentences)
    wrapped = "\n\n".join(_wrapped(sentence, width) for sentence in sentences)
    assert values(reading(wrapped)) == values(reading(text))
    assert wording(cut(wrapped)) == wording(cut(text))


def _wrapped(sentence: str, width: int) -> str:
    lines = [""]
    for word in sentence.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width and word[0].isalpha():
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


@QUICK
@given(SOME, st.integers(1, 40), st.integers(1, 9))
def test_numbering_changes_nothing(sentences: list[str], first: int, section: int) -> None:
    one = "\n\n".join(f"{section}.{first + i} {sentence}" for i, sentence in enumerate(sentences))
    other = "\n\n".join(f"{section + 1}.{first + i + 3} {sentence}" for i, sentence in enumerate(sentences))
    assert values(reading(one)) == values(reading(other))
    assert [c.id for c in cut(one)] == [c.id for c in cut(other)]


@QUICK
@given(
    SOME, st.sampled_from(["**{}**.", "*{}*", "> {}", "[{}](https://a.example/x_(y)?z=1)", "<span class=a>{}</span>"])
)
def test_mark_up_changes_nothing(sentences: list[str], pattern: str) -> None:
    marked = "\n\n".join(pattern.format(sentence) for sentence in sentences)
    assert values(reading(marked)) == values(reading("\n\n".join(sentences)))


@QUICK
@given(SOME)
def test_the_order_of_paragraphs_far_apart_changes_nothing(sentences: list[str]) -> None:
    far = "\n\nShort.\n\nShort.\n\nShort.\n\n"
    assert values(reading(far.join(sentences))) == values(reading(far.join(reversed(sentences))))


@QUICK
@given(SOME)
def test_link_targets_change_nothing(sentences: list[str]) -> None:
    one = "\n\n".join(f"{sentence} See [our page](https://a.example/1)." for sentence in sentences)
    other = one.replace("https://a.example/1", "/policies/2?from=x")
    assert reading(one) == reading(other)
    assert wording(cut(one)) == wording(cut(other))


@given(st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_text_is_read_without_an_error(text: str) -> None:
    told = read(cut(text))
    assert told.training in Stance


REPEATS = [
    "train ",
    "data mining ",
    "use AI to detect ",
    "you may not use AI to train ",
    "[AI](",
    "(",
    "**AI_",
    "- AI\n",
    "AI. ",
]


@pytest.mark.parametrize("repeat", REPEATS)
def test_time_grows_with_the_length_and_no_faster(repeat: str) -> None:
    short, long = (_seconds(repeat * (size // len(repeat))) for size in (40_000, 320_000))
    assert long < 0.2 + 30 * short


def _seconds(text: str) -> float:
    start = time.process_time()
    reading(text)
    return time.process_time() - start


def test_another_language_is_unknown_with_its_reason_and_an_empty_text_too() -> None:
    german = "Wir dürfen Ihre Inhalte verwenden, um unsere Modelle zu trainieren, wenn Sie nicht widersprechen. " * 3
    told = read(cut(german))
    assert (told.training, told.sharing, told.language) == (Stance.UNKNOWN, Stance.UNKNOWN, "de")
    assert "language" in told.reason
    assert read(()).training is Stance.UNKNOWN
    assert read(()).reason


def test_a_clause_is_read_once_wherever_it_stands() -> None:
    text = "We may use your content to train our AI models."
    [first] = cut(text)
    [second] = cut(f"\n\n\n{text}")
    assert first.line != second.line
    assert findings(first) is findings(second)


def test_evidence_names_the_line_of_the_text() -> None:
    told = reading("# Terms\n\nHello.\n\nWe may use your content to train our AI models.\n")
    assert [e.line for e in told.evidence if e.field == "training"] == [5]
