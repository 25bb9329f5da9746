"""Every family of signals on small sites: what must be found, and the look-alikes that must stay silent."""

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.core.signals import FAMILIES, Answer, Site, Verdict, read_site, rsl
from server.core.signals.crawlers import WATCHED
from server.core.signals.site import read_file, read_page

CASES = [
    case
    for path in sorted((Path(__file__).parent / "cases").glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]
ORIGIN = "https://tunes.example"


def _answer(url: str, given: Any, kind: str) -> Answer:
    """A file given as text, as a table with status and headers, or not at all (404)."""
    table = {"text": given} if isinstance(given, str) else given or {"status": 404}
    text = table.get("text", "") * table.get("times", 1)
    headers = (("Content-Type", table.get("type", kind)), *((key, value) for key, value in table.get("headers", [])))
    return Answer(url, table.get("status", 200), headers, text.encode())


def _site(case: dict[str, Any]) -> Site:
    page = read_page(
        _answer(case.get("url", f"{ORIGIN}/artist/track"), case.get("page", ""), "text/html; charset=utf-8")
    )
    robots = read_file(_answer(f"{ORIGIN}/robots.txt", case.get("robots"), "text/plain"))
    return Site(
        page=page,
        robots=robots,
        tdmrep=read_file(_answer(f"{ORIGIN}/.well-known/tdmrep.json", case.get("tdmrep"), "application/json")),
        llms=read_file(_answer(f"{ORIGIN}/llms.txt", case.get("llms"), "text/plain")),
        ai=read_file(_answer(f"{ORIGIN}/ai.txt", case.get("ai"), "text/plain")),
        licences=tuple(
            read_file(_answer(url, case.get("licences", {}).get(url), "application/rsl+xml"))
            for url in rsl.announced(robots, page)
        ),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['family']}: {case['name']}")
def test_a_site_says(case: dict[str, Any]) -> None:
    found = [signal for signal in read_site(_site(case)) if signal.family == case["family"]]
    said = [
        " ".join(
            word
            for word in (signal.use, signal.verdict, signal.agent, f"@{signal.line}" if signal.line else "")
            if word
        )
        for signal in found
    ]
    assert said == case["says"]
    assert case.get("evidence", "") in " | ".join(signal.evidence for signal in found)


def test_each_family_is_read_and_has_cases() -> None:
    families = {family for names in FAMILIES for family in names}
    assert {signal.family for signal in read_site(_site({}))} == families - {"llms.txt", "ai.txt"}
    assert {case["family"] for case in CASES} == families
    assert len(CASES) >= 60


def test_a_bare_site_is_silent_and_never_allowed() -> None:
    assert {signal.verdict for signal in read_site(_site({}))} == {Verdict.SILENT}


def test_a_dead_site_is_unreadable_and_never_silent() -> None:
    dead = {"status": 503}
    signals = read_site(_site({"page": dead, "robots": dead, "tdmrep": dead, "llms": dead, "ai": dead}))
    assert {signal.verdict for signal in signals} == {Verdict.UNREADABLE}


def test_evidence_is_one_short_line_that_databases_take() -> None:
    hostile = "User-agent: GPTBot\x00\x1b[31m\nDisallow: /\n"
    tdm = '[{"location": "/", "tdm-reservation": 1, "tdm-policy": "\\ud800' + "x" * 900 + '"}]'
    for signal in read_site(_site({"robots": hostile, "tdmrep": tdm})):
        assert signal.evidence.isprintable() and len(signal.evidence) <= 300
        signal.evidence.encode("utf-8")


def test_the_watch_list_has_each_crawler_once() -> None:
    assert len({crawler.token.lower() for crawler in WATCHED}) == len(WATCHED) == 15


PIECES = st.sampled_from(
    [
        "User-agent: *",
        "User-agent: GPTBot",
        "Disallow: /",
        "Allow: /",
        "Content-Signal: ai-train=no",
        "License: https://[",
        "Content-Usage: /a train-ai=n",
        "<meta name=robots content=noai>",
        "<template>",
        "<!--",
        "]]>",
        "<script type=application/rsl+xml>",
        '<rsl xmlns="https://rslstandard.org/rsl"><content url="https://[">',
        "<license><permits",
        '[{"location": "/*$", "tdm-reservation": 1}]',
        "<!DOCTYPE a [<!ENTITY b 'c'>]>",
        '<link rel=license type=application/rsl+xml href="http://[">',
        "[",
        "{",
        "\x00",
        "é",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=12).map("\n".join))
HEADER_NAMES = st.sampled_from(
    ["x-robots-tag", "tdm-reservation", "Content-Usage", "Content-Signal", "Link", "Content-Type"]
)
HEADER_VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["noai", "gptbot: noai", "train-ai=n", "text/html", '<http://[>; rel=license; type="application/rsl+xml"']
    ),
)
HEADERS = st.lists(st.tuples(HEADER_NAMES, HEADER_VALUES), max_size=4).map(tuple)
ANSWERS = st.builds(
    Answer,
    url=st.just(f"{ORIGIN}/a"),
    status=st.sampled_from([0, 200, 204, 301, 404, 429, 503]),
    headers=HEADERS,
    body=st.one_of(st.binary(max_size=200), TEXTS.map(lambda text: text.encode("utf-8", "replace"))),
)
NONE = Answer(f"{ORIGIN}/none", 404)


@example(
    Answer(f"{ORIGIN}/", 200, (("Link", '<http://[>; rel=license; type="application/rsl+xml"'),)), NONE, NONE, NONE
)
@given(page=ANSWERS, robots=ANSWERS, tdmrep=ANSWERS, other=ANSWERS)
def test_no_site_makes_the_reading_raise(page: Answer, robots: Answer, tdmrep: Answer, other: Answer) -> None:
    seen, rules = read_page(page), read_file(robots)
    rsl.announced(rules, seen)
    for signal in read_site(
        Site(seen, rules, read_file(tdmrep), read_file(other), read_file(other), (read_file(other),))
    ):
        assert (signal.verdict is Verdict.SILENT) or signal.evidence or signal.family == "robots"


@pytest.mark.parametrize(
    "body",
    [
        "<!---->" * 70_000,
        "<!--" * 100_000,
        "<a " * 150_000,
        "<meta name=robots content='" * 15_000,
        "<script type=application/rsl+xml>" * 15_000,
        '<rsl xmlns="https://rslstandard.org/rsl">' + "<content>" * 50_000,
        "[" * 500_000,
        "Content-Usage: " + "a=" * 200_000,
        "</" * 200_000,
        "<meta " + " ".join(f"a{number}=1" for number in range(80_000)),
        "<p>" + " " * 400_000,
    ],
    ids=lambda body: body[:20],
)
def test_hostile_bodies_take_bounded_time(body: str) -> None:
    answer = Answer(f"{ORIGIN}/", 200, (), body.encode())
    file, started = read_file(answer), time.process_time()
    read_site(Site(read_page(answer), file, file, file, file, (file,)))
    assert time.process_time() - started < 5
