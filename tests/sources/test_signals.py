"""Fetching a site's signals: which addresses are asked, and what a failed fetch does to the verdicts."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from server.core.errors import Deadline, Gone, Refused, ServerTrouble, SourceError, TooLarge
from server.core.signals import Verdict
from server.core.signals.robots import LARGEST
from server.sources.signals import Observation, read_signals

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
    asked: list[tuple[str, int | None]] = field(default_factory=list)

    def get(self, url: str, *, cap: int | None = None) -> Page:
        self.asked.append((url, cap))
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
        (PAGE, None),
        (f"{ORIGIN}/robots.txt", LARGEST),
        (f"{ORIGIN}/.well-known/tdmrep.json", LARGEST),
        (f"{ORIGIN}/llms.txt", LARGEST),
        (f"{ORIGIN}/ai.txt", LARGEST),
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
    assert [url for url, _ in web.asked[5:]] == [f"https://rights.example/{number}.xml" for number in range(3)]
    assert Verdict.RESERVED in _verdicts(observation, "rsl")


def test_evidence_names_the_address_after_redirects() -> None:
    moved = Page("https://www.tunes.example/robots.txt", b"User-agent: GPTBot\nDisallow: /\n")
    observation = read_signals(ForeignWeb({PAGE: Page(PAGE), f"{ORIGIN}/robots.txt": moved}), ORIGIN, PAGE)
    assert [signal.url for signal in observation.signals if signal.family == "robots"] == [moved.final_url]


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (Deadline("slow"), "too slow"),
        (ServerTrouble("503"), "server error"),
        (Refused("robots.txt says no"), "refused"),
        (TooLarge("large"), "too large"),
    ],
)
def test_what_cannot_be_fetched_is_unreadable_and_says_why(error: SourceError, why: str) -> None:
    observation = read_signals(ForeignWeb({PAGE: Page(PAGE), f"{ORIGIN}/robots.txt": error}), ORIGIN, PAGE)
    assert _verdicts(observation, "robots") == {Verdict.UNREADABLE}
    assert next(signal.evidence for signal in observation.signals if signal.family == "robots") == why
    assert _verdicts(observation, "noai") == {Verdict.SILENT}


def test_a_gone_page_is_unreadable_while_a_gone_file_is_silence() -> None:
    observation = read_signals(ForeignWeb(), ORIGIN, PAGE)
    assert _verdicts(observation, "noai") == {Verdict.UNREADABLE}
    assert _verdicts(observation, "robots") == {Verdict.SILENT}
