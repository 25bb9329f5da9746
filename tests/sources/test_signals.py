"""Fetching a site's signals: which addresses are asked, and what a failed fetch does to the verdicts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from server.core.errors import (
    Busy,
    ClausewatchError,
    Deadline,
    Gone,
    RateLimited,
    Refused,
    ServerTrouble,
    SourceError,
    TooLarge,
)
from server.core.signals import Verdict
from server.core.signals.robots import LARGEST
from server.sources.http import Web
from server.sources.signals import LARGEST_PAGE, Observation, read_signals
from tests.sources.conftest import ForeignSite

ORIGIN = "https://tunes.example"
PAGE = f"{ORIGIN}/artist/track"
LICENCE = (
    b'<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license>'
    b'<prohibits type="usage">ai-train</prohibits></license></content></rsl>'
)


@dataclass(frozen=True)
class Page:
    final_url: str
    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class ForeignWeb:
    """Other people's sites: a page or an error for each address; all others are gone."""

    pages: dict[str, Page | SourceError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def get(
        self, url: str, *, cap: int = 0, deadline: float = 0.0, permit: Callable[[str], None] | None = None
    ) -> Page:
        assert LARGEST <= cap <= LARGEST_PAGE
        if permit:
            permit(url)
        self.asked.append(url)
        self.seconds.append(deadline)
        found = self.pages.get(url, Gone("not there"))
        if isinstance(found, SourceError):
            raise found
        return found


def _verdicts(observation: Observation, family: str) -> set[Verdict]:
    return {signal.verdict for signal in observation.signals if signal.family == family}


def test_files_of_the_origin_and_one_page_are_asked_for() -> None:
    web = ForeignWeb({PAGE: Page(PAGE, b'<meta name="robots" content="noai">')})
    observation = read_signals(web, f"{ORIGIN}/some/where", PAGE)
    assert web.asked == [
        f"{ORIGIN}/robots.txt",
        PAGE,
        f"{ORIGIN}/.well-known/tdmrep.json",
        f"{ORIGIN}/llms.txt",
        f"{ORIGIN}/ai.txt",
    ]
    assert [answer.status for answer in observation.answers] == [200, 404, 404, 404, 404]
    assert _verdicts(observation, "noai") == {Verdict.RESERVED}
    assert _verdicts(observation, "robots") == {Verdict.SILENT}


def test_without_a_page_the_front_page_is_read() -> None:
    web = ForeignWeb({f"{ORIGIN}/": Page(f"{ORIGIN}/", headers=(("TDM-Reservation", "1"),))})
    assert _verdicts(read_signals(web, f"{ORIGIN}/"), "tdmrep") == {Verdict.RESERVED}


def test_announced_licences_are_fetched_but_not_without_end() -> None:
    names = "".join(f"License: https://rights.example/{number}.xml\n" for number in range(50))
    pages: dict[str, Page | SourceError] = {
        PAGE: Page(PAGE),
        f"{ORIGIN}/robots.txt": Page(f"{ORIGIN}/robots.txt", names.encode()),
        "https://rights.example/0.xml": Page("https://rights.example/0.xml", LICENCE),
    }
    web = ForeignWeb(pages)
    observation = read_signals(web, ORIGIN, PAGE)
    assert web.asked[5:] == [f"https://rights.example/{number}.xml" for number in range(3)]
    assert Verdict.RESERVED in _verdicts(observation, "rsl")


def test_evidence_names_the_address_after_redirects() -> None:
    moved = Page("https://www.tunes.example/robots.txt", b"User-agent: GPTBot\nDisallow: /\n")
    observation = read_signals(ForeignWeb({PAGE: Page(PAGE), f"{ORIGIN}/robots.txt": moved}), ORIGIN, PAGE)
    assert [signal.url for signal in observation.signals if signal.family == "robots"] == [moved.final_url]


@pytest.mark.parametrize(
    ("error", "why", "page"),
    [
        (Deadline("slow"), "too slow", Verdict.UNREADABLE),
        (ServerTrouble("503"), "server error", Verdict.UNREADABLE),
        (Refused("private"), "refused", Verdict.UNREADABLE),
        (TooLarge("large"), "too large", Verdict.UNREADABLE),
    ],
)
def test_a_robots_file_that_cannot_be_had_closes_the_site(error: SourceError, why: str, page: Verdict) -> None:
    web = ForeignWeb({PAGE: Page(PAGE), f"{ORIGIN}/robots.txt": error})
    observation = read_signals(web, ORIGIN, PAGE)
    assert web.asked == [f"{ORIGIN}/robots.txt"]
    assert {signal.verdict for signal in observation.signals} == {page}
    assert next(signal.evidence for signal in observation.signals if signal.family == "robots") == why
    assert next(signal.evidence for signal in observation.signals if signal.family == "noai") == (
        f"robots.txt could not be had ({why})"
    )


def test_a_refused_robots_file_counts_as_absent_for_going_on_and_as_unreadable_for_reading() -> None:
    refusal = SourceError("blocked by a bot wall")
    refusal.cause = "blocked"
    observation = read_signals(ForeignWeb({PAGE: Page(PAGE), f"{ORIGIN}/robots.txt": refusal}), ORIGIN, PAGE)
    assert _verdicts(observation, "robots") == {Verdict.UNREADABLE}
    assert _verdicts(observation, "noai") == {Verdict.SILENT}


@pytest.mark.parametrize("path", ["/robots.txt", "/artist/track", "/llms.txt"])
@pytest.mark.parametrize("error", [RateLimited("429", retry_after=600.0), ServerTrouble("503", retry_after=600.0)])
def test_a_site_that_asks_us_to_wait_is_asked_for_nothing_more(path: str, error: SourceError) -> None:
    web = ForeignWeb({PAGE: Page(PAGE), f"{ORIGIN}{path}": error})
    with pytest.raises(type(error)):
        read_signals(web, ORIGIN, PAGE)
    assert web.asked[-1] == f"{ORIGIN}{path}"


def test_the_host_of_a_licence_that_asks_us_to_wait_does_not_speak_for_the_site() -> None:
    rules = b"User-agent: GPTBot\nDisallow: /\nLicense: https://rights.example/0.xml\n"
    pages = {PAGE: Page(PAGE), f"{ORIGIN}/robots.txt": Page(f"{ORIGIN}/robots.txt", rules)}
    web = ForeignWeb(pages | {"https://rights.example/0.xml": RateLimited("429", retry_after=600.0)})
    observation = read_signals(web, ORIGIN, PAGE)
    assert (_verdicts(observation, "robots"), _verdicts(observation, "rsl")) == (
        {Verdict.RESERVED},
        {Verdict.UNREADABLE},
    )


def test_what_robots_txt_keeps_from_us_is_not_asked_for() -> None:
    rules = b"User-agent: Clausewatch\nDisallow: /artist/\nDisallow: /llms.txt\n"
    web = ForeignWeb({PAGE: Page(PAGE), f"{ORIGIN}/robots.txt": Page(f"{ORIGIN}/robots.txt", rules)})
    observation = read_signals(web, ORIGIN, PAGE)
    assert PAGE not in web.asked and f"{ORIGIN}/llms.txt" not in web.asked and f"{ORIGIN}/ai.txt" in web.asked
    assert _verdicts(observation, "noai") == {Verdict.UNREADABLE}
    assert _verdicts(observation, "robots") == {Verdict.SILENT}


def test_a_redirect_into_what_robots_txt_closes_is_not_followed(site: ForeignSite) -> None:
    site.page("/robots.txt", b"User-agent: *\nDisallow: /closed/\n", Content_Type="text/plain")
    for path, to in (("/a", "/closed/track"), ("/b", "/open/track")):
        site.page(path, b"", 302, Location=to)
        site.page(to, b'<html><meta name="robots" content="noai">')
        web = Web("Clausewatch/0", allow_private=True)
        found = _verdicts(read_signals(web, site.url, site.url + path), "noai")
        assert found == {Verdict.RESERVED if to in site.paths() else Verdict.UNREADABLE}
    assert "/closed/track" not in site.paths() and "/open/track" in site.paths()


@pytest.mark.parametrize("why", [None, Refused("robots.txt"), Busy("somebody is there")])
def test_whether_another_site_may_be_asked_is_asked_first(why: ClausewatchError | None) -> None:
    licence, elsewhere = "https://rights.example/0.xml", []

    def permit(url: str) -> None:
        elsewhere.append(url)
        if why:
            raise why

    rules = Page(f"{ORIGIN}/robots.txt", f"License: {licence}\n".encode())
    web = ForeignWeb({PAGE: Page(PAGE), f"{ORIGIN}/robots.txt": rules, licence: Page(licence, LICENCE)})
    found = _verdicts(read_signals(web, ORIGIN, PAGE, permit=permit), "rsl")
    assert found == ({Verdict.UNREADABLE} if why else {Verdict.RESERVED})
    assert elsewhere == [licence]


def test_rules_for_others_do_not_keep_us_out() -> None:
    rules = b"User-agent: GPTBot\nDisallow: /\n"
    web = ForeignWeb({PAGE: Page(PAGE), f"{ORIGIN}/robots.txt": Page(f"{ORIGIN}/robots.txt", rules)})
    assert _verdicts(read_signals(web, ORIGIN, PAGE), "robots") == {Verdict.RESERVED}
    assert PAGE in web.asked


def test_the_round_has_an_end() -> None:
    web = ForeignWeb({PAGE: Page(PAGE)})
    observation = read_signals(web, ORIGIN, PAGE, seconds=0.5)
    assert web.asked == []
    assert {signal.verdict for signal in observation.signals} == {Verdict.UNREADABLE}
    read_signals(web, ORIGIN, PAGE, seconds=4.0)
    assert all(1 <= seconds <= 4 for seconds in web.seconds)


def test_with_the_real_session_against_a_site_on_loopback(site: ForeignSite) -> None:
    tdmrep = b'[{"location": "/", "tdm-reservation": 1}]'
    site.page("/robots.txt", b"User-agent: GPTBot\nDisallow: /\n", Content_Type="text/plain")
    site.page("/track", b'<html><meta name="robots" content="noimageai">', X_Robots_Tag="noai")
    site.page("/.well-known/tdmrep.json", tdmrep, Content_Type="application/json")
    site.page("/ai.txt", b"busy", status=503)
    observation = read_signals(Web("Clausewatch/0", allow_private=True), site.url, f"{site.url}/track")
    said = {signal.family: signal.verdict for signal in observation.signals}
    assert [path for path, _ in site.asked] == [
        "/robots.txt",
        "/track",
        "/.well-known/tdmrep.json",
        "/llms.txt",
        "/ai.txt",
    ]
    assert (said["robots"], said["noai"], said["noimageai"], said["tdmrep"]) == (Verdict.RESERVED,) * 4
    assert said["content-signal"] is Verdict.SILENT and "ai.txt" not in said


def test_a_gone_page_is_unreadable_while_a_gone_file_is_silence() -> None:
    observation = read_signals(ForeignWeb(), ORIGIN, PAGE)
    assert _verdicts(observation, "noai") == {Verdict.UNREADABLE}
    assert _verdicts(observation, "robots") == {Verdict.SILENT}
