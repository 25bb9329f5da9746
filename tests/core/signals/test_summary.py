"""Many signals as one headline, promises that pages do not keep, and when a reading becomes a change."""

import pytest

from server.core.signals import Settled, Signal, Use, Verdict, broken_promises, combine, settle

RESERVED, ALLOWED, SILENT, UNREADABLE = Verdict.RESERVED, Verdict.ALLOWED, Verdict.SILENT, Verdict.UNREADABLE


def _signal(
    verdict: Verdict, family: str = "robots", use: Use = Use.AI_TRAIN, agent: str = "", line: int = 0
) -> Signal:
    return Signal(family, use, verdict, line=line, agent=agent)


@pytest.mark.parametrize(
    ("verdicts", "headline", "contradicted"),
    [
        ([RESERVED, ALLOWED, SILENT], RESERVED, True),
        ([RESERVED, UNREADABLE], RESERVED, False),
        ([ALLOWED, SILENT], ALLOWED, False),
        ([ALLOWED, UNREADABLE], UNREADABLE, False),
        ([SILENT, UNREADABLE], UNREADABLE, False),
        ([SILENT, SILENT], SILENT, False),
    ],
)
def test_the_strictest_verdict_is_the_headline(verdicts: list[Verdict], headline: Verdict, contradicted: bool) -> None:
    found = combine([_signal(verdict) for verdict in verdicts])[Use.AI_TRAIN]
    assert (found.verdict, found.contradicted) == (headline, contradicted)
    assert {signal.verdict for signal in found.signals} == {headline}


def test_each_use_has_a_headline_of_its_own_and_presence_has_none() -> None:
    signals = [_signal(RESERVED), _signal(ALLOWED, use=Use.SEARCH), _signal(SILENT, "llms.txt", Use.NONE)]
    assert {use: line.verdict for use, line in combine(signals).items()} == {
        Use.AI_TRAIN: RESERVED,
        Use.SEARCH: ALLOWED,
    }


@pytest.mark.parametrize(
    ("signals", "broken"),
    [
        ([_signal(SILENT, "noai")], ("noai",)),
        ([_signal(RESERVED, "noai")], ()),
        ([_signal(RESERVED, "noai", agent="GPTBot")], ()),
        ([_signal(UNREADABLE, "noai")], ()),
        ([], ()),
        ([_signal(RESERVED)], ()),
        ([_signal(SILENT, "noai"), _signal(RESERVED, "robots")], ("noai",)),
    ],
)
def test_a_promised_tag_that_the_page_lacks_is_found(signals: list[Signal], broken: tuple[str, ...]) -> None:
    assert broken_promises(("noai",), signals) == broken


def test_the_wider_tag_keeps_the_promise_of_the_narrower_one() -> None:
    assert broken_promises(("noimageai",), [_signal(SILENT, "noimageai"), _signal(RESERVED, "noai")]) == ()
    assert broken_promises(("noai",), [_signal(SILENT, "noai"), _signal(RESERVED, "noimageai")]) == ("noai",)


def _after(*readings: list[Signal]) -> Settled:
    state: Settled | None = None
    for reading in readings:
        state = settle(state, reading)
    assert state is not None
    return state


SAYS_NO, SAYS_YES, SAYS_NOTHING, BLOCKED = ([_signal(verdict)] for verdict in (RESERVED, ALLOWED, SILENT, UNREADABLE))


@pytest.mark.parametrize(
    ("readings", "stands", "changed"),
    [
        ([SAYS_NO], RESERVED, False),
        ([SAYS_NO, SAYS_NOTHING], RESERVED, False),
        ([SAYS_NO, SAYS_NOTHING, SAYS_NOTHING], SILENT, True),
        ([SAYS_NO, SAYS_NOTHING, SAYS_NOTHING, SAYS_NOTHING], SILENT, False),
        ([SAYS_NO, SAYS_NOTHING, SAYS_NO, SAYS_NOTHING], RESERVED, False),
        ([SAYS_NO, SAYS_NOTHING, SAYS_YES], RESERVED, False),
        ([SAYS_NO, BLOCKED, BLOCKED, BLOCKED], RESERVED, False),
        ([SAYS_NO, SAYS_YES, BLOCKED, SAYS_YES], ALLOWED, True),
        ([BLOCKED, SAYS_NO], RESERVED, False),
        ([BLOCKED, SAYS_NO, SAYS_YES, SAYS_YES], ALLOWED, True),
    ],
)
def test_two_equal_readings_make_a_change(readings: list[list[Signal]], stands: Verdict, changed: bool) -> None:
    state = _after(*readings)
    assert {signal.verdict for signal in state.confirmed} == {stands}
    assert state.changed == (("robots",) if changed else ())


def test_a_rule_that_moved_is_no_change_and_its_new_line_is_kept() -> None:
    state = _after([_signal(RESERVED, line=2)], [_signal(RESERVED, line=9)])
    assert state.confirmed[0].line == 9 and state.pending == () and state.changed == ()


def test_one_crawler_more_is_a_change_of_its_family_only() -> None:
    tag = _signal(RESERVED, "noai")
    one, two = (
        [_signal(RESERVED, agent="GPTBot"), tag],
        [_signal(RESERVED, agent="GPTBot"), _signal(RESERVED, agent="CCBot"), tag],
    )
    assert _after(one, two, two).changed == ("robots",)


def test_families_wait_apart() -> None:
    robots_no, robots_yes = _signal(RESERVED), _signal(ALLOWED)
    tag, bare = _signal(RESERVED, "noai"), _signal(SILENT, "noai")
    state = _after([robots_no, tag], [robots_yes, tag], [robots_yes, bare])
    assert state.changed == ("robots",)
    assert state.pending == (bare,)


def _places(robots: Verdict, header: Verdict) -> list[Signal]:
    urls = ("https://tunes.example/robots.txt", "https://tunes.example/track")
    said = zip(urls, (robots, header), strict=True)
    return [Signal("content-signal", Use.AI_TRAIN, verdict, url=url) for url, verdict in said]


@pytest.mark.parametrize(
    ("readings", "changed"),
    [
        ([(RESERVED, SILENT), *2 * [(UNREADABLE, SILENT)]], False),  # robots.txt keeps what it said
        ([(RESERVED, SILENT), *2 * [(SILENT, SILENT)]], True),
        ([(SILENT, RESERVED), *2 * [(SILENT, UNREADABLE)]], False),
        ([(SILENT, RESERVED), *2 * [(SILENT, SILENT)]], True),
        ([(RESERVED, ALLOWED), *2 * [(UNREADABLE, ALLOWED)]], False),
        ([(RESERVED, ALLOWED), *2 * [(SILENT, ALLOWED)]], True),
        ([(RESERVED, SILENT), *2 * [(UNREADABLE, ALLOWED)]], True),  # the other place may change meanwhile
        ([(RESERVED, UNREADABLE), *2 * [(SILENT, UNREADABLE)]], True),  # a page that never lets us in hides nothing
        ([(RESERVED, UNREADABLE), *2 * [(RESERVED, ALLOWED)]], False),  # nobody knows what it said before
        ([(RESERVED, SILENT), *2 * [(SILENT, RESERVED)]], False),  # it says the same in another place
        ([(RESERVED, SILENT), (SILENT, SILENT), (UNREADABLE, SILENT)], False),  # seen once
        ([(RESERVED, SILENT), (SILENT, SILENT), (UNREADABLE, SILENT), (SILENT, SILENT)], True),
    ],
)
def test_each_of_two_places_keeps_what_it_said_until_it_is_read_again(
    readings: list[tuple[Verdict, Verdict]], changed: bool
) -> None:
    state, told = None, []
    for reading in readings:
        state = settle(state, _places(*reading))
        told += state.changed
    assert told == ["content-signal"] * changed
