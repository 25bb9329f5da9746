"""The robots.txt tokenizer: RFC 9309 and the traps that other parsers fall into."""

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.signals import robots

CASES = tomllib.loads((Path(__file__).parent / "robots.toml").read_text(encoding="utf-8"))["case"]
QUESTIONS = [(case, ask, verdict) for case in CASES for verdict in ("allow", "deny") for ask in case.get(verdict, [])]


@pytest.mark.parametrize(
    ("case", "ask", "verdict"), QUESTIONS, ids=lambda part: part["name"] if isinstance(part, dict) else None
)
def test_a_file_answers(case: dict[str, str], ask: str, verdict: str) -> None:
    agent, path = ask.split(" ")
    assert robots.allowed(robots.parse(case["text"]), agent, path) is (verdict == "allow")


def test_no_rule_and_allowed_by_rule_are_told_apart() -> None:
    parsed = robots.parse("User-agent: GPTBot\nAllow: /open\n")
    assert robots.decide(parsed, "GPTBot", "/open") == robots.Decision(True, parsed.lines[0], parsed.lines[1])
    assert robots.decide(parsed, "GPTBot", "/other") == robots.Decision(True, parsed.lines[0], None)
    assert robots.decide(parsed, "CCBot", "/") == robots.Decision(True, None, None)


def test_unknown_lines_are_kept_with_number_and_raw_text() -> None:
    parsed = robots.parse(
        "# hello\nUser-agent: *\nContent-Signal: ai-train=no # mine\nLicense: https://a.example/l.xml\n"
    )
    assert [(line.number, line.key, line.value, line.raw) for line in parsed.lines[1:]] == [
        (3, "content-signal", "ai-train=no", "Content-Signal: ai-train=no # mine"),
        (4, "license", "https://a.example/l.xml", "License: https://a.example/l.xml"),
    ]
    assert parsed.groups[0].lines == parsed.lines[1:]


def test_an_extension_that_is_a_rule_splits_groups_only_in_its_own_reading() -> None:
    text = "User-agent: A\nContent-Usage: train-ai=n\nUser-agent: B\nDisallow: /\n"
    assert len(robots.parse(text).groups) == 1
    assert len(robots.parse(text, robots.RULES | {"content-usage"}).groups) == 2


def test_hostile_files_take_bounded_time() -> None:
    started = time.process_time()
    parsed = robots.parse("User-agent: *\nDisallow: /" + "*a" * 120_000 + "$\n" + "User-agent: b\n" * 20_000)
    assert robots.allowed(parsed, "any", "/" + "a" * 100_000 + "b")
    assert time.process_time() - started < 5


@given(st.text(), st.text(), st.text())
def test_any_text_is_answered(text: str, agent: str, path: str) -> None:
    assert robots.allowed(robots.parse(text), agent, path) in (True, False)


@given(st.lists(st.sampled_from(["User-agent: a", "User-agent: *", "Disallow: /", "Allow: /*x$", "Foo: bar", "#", ""])))
def test_every_line_belongs_to_at_most_one_group_in_order(lines: list[str]) -> None:
    parsed = robots.parse("\n".join(lines))
    grouped = [
        line.number
        for group in parsed.groups
        for line in sorted((*group.agents, *group.lines), key=lambda line: line.number)
    ]
    assert grouped == sorted(set(grouped))
