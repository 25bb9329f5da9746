"""The change judge on small texts. The cases are in changes.toml; the sentences are our own."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.core.changes import judge, meaning
from server.core.clauses import cut
from server.core.meaning import essence
from server.core.model import Direction, Kind, Level

CASES = tomllib.loads(Path(__file__).with_name("changes.toml").read_text())["case"]
POLICY = [
    "# Terms of Harpcase",
    "You keep every right in the songs that you upload, and we need your permission to play them.",
    "We may use your songs to train our machine learning models, unless you opt out in your settings.",
    "You must not use the content of this site to train artificial intelligence.",
    "We use machine learning to find music that you may like.",
    "Write to us when something is wrong. We answer within a week, on every working day of the year.",
    *(f"Rule {n} deals with matter {n * 7} and says that people treat each other well there." for n in range(12)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_case(case: dict[str, str]) -> None:
    change = judge(cut(case["before"]), cut(case["after"]))
    assert (change.level, change.kind) == (case["level"], case["kind"])
    assert change.direction == case.get("direction", "neutral")


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_going_back_is_as_heavy(case: dict[str, str]) -> None:
    assert judge(cut(case["after"]), cut(case["before"])).level == case["level"]


def test_the_change_quotes_the_deciding_sentences_and_says_what_they_mean() -> None:
    before = "You keep your songs.\n\nWe do not use your recordings to train AI models."
    after = "You keep your songs.\n\nWe may use your recordings to train AI models."
    change = judge(cut(before), cut(after))
    assert change.quote_before == "We do not use your recordings to train AI models."
    assert change.quote_after == "We may use your recordings to train AI models."
    assert change.explanation == (
        "The text said that what you provide is not used to train AI; "
        "now it says that what you provide may be used to train or improve AI."
    )


def test_a_page_of_several_that_was_not_there_is_technical_not_a_promise_dropped() -> None:
    whole, rest = "\n\n".join(POLICY), "\n\n".join(POLICY[4:])
    broken = f"This page isn't available\n\nTry again later.\n\n{rest}"
    for before, after in ((whole, broken), (broken, whole)):
        assert judge(cut(before), cut(after)).kind is Kind.TECHNICAL
    told = f"What to do when a page isn't available in the app, and other questions that members ask us\n\n{rest}"
    assert judge(cut(whole), cut(told)).level is Level.MATERIAL


def test_a_wall_before_a_page_is_technical_and_no_promise_dropped() -> None:
    policy = (
        "You keep your songs.\n\nWe do not use your songs to train AI models.\n\nWrite to us when something is wrong."
    )
    wall = (
        "Just a moment...\n\nVerifying that you are human.\n\nThe site needs to review the security of your connection."
    )
    for before, after in ((policy, wall), (wall, policy)):
        assert judge(cut(before), cut(after)).kind is Kind.TECHNICAL
    shorter = "You keep your songs.\n\nWrite to us when something is wrong. It takes just a moment."
    assert judge(cut(policy), cut(shorter)).level is Level.MATERIAL


def test_a_page_that_lost_nearly_everything_is_technical() -> None:
    text = "\n\n".join(POLICY * 3)
    for before, after in ((text, "Redirecting to harpcase.example"), ("Please wait", text)):
        change = judge(cut(before), cut(after))
        assert (change.level, change.kind, change.direction) == (Level.NOISE, Kind.TECHNICAL, Direction.NEUTRAL)


def test_a_translation_is_technical() -> None:
    german = [
        "Sie behalten alle Rechte an den Liedern, die Sie hochladen, und wir benötigen Ihre Erlaubnis.",
        "Wir dürfen Ihre Lieder verwenden, um unsere Modelle zu trainieren, wenn Sie nicht widersprechen.",
        "Schreiben Sie uns, wenn etwas nicht stimmt. Wir antworten Ihnen innerhalb einer Woche.",
        *(
            f"Regel {n} handelt von der Sache {n * 7} und sagt, dass die Menschen gut zueinander sind."
            for n in range(9)
        ),
    ]
    change = judge(cut("\n\n".join(POLICY)), cut("\n\n".join(german)))
    assert (change.level, change.kind) == (Level.NOISE, Kind.TECHNICAL)


def test_meaning_is_deaf_to_what_is_not_about_ai() -> None:
    other = [text.replace("week", "month") for text in POLICY]
    assert meaning(cut("\n\n".join(POLICY))) == meaning(cut("\n\n".join(other)))
    assert meaning(cut("\n\n".join(POLICY))) != meaning(cut("\n\n".join(POLICY[:2] + POLICY[3:])))


@given(st.integers(min_value=0, max_value=10_000))
@settings(max_examples=40, deadline=None)
def test_order_wrapping_and_numbers_mean_nothing(seed: int) -> None:
    random = Random(seed)
    body = POLICY[1:]
    random.shuffle(body)
    width = random.randint(3, 9)
    wrapped = ["\n".join(_wrap(text.split(), width)) for text in body]
    numbered = [f"{n}. {text}" for n, text in enumerate(wrapped, 1)] if random.random() < 0.5 else wrapped
    change = judge(cut("\n\n".join(POLICY)), cut("\n\n".join([POLICY[0], *numbered])))
    assert change.level is Level.NOISE


@given(st.text(max_size=400))
@settings(max_examples=100, deadline=None)
def test_a_text_beside_itself_is_noise(text: str) -> None:
    change = judge(cut(text), cut(text))
    assert change.level is Level.NOISE


def _wrap(told: list[str], width: int) -> list[str]:
    return [" ".join(told[i : i + width]) for i in range(0, len(told), width)]


@given(
    st.lists(
        st.sampled_from([*POLICY, "You may not:", "- sell songs;", "- train AI on songs;", "## Rules"]), max_size=14
    )
)
@settings(max_examples=80, deadline=None)
def test_the_essence_of_a_text_says_all_that_the_text_says_about_ai(blocks: list[str]) -> None:
    text = "\n\n".join(blocks)
    assert meaning(cut(essence(text)), weighty=True) == meaning(cut(text), weighty=True)


def test_the_essence_of_a_text_wrapped_with_empty_lines_between_keeps_its_sentences() -> None:
    rule = "We will not use your recordings, or what we make of them for you in any of them,\n\nto train our AI models."
    filler = "A line of this text is about as long as every other one, and it goes on in the next,"
    text = "\n\n".join([*[filler] * 50, rule, *[filler] * 50])
    assert meaning(cut(essence(text)), weighty=True) == meaning(cut(text), weighty=True) != meaning((), weighty=True)


def test_the_essence_keeps_every_rule_that_the_reader_hears() -> None:
    for name in ("training", "sharing", "anti_scraping"):
        for texts in tomllib.loads((Path(__file__).parents[1] / "reading" / f"{name}.toml").read_text()).values():
            for text in texts:
                assert meaning(cut(essence(text)), weighty=True) == meaning(cut(text), weighty=True), text


@pytest.mark.parametrize("gap", ["\n\n", " ", ""])
def test_what_is_longer_than_any_policy_takes_hardly_longer(gap: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.core.meaning.MOST", 15_000)
    monkeypatch.setattr("server.core.meaning.PARTS", 150)
    monkeypatch.setattr("server.core.meaning.LONGEST", 5_000)
    monkeypatch.setattr("server.core.reading.reader.MOST", 15_000)
    long, longest = (_seconds(*(_sentences(gap, count, of) for of in ("letters", "photos"))) for count in (600, 4_800))
    assert longest < 0.5 + 4 * long


def _sentences(gap: str, count: int, of: str) -> str:
    """Sentences on training that no other such text has."""
    return gap.join(f"We may use the {of} of year {year} that you send to train our AI." for year in range(count))


def _seconds(old: str, new: str) -> float:
    clauses = cut(old), cut(new)
    start = time.process_time()
    judge(*clauses)
    return time.process_time() - start


@pytest.mark.parametrize(
    ("before", "after", "meant"),
    [
        (
            "We do not train AI on your songs.",
            "We do not currently train AI on your songs.",
            "The text still says that what you provide is not used to train AI, "
            "but it protects less than before (new in it: a word that it holds for now).",
        ),
        (
            "We may use your songs to train AI.",
            "We and our affiliates may use your songs to train AI.",
            "The text still says that what you provide may be used to train or improve AI, "
            "but it takes more than before (new in it: affiliates).",
        ),
        (
            "We use your songs to train AI. You may object in the settings.",
            "We use your songs to train AI.",
            "The text said that what you provide may be used to train or improve AI unless you object; "
            "now it says that what you provide may be used to train or improve AI.",
        ),
        (
            "We use your songs to train AI.",
            "We use your songs to train AI.\n\nLetters that you write to us may be used to improve our AI models, too.",
            "The text said before, too, that what you provide may be used to train or improve AI; "
            "with what was added it takes more than before.",
        ),
        (
            "You must not train AI on our pages.",
            "You must not train AI on our pages. Nobody may use outputs of our tools to build AI models.",
            "The text said before, too, that others must not use this service's content to train or build AI; "
            "it now says more on it.",
        ),
    ],
)
def test_what_it_means_is_told_by_the_whole_text_first_and_says_what_is_new(
    before: str, after: str, meant: str
) -> None:
    filler = "\n\n".join(POLICY[5:])
    change = judge(cut(f"{before}\n\n{filler}"), cut(f"{after}\n\n{filler}"))
    assert change.explanation == meant


STYLES: dict[str, Callable[[str], str]] = {
    "numbers": lambda text: "\n\n".join(f"{n}.2 {part}" for n, part in enumerate(text.split("\n\n"), 1)),
    "wrapped lines": lambda text: "\n\n".join("\n".join(_wrap(part.split(), 7)) for part in text.split("\n\n")),
    "links": lambda text: text.replace("models", "[models](https://a.example/m?utm_source=x)"),
    "bold words": lambda text: text.replace("not", "**not**").replace("songs", "*songs*"),
    "short forms": lambda text: text.replace("do not", "don’t").replace("must not", "mustn't"),
    "long names": lambda text: text.replace("machine learning", 'machine learning ("ML")'),
    "the company's name": lambda text: text.replace("We may", "Harpcase may").replace("We use", "Harpcase uses"),
    "soft hyphens": lambda text: text.replace("training", "train\u00ading").replace("models", "mod\u200bels"),
    "a cookie banner": lambda text: "We value your privacy. Accept all · Reject all · AI Policy\n\n" + text,
    "another section": lambda text: text + "\n\n# Gifts\n\nCards for gifts last for five years.",
    "a table of contents": lambda text: "- Songs\n- AI and your songs\n- Rules\n\n" + text,
}


@given(st.lists(st.sampled_from(sorted(STYLES)), min_size=1, max_size=5, unique=True))
@settings(max_examples=60, deadline=None)
def test_styles_taken_together_mean_nothing_and_hide_nothing(names: list[str]) -> None:
    text = "\n\n".join(POLICY)
    styled = text
    for name in names:
        styled = STYLES[name](styled)
    for old, new in ((text, styled), (styled, text)):
        assert judge(cut(old), cut(new)).level is Level.NOISE
    dropped = styled.replace(", unless you opt out in your settings", "").replace(
        "unless you opt\nout in your settings", ""
    )
    if dropped != styled:
        change = judge(cut(text), cut(dropped))
        assert (change.level, change.direction) == (Level.MATERIAL, Direction.WORSE)
