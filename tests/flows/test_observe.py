"""Observing: signals are read once a day, a change counts when it is seen twice, and a dead site changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from server.catalogue import load
from server.core.model import Platform
from server.core.signals import Settled, Verdict
from server.flows import observe
from server.flows.lookup import look_up
from server.flows.observe import Observer
from server.sources.http import Web
from server.sources.signals import Observation, read_signals
from server.store import signals, sources
from server.store.session import Transaction
from tests.fakes import FakeClock
from tests.sources.conftest import ForeignSite, serving

CLOSED, OPEN = b"User-agent: GPTBot\nDisallow: /\n", b"User-agent: GPTBot\nAllow: /\n"


@pytest.fixture
def foreign() -> Iterator[ForeignSite]:
    with serving() as made:
        yield made


@pytest.fixture
def platform(foreign: ForeignSite) -> Platform:
    foreign.page("/artist/track", b'<html><meta name="robots" content="noai">')
    named = load().platform("soundcloud")
    return replace(named, homepage=f"{foreign.url}/", sample_page=f"{foreign.url}/artist/track")


@pytest.fixture
def observer(transaction: Transaction, clock: FakeClock) -> Observer:
    def read(url: str, page: str) -> Observation:
        return read_signals(Web("Clausewatch/test", allow_private=True), url, page)

    return Observer(read, transaction, clock)


def _standing(observer: Observer, family: str) -> set[Verdict]:
    with observer.write() as session:
        state: Settled | None = signals.load(session, "soundcloud")
    assert state is not None
    return {signal.verdict for signal in state.confirmed if signal.family == family}


def test_the_sample_page_is_read_and_not_only_the_front(
    observer: Observer, platform: Platform, foreign: ForeignSite
) -> None:
    assert observe.observe(observer, platform) == ()
    assert "/artist/track" in foreign.paths() and "/" not in foreign.paths()
    assert _standing(observer, "noai") == {Verdict.RESERVED}


def test_a_change_counts_when_it_is_seen_twice(observer: Observer, platform: Platform, foreign: ForeignSite) -> None:
    seen = []
    for body in (CLOSED, OPEN, CLOSED, OPEN, OPEN, OPEN):
        foreign.page("/robots.txt", body, Content_Type="text/plain")
        seen.append(observe.observe(observer, platform))
    assert seen == [(), (), (), (), ("robots",), ()]
    assert _standing(observer, "robots") == {Verdict.ALLOWED}


@pytest.mark.parametrize(
    ("statuses", "told"),
    [
        ((404, 200, 200, 200), [(), (), ("robots",), ()]),
        ((404, 404, 200, 404, 200), [(), (), (), (), ()]),  # seen once between absences
        ((200, 200, 200), [(), (), ()]),  # the first reading of all tells no change
        ((503, 200, 200), [(), (), ()]),  # what was there before could not be read
    ],
)
def test_a_file_that_comes_already_closed_is_told_where_none_had_been(
    observer: Observer, platform: Platform, foreign: ForeignSite, statuses: tuple[int, ...], told: list[tuple[str, ...]]
) -> None:
    seen = []
    for status in statuses:
        foreign.page("/robots.txt", CLOSED, status=status, Content_Type="text/plain")
        seen.append(observe.observe(observer, platform))
    assert seen == told


def test_a_dead_site_changes_nothing(observer: Observer, platform: Platform, foreign: ForeignSite) -> None:
    foreign.page("/robots.txt", CLOSED, Content_Type="text/plain")
    observe.observe(observer, platform)
    for path in ("/robots.txt", "/artist/track"):
        foreign.page(path, b"busy", status=503)
    assert [observe.observe(observer, platform) for _ in range(3)] == [(), (), ()]
    assert _standing(observer, "robots") == _standing(observer, "noai") == {Verdict.RESERVED}


@pytest.mark.parametrize(("status", "told"), [(503, [(), ()]), (200, [(), ("content-signal",)])])
def test_a_page_that_is_away_takes_back_nothing_that_its_header_said(
    observer: Observer, platform: Platform, foreign: ForeignSite, status: int, told: list[tuple[str, ...]]
) -> None:
    foreign.page("/robots.txt", b"Content-Signal: search=yes, ai-train=yes\n", Content_Type="text/plain")
    foreign.page("/artist/track", LACKING, Content_Signal="ai-train=no")
    observe.observe(observer, platform)
    foreign.page("/artist/track", LACKING, status)
    assert [observe.observe(observer, platform) for _ in range(2)] == told
    assert (Verdict.RESERVED in _standing(observer, "content-signal")) is (status == 503)


def test_a_site_that_asks_us_to_wait_is_left_alone_that_long(
    observer: Observer, platform: Platform, foreign: ForeignSite, clock: FakeClock
) -> None:
    foreign.page("/robots.txt", CLOSED, Content_Type="text/plain")
    observe.observe(observer, platform)
    foreign.page("/artist/track", b"", status=429, Retry_After="43200")
    foreign.asked.clear()
    assert observe.observe(observer, platform) == ()
    assert [path for path, _ in foreign.asked] == ["/robots.txt", "/artist/track"]
    with observer.write() as session:
        row = sources.find(session, "signals:soundcloud")
        assert row is not None
        assert (row.cause, row.next_check_at - clock.now()) == ("rate limited", timedelta(hours=12))
    assert _standing(observer, "noai") == {Verdict.RESERVED}


LACKING = b"<html><head><title>A track</title></head><body><h1>A track</h1></body></html>"


@pytest.mark.parametrize(
    ("page", "sampled", "broken"),
    [
        (LACKING, True, ("noai",)),
        (b'<html><meta name="robots" content="noai">', True, ()),
        (LACKING, False, ()),  # a front page without the tag proves nothing
    ],
)
def test_a_promised_tag_that_is_missing_is_a_finding(
    observer: Observer, platform: Platform, foreign: ForeignSite, page: bytes, sampled: bool, broken: tuple[str, ...]
) -> None:
    foreign.page("/artist/track", page)
    foreign.page("/", LACKING)
    watched = replace(platform, promised_signals=("noai",), sample_page=platform.sample_page if sampled else "")
    with observer.write() as session:
        assert look_up(session, watched, observer.clock.now(), observe.EVERY).broken_promises == (), "not read yet"
    observe.observe(observer, watched)
    with observer.write() as session:
        assert look_up(session, watched, observer.clock.now(), observe.EVERY).broken_promises == broken


def test_a_page_that_cannot_be_read_breaks_no_promise(
    observer: Observer, platform: Platform, foreign: ForeignSite
) -> None:
    foreign.page("/artist/track", b"busy", status=503)
    observe.observe(observer, replace(platform, promised_signals=("noai",)))
    with observer.write() as session:
        assert look_up(session, platform, observer.clock.now(), observe.EVERY).broken_promises == ()
