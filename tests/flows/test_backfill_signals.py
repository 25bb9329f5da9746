"""The history of signals from an archive: when training crawlers were shut out, and every look-alike of that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from server.core.model import Document, Platform
from server.flows.backfill import Backfilled
from server.flows.backfill_signals import FRONT_PAGE, ROBOTS_TXT, TDMREP_JSON, Source, backfill_signals
from server.store import signals, sources
from server.store.session import Transaction
from server.store.tables import SourceRow
from server.store.tables_people import NoticeRow
from tests.flows.test_backfill import parts_for
from tests.sources.archive_server import ArchiveServer, Kept

URL = "https://tunery.example/robots.txt"
PLATFORM = Platform("tunery", "Tunery", "music", ("tunery.example",), (Document("tunery", "terms", "Terms", (URL,)),))
OPEN = "User-agent: *\nDisallow: /admin\n"
GPT = OPEN + "\nUser-agent: GPTBot\nDisallow: /\n"
BOTH = GPT + "\nUser-agent: CCBot\nDisallow: /\n"
FILES = {
    "o": OPEN,
    "s": OPEN + "\nUser-agent: Googlebot\nDisallow: /search\n\nSitemap: https://tunery.example/sitemap.xml\n",
    "g": GPT,
    "h": "User-agent: GPTBot\nDisallow: /\n\n" + OPEN,
    "b": BOTH,
    "a": OPEN + "\nUser-agent: GPTBot\nAllow: /\n",
    "c": "User-agent: *\nDisallow: /\n",
    "S": OPEN + "Content-Signal: search=yes, ai-train=no\n",
    "Y": OPEN + "Content-Signal: search=yes\n",
    "U": OPEN + "Content-Usage: train-ai=n\n",
    "V": OPEN + "Content-Usage: bots=n\n",
    "L": OPEN + "\nLicense: https://tunery.example/license.xml\n",
    "M": OPEN + "\nLicense: see our terms\n",
    "T": GPT + "Content-Signal: ai-train=no\n",
    "W": "<!doctype html><html><title>Just a moment...</title><p>Checking your browser.</p></html>",
}


def captures(line: str, kept: Callable[[str, str], Kept]) -> list[Kept]:
    """One a month, a letter for each; X is an archived error, N that there was no file."""
    return [kept(f"2024{month:02}01000000", letter) for month, letter in enumerate(line, 1)]


def archive(line: str) -> ArchiveServer:
    """An archive of robots.txt."""
    return ArchiveServer(captures(line, _kept))


def _kept(stamp: str, letter: str) -> Kept:
    missing = {"X": (b"down", 503), "N": (b"<!doctype html><title>Not found</title>", 404)}
    body, status = missing.get(letter) or (FILES[letter].encode(), 200)
    return Kept(stamp, body, status, URL)


def run(server: ArchiveServer, write: Transaction, budget: int = 60, source: Source = ROBOTS_TXT) -> Backfilled:
    return backfill_signals(parts_for(server, write), PLATFORM, source, budget=budget)


def turns(result: Backfilled) -> list[str]:
    """The months between which something turned, and what."""
    return [f"{one.after.month if one.after else 0}-{one.before.month} {one.explanation}" for one in result.changes]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        pytest.param("ooogggg", ["3-4 GPTBot silent → reserved"], id="shut out"),
        pytest.param("oosshhhh", ["4-5 GPTBot silent → reserved"], id="other rules and their order say nothing"),
        pytest.param("oosssoo", [], id="only other rules"),
        pytest.param("ooggbb", ["2-3 GPTBot silent → reserved", "4-5 CCBot silent → reserved"], id="one, then another"),
        pytest.param("oobbb", ["2-3 CCBot silent → reserved; GPTBot silent → reserved"], id="two at once"),
        pytest.param("ggaaa", ["2-3 GPTBot reserved → allowed"], id="let in"),
        pytest.param("ggooo", ["2-3 GPTBot reserved → silent"], id="no longer named"),
        pytest.param("ooccc", ["2-3 all crawlers silent → reserved"], id="closed to all"),
        pytest.param("oogoo", [], id="read once only"),
        pytest.param("ooog", [], id="read once at the end"),
        pytest.param("ooWgg", ["2-4 GPTBot silent → reserved"], id="a wall in between makes the interval wider"),
        pytest.param("oWWoo", [], id="a wall in its place"),
        pytest.param("ooXXoo", [], id="archived errors"),
        pytest.param("NNggg", ["2-3 GPTBot silent → reserved"], id="came closed where no file had been"),
        pytest.param("ggg", [], id="closed in the first reading of all"),
        pytest.param("Nggg", [], id="absent once only"),
        pytest.param("XXggg", [], id="an error is no absence"),
        pytest.param("WWggg", [], id="nor is a web page in its place"),
        pytest.param("NNooo", [], id="came and says nothing to training crawlers"),
        pytest.param("", [], id="never archived"),
        pytest.param("ooSSS", ["2-3 content-signal silent → reserved"], id="a content signal"),
        pytest.param("ooYYY", [], id="one that says nothing of training"),
        pytest.param("ooUUU", ["2-3 content-usage silent → reserved"], id="a usage preference"),
        pytest.param("ooVVV", [], id="a label of an older draft"),
        pytest.param("UUSS", ["2-3 content-signal silent → reserved", "2-3 content-usage reserved → silent"], id="two"),
        pytest.param("ooLLL", ["2-3 rsl silent → licence announced"], id="a licence"),
        pytest.param("ooMMM", [], id="a licence line that names no address"),
        pytest.param(
            "ooTTT",
            ["2-3 GPTBot silent → reserved", "2-3 content-signal silent → reserved"],
            id="a crawler shut out, and a signal to it",
        ),
    ],
)
def test_two_equal_readings_make_a_turn(transaction: Transaction, line: str, found: list[str]) -> None:
    with archive(line) as server:
        result = run(server, transaction)
    assert (turns(result), result.outcome) == (found, "complete")
    with transaction() as opened:
        rows = signals.history(opened, "tunery")
        told = [row.evidence if row.family == "robots" else f"{row.family} {row.evidence}" for row in rows]
        assert told == [one.partition(" ")[2] for one in found]
        assert all(row.since and row.since < row.at for row in rows)
        assert opened.query(NoticeRow).count() == 0


def test_a_second_run_asks_for_nothing_and_tells_the_same_once(transaction: Transaction) -> None:
    with archive("ooossgggbb") as server:
        first = run(server, transaction, budget=5)
        second, third = run(server, transaction), run(server, transaction)
        replays = [path for path in server.log if "id_" in path]
    assert (first.outcome, second.outcome, third.requests) == ("budget", "complete", 1)
    assert len(replays) == len(set(replays))
    assert turns(second) == turns(third) == ["5-6 GPTBot silent → reserved", "8-9 CCBot silent → reserved"]
    with transaction() as opened:
        assert len(signals.history(opened, "tunery")) == 2


def test_from_our_own_first_reading_on_our_own_word_counts(transaction: Transaction) -> None:
    with transaction() as opened:
        began = datetime(2024, 5, 1, tzinfo=UTC)
        sources.ensure(opened, "signals:tunery", family="signals", platform="tunery", url=URL, now=began)
        opened.query(SourceRow).one().first_ok_at = began
    with archive("ooggggbbb") as server:
        assert turns(run(server, transaction)) == ["2-3 GPTBot silent → reserved"]


FRONT = "https://tunery.example/"
WORDS = "<h1>Tunery</h1><p>Share your tracks with everyone. We write about noai here.</p>"
PAGES: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "p": (WORDS, ()),
    "q": (WORDS + "<p>New tracks of today.</p>", ()),
    "n": ('<meta name="robots" content="index, noai">' + WORDS, ()),
    "i": ('<meta name="robots" content="noai, noimageai">' + WORDS, ()),
    "h": (WORDS, (("X-Archive-Orig-X-Robots-Tag", "noai"),)),
    "a": (WORDS, (("X-Archive-Orig-Server", "nginx"), ("X-Robots-Tag", "noai"))),
    "f": (WORDS, (("X-Robots-Tag", "noai"),)),
    "t": ('<meta name="tdm-reservation" content="1">' + WORDS, ()),
    "u": (WORDS, (("X-Archive-Orig-Content-Usage", "train-ai=n"),)),
    "s": (WORDS, (("X-Archive-Orig-Content-Signal", "ai-train=no"),)),
    "l": (WORDS, (("X-Archive-Orig-Link", '</licence.xml>; rel="license"; type="application/rsl+xml"'),)),
    "m": (WORDS, (("X-Archive-Orig-Link", '</licence>; rel="license"; type="text/html"'),)),
    "k": ('<link rel="license" type="application/rsl+xml" href="/licence.xml">' + WORDS, ()),
    "x": (
        '<script type="application/rsl+xml"><rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license>'
        '<prohibits type="usage">ai-train</prohibits></license></content></rsl></script>' + WORDS,
        (),
    ),
    "W": ("<title>Just a moment...</title><p>Checking your browser.</p>", ()),
}


def _page(stamp: str, letter: str) -> Kept:
    head, headers = PAGES.get(letter, ("down", ()))
    body = f"<!doctype html><html><body>{head}".encode()
    return Kept(stamp, body, 503 if letter == "X" else 200, FRONT, headers=headers)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        pytest.param("ppnnn", ["2-3 noai silent → reserved"], id="a tag comes"),
        pytest.param("nnppp", ["2-3 noai reserved → silent"], id="a tag goes"),
        pytest.param(
            "ppiii", ["2-3 noai silent → reserved", "2-3 noimageai silent → reserved"], id="two tags, a turn each"
        ),
        pytest.param("pphhh", ["2-3 noai silent → reserved"], id="a header, as the Internet Archive marks it"),
        pytest.param("ppfff", ["2-3 noai silent → reserved"], id="a header, as other archives pass it on"),
        pytest.param("ppaaa", [], id="a header of the archive's own"),
        pytest.param("pptt", ["2-3 tdmrep silent → reserved"], id="TDMRep"),
        pytest.param("hhnnn", [], id="from header to tag says the same"),
        pytest.param("ppqqq", [], id="another page, the same signals"),
        pytest.param("ppnpp", [], id="read once only"),
        pytest.param("nnn", [], id="there in the first reading of all"),
        pytest.param("nnWWnn", [], id="a wall in its place"),
        pytest.param("nnXXnn", [], id="archived errors"),
        pytest.param("ppuuu", ["2-3 content-usage silent → reserved"], id="a usage preference as header"),
        pytest.param("ppsss", ["2-3 content-signal silent → reserved"], id="a content signal as header"),
        pytest.param("pplll", ["2-3 rsl silent → licence announced"], id="a licence in a Link header"),
        pytest.param("ppmmm", [], id="a licence of another kind"),
        pytest.param("llkk", [], id="from header to tag announces the same"),
        pytest.param("kkxx", ["2-3 rsl licence announced → reserved"], id="a licence that stands in the page is read"),
    ],
)
def test_the_front_page_tells_when_its_tags_turned(transaction: Transaction, line: str, found: list[str]) -> None:
    with ArchiveServer(captures(line, _page)) as server:
        result = run(server, transaction, source=FRONT_PAGE)
    assert (turns(result), result.outcome) == (found, "complete")
    with transaction() as opened:
        rows = signals.history(opened, "tunery")
        assert sorted(f"{row.family} {row.evidence}" for row in rows) == [one.partition(" ")[2] for one in found]


FILE = "https://tunery.example/.well-known/tdmrep.json"
RULES = {
    "1": '[{"location": "/", "tdm-reservation": 1}]',
    "0": '[{"location": "/", "tdm-reservation": 0}]',
    "s": '[{"location": "/shop/", "tdm-reservation": 1}]',
    "j": "{not json",
    "W": "<!doctype html><html><title>Just a moment...</title>",
}


def _rules(stamp: str, letter: str) -> Kept:
    return Kept(stamp, RULES.get(letter, "no").encode(), 404 if letter == "N" else 200, FILE)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        pytest.param("NN111", ["2-3 tdmrep silent → reserved"], id="came where no file had been"),
        pytest.param("1100", ["2-3 tdmrep reserved → allowed"], id="turned"),
        pytest.param("NNss", [], id="says nothing about the front page"),
        pytest.param("111", [], id="there in the first reading of all"),
        pytest.param("11jj11WW11", [], id="what cannot be read is no reading"),
    ],
)
def test_an_archived_tdmrep_file_tells_when_it_turned(transaction: Transaction, line: str, found: list[str]) -> None:
    with ArchiveServer(captures(line, _rules)) as server:
        result = run(server, transaction, source=TDMREP_JSON)
    assert (turns(result), result.outcome) == (found, "complete")


def test_the_pasts_of_all_sources_stand_beside_each_other(transaction: Transaction) -> None:
    kept = [*captures("oogg", _kept), *captures("pptt", _page), *captures("NN11", _rules)]
    with ArchiveServer(kept) as server:
        for source in (ROBOTS_TXT, FRONT_PAGE, TDMREP_JSON) * 2:
            run(server, transaction, source=source)
    with transaction() as opened:
        assert sorted(row.family for row in signals.history(opened, "tunery")) == ["robots", "tdmrep", "tdmrep"]
