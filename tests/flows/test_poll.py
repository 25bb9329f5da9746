"""Polling over real HTTP: what is asked, what is read again, what is written; and what a worker that dies loses."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from server.catalogue import Catalogue
from server.core.model import Document, Platform
from server.flows import poll as polling
from server.flows.keep import Rules
from server.flows.poll import Polled, Poller, poll_due, sync_sources
from server.sources.http import Validators, Web
from server.sources.pages import Page, fetch_document
from server.sources.spacing import NoSpacing
from server.store import sources, stamps, versions
from server.store.session import Transaction
from server.store.sources import Known
from server.store.tables import CaptureRow, ChangeRow, SourceRow, VersionRow
from tests.fakes import FakeClock
from tests.sources.conftest import ForeignSite, send, serving
from tests.sources.pdfs import encrypted, pdf_of

LINE = "You keep every right in the recordings that you upload, and we only store and play them for you."
TRAINS = "We may use the recordings that you upload to train our artificial intelligence models."
SIX = timedelta(hours=6)


def policy(*more: str, token: str = "1", visible: str = "") -> bytes:
    """A policy page; `token` is in its markup, `visible` in its frame."""
    text = "".join(f'<p class="t-{token}">{line}</p>' for line in [LINE] * 20 + list(more))
    head = f'<script nonce="{token}">var boot = "{token}"</script><title>Terms</title>'
    return f"<html><head>{head}</head><body><main><h1>Terms</h1>{text}</main><footer>{visible}</footer>".encode()


WALL = b"<title>Just a moment...</title><p>Checking your browser before you go on. This takes a second or two.</p>"


@dataclass
class World:
    """A site, a poller that fetches from it over loopback, and a catalogue of its pages."""

    site: ForeignSite
    write: Transaction
    clock: FakeClock
    read_in_full: list[str] = field(default_factory=list)
    paths: tuple[str, ...] = ("/terms",)

    def __post_init__(self) -> None:
        web = Web(user_agent="Clausewatch/test", allow_private=True)

        def fetch(document: Document, known: Known) -> Page:
            checks = Validators(known.etag, known.last_modified)
            page = fetch_document(web, NoSpacing(), document, checks, None, known.fingerprint)
            self.read_in_full += [] if page.unchanged else [document.key]
            return page

        self.poller = Poller(fetch, self.write, self.write, self.clock, Rules(), SIX)
        self.watch(*self.paths)

    def watch(self, *paths: str, **more: object) -> None:
        """Watches these pages and no others."""
        documents = tuple(
            Document("tunery", path.strip("/"), "Terms of Service", (self.site.url + path,), **more)  # type: ignore[arg-type]
            for path in paths
        )
        self.catalogue = Catalogue({"tunery": Platform("tunery", "Tunery", "music", ("127.0.0.1",), documents)}, {})
        sync_sources(self.poller, self.catalogue)

    def look(self, hours: float = 0) -> list[Polled]:
        """Time passes, then all that is due is looked at."""
        self.clock.move(hours=hours)
        self.site.asked.clear()
        self.read_in_full.clear()
        return list(poll_due(self.poller, self.catalogue, lambda: True))

    def outcomes(self, hours: float = 0) -> list[str]:
        """The outcomes of a look."""
        return [polled.outcome for polled in self.look(hours)]

    def asked(self) -> dict[str, str]:
        """The headers of the one page asked for."""
        ((_, headers),) = [each for each in self.site.asked if each[0] != "/robots.txt"]
        return headers

    def row(self) -> SourceRow:
        """The source of the terms."""
        with self.write() as opened:
            row = sources.find(opened, "page:tunery/terms")
            assert row is not None
            opened.expunge(row)
            return row

    def version(self) -> VersionRow:
        """The version in force."""
        with self.write() as opened:
            row = versions.newest_confirmed(opened, ["tunery/terms"])["tunery/terms"]
            opened.expunge(row)
            return row

    def count(self, table: type[CaptureRow] | type[ChangeRow]) -> int:
        """How many rows there are."""
        with self.write() as opened:
            return opened.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def foreign() -> Iterator[ForeignSite]:
    with serving() as made:
        yield made


@pytest.fixture
def world(foreign: ForeignSite, transaction: Transaction, clock: FakeClock) -> World:
    return World(foreign, transaction, clock)


def test_a_304_is_noted_without_reading(world: World, foreign: ForeignSite) -> None:
    foreign.page("/terms", policy(), ETag='"7"', Last_Modified="Thu, 01 Jan 2026 00:00:00 GMT")
    assert world.outcomes() == ["confirmed"]
    foreign.page("/terms", b"", 304)
    assert world.outcomes(hours=7) == ["unchanged"]
    headers = world.asked()
    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == ('"7"', "Thu, 01 Jan 2026 00:00:00 GMT")
    version, row = world.version(), world.row()
    assert (version.sightings, version.last_seen) == (2, world.clock.now())
    assert (row.last_checked_at, row.last_ok_at, row.etag) == (world.clock.now(), world.clock.now(), '"7"')
    assert row.last_full_at == world.clock.now() - timedelta(hours=7)
    assert world.clock.now() < row.next_check_at <= world.clock.now() + SIX
    assert world.read_in_full == []


def test_a_page_is_fetched_in_full_once_a_day(world: World, foreign: ForeignSite) -> None:
    foreign.page("/terms", policy(), ETag='"7"')
    world.look()
    foreign.page("/terms", policy(TRAINS), ETag='"7"')  # back-dated: a server that would answer 304 to the old tag
    assert world.outcomes(hours=25) == ["candidate"]
    assert "If-None-Match" not in world.asked()


def test_fresh_tokens_in_the_markup_are_not_read_and_leave_no_capture(world: World, foreign: ForeignSite) -> None:
    foreign.page("/terms", policy(token="1"))
    world.look()
    for turn in range(2, 6):
        foreign.page("/terms", policy(token=str(turn)), ETag=f'"{turn}"')
        assert world.outcomes(hours=7) == ["unchanged"]
        assert world.read_in_full == []
    assert (world.version().sightings, world.count(CaptureRow)) == (5, 1)
    assert (world.row().etag, world.row().last_full_at) == ('"5"', world.clock.now())


def test_a_token_that_readers_see_is_read_and_no_change(world: World, foreign: ForeignSite) -> None:
    for turn in count(1):
        foreign.page("/terms", policy(visible=f"visitor {turn}"))
        assert world.outcomes(hours=7) == ["confirmed" if turn == 1 else "unchanged"]
        if turn == 3:
            break
    assert world.read_in_full == ["tunery/terms"]


def test_a_changed_word_is_found_however_the_markup_changed_before(world: World, foreign: ForeignSite) -> None:
    foreign.page("/terms", policy(token="1"))
    world.look()
    foreign.page("/terms", policy(token="2"))
    world.look(hours=7)
    foreign.page("/terms", policy(TRAINS, token="3"))
    assert world.outcomes(hours=7) == ["candidate"]
    foreign.page("/terms", policy(TRAINS, token="4"))
    assert world.outcomes(hours=7) == ["candidate"], "seen again too early, and not read again"
    assert world.read_in_full == []
    assert world.outcomes(hours=25) == ["confirmed"]
    assert (world.count(ChangeRow), world.count(CaptureRow)) == (1, 2)


@pytest.mark.parametrize(
    ("later", "found"),
    [
        pytest.param([TRAINS], True, id="a sentence came"),
        pytest.param([], False, id="nothing but the token"),
    ],
)
def test_a_page_that_never_reads_the_same_twice_hides_no_change(
    world: World, foreign: ForeignSite, later: list[str], found: bool
) -> None:
    for turn in range(9):
        token = f"You opened this page in the session named {secrets.token_hex(4)} of today."
        foreign.page("/terms", policy(*(later if turn >= 4 else []), token))
        outcomes = world.outcomes(hours=13)
        assert outcomes == ["confirmed" if turn == 0 or (turn == 6 and found) else "candidate"], turn
    assert world.count(ChangeRow) == int(found)


def test_a_304_confirms_what_waits(world: World, foreign: ForeignSite) -> None:
    foreign.page("/terms", policy())
    world.look()
    foreign.page("/terms", policy(TRAINS), ETag='"8"')
    assert world.outcomes(hours=7) == ["candidate"]
    world.clock.move(hours=20)
    with world.write() as opened:
        row = sources.find(opened, "page:tunery/terms")
        assert row is not None
        row.last_full_at = world.clock.now()
    foreign.page("/terms", b"", 304)
    assert world.outcomes(hours=5) == ["confirmed"]
    assert world.asked()["If-None-Match"] == '"8"'


def test_a_wall_stays_a_failure_however_often_it_is_the_same(world: World, foreign: ForeignSite) -> None:
    foreign.page("/terms", policy(), ETag='"7"')
    world.look()
    foreign.page("/terms", WALL, ETag='"wall"')
    for _ in range(3):
        assert world.outcomes(hours=30) == ["technical"]
        assert (world.row().etag, world.row().cause) == (None, "blocked by a bot wall")
    assert world.row().failures == 3
    foreign.page("/terms", policy(), ETag='"7"')
    assert world.outcomes(hours=30) == ["unchanged"]
    assert (world.row().failures, world.row().broken_since) == (0, None)


@pytest.mark.parametrize(("password", "outcome"), [("the reader's", "technical"), ("", "candidate")])
def test_a_pdf_that_opens_only_with_a_password_is_no_wording(
    world: World, foreign: ForeignSite, password: str, outcome: str
) -> None:
    foreign.page("/terms", pdf_of(*[LINE] * 20))
    world.look()
    foreign.page("/terms", encrypted(pdf_of(*[LINE] * 20, TRAINS), "AES-256", password))
    assert world.outcomes(hours=7) == [outcome]
    assert ("password" in world.row().cause) is (outcome == "technical")


def test_a_304_that_nobody_asked_for_says_nothing(world: World, foreign: ForeignSite) -> None:
    foreign.page("/terms", b"", 304)
    assert world.outcomes() == ["failed"], "nothing has ever been seen that could be unchanged"
    assert (world.row().cause, world.row().last_ok_at) == ("incomplete", None)
    foreign.page("/terms", policy(), ETag='"7"')
    assert world.outcomes(hours=30) == ["confirmed"]


def test_a_part_of_a_page_is_not_the_page(world: World, foreign: ForeignSite) -> None:
    foreign.page("/terms", policy())
    world.look()
    foreign.page("/terms", policy()[:1500], 206)
    assert (world.outcomes(hours=7), world.row().cause) == (["failed"], "incomplete")


@pytest.mark.parametrize(
    ("to", "outcome"), [("/", "technical"), ("/legal/terms", "candidate"), ("/?page=terms", "candidate")]
)
def test_a_page_that_leads_to_the_front_page_is_not_there(
    world: World, foreign: ForeignSite, to: str, outcome: str
) -> None:
    foreign.page("/terms", policy(TRAINS))
    world.look()
    foreign.page("/terms", b"", 302, Location=to)
    foreign.page(to, policy("Discover new songs every day."))
    assert world.outcomes(hours=7) == [outcome]
    assert ("front page" in world.row().cause) is (outcome == "technical")


def test_other_selectors_read_the_same_page_anew(world: World, foreign: ForeignSite) -> None:
    foreign.page("/terms", policy())
    world.look()
    world.watch("/terms", select=("main p",))
    assert world.outcomes(hours=7) == ["candidate"], "the headline is not of it any more"


def test_what_is_known_of_another_address_is_not_sent_to_this_one(world: World, foreign: ForeignSite) -> None:
    foreign.page("/terms", policy(), ETag='"7"')
    world.look()
    moved = Document("tunery", "terms", "Terms of Service", (foreign.url + "/new",))
    world.catalogue = replace(world.catalogue, platforms={"tunery": replace(
        world.catalogue.platforms["tunery"], documents=(moved,))})  # fmt: skip
    foreign.page("/new", policy(), ETag='"1"')
    assert world.outcomes(hours=7) == ["unchanged"]
    assert "If-None-Match" not in world.asked()


def test_a_look_tells_the_faces_that_it_was_checked(world: World, foreign: ForeignSite) -> None:
    foreign.page("/terms", policy())
    world.look()
    with world.write() as opened:
        before = stamps.read(opened)["tunery"]
    world.look(hours=7)
    with world.write() as opened:
        assert stamps.read(opened)["tunery"] == before + 1


@pytest.fixture
def ten(foreign: ForeignSite, transaction: Transaction, clock: FakeClock) -> World:
    paths = tuple(f"/p{number}" for number in range(10))
    for path in paths:
        foreign.page(path, policy(f"This is edition {path}."))
    return World(foreign, transaction, clock, paths=paths)


def test_two_pollers_share_the_work(ten: World) -> None:
    first = poll_due(ten.poller, ten.catalogue, lambda: True)
    seen = [next(first).document]
    seen += [polled.document for polled in ten.look()]
    seen += [polled.document for polled in first]
    assert sorted(seen) == sorted(document.key for document in ten.catalogue.documents())


def test_what_was_claimed_and_not_looked_at_is_due_at_once(ten: World) -> None:
    turns = iter([True] * 4)
    done = list(poll_due(ten.poller, ten.catalogue, lambda: next(turns, False)))
    assert len(done) == 3
    assert len(ten.look()) == 7


@pytest.mark.parametrize("dies_after", [1, 4])
def test_a_worker_that_dies_loses_no_change(ten: World, foreign: ForeignSite, dies_after: int) -> None:
    ten.look()
    for path in list(foreign.answers)[:5]:
        foreign.page(path, policy(f"This is edition {path}.", TRAINS))
    ten.clock.move(hours=7)
    began = poll_due(ten.poller, ten.catalogue, lambda: True)
    for _ in range(dies_after):
        next(began)
    began.close()  # as after kill -9: what was not written is gone
    later = polling.CLAIM.total_seconds() / 3600
    ten.look(hours=later)
    ten.look(hours=25)
    ten.look(hours=25)
    assert ten.count(ChangeRow) == 5


def test_a_page_that_breaks_us_keeps_no_other_from_its_turn(ten: World) -> None:
    fetch = ten.poller.fetch

    def stumble(document: Document, known: Known) -> Page:
        return fetch(document, known) if document.id != "terms" else 1 / 0  # type: ignore[return-value]

    ten.watch("/terms", *ten.paths)
    ten.poller = replace(ten.poller, fetch=stumble)
    seen = {polled.document: polled.outcome for polled in ten.look()}
    assert seen.pop("tunery/terms") == "failed"
    assert list(seen.values()) == ["confirmed"] * 10
    assert (ten.row().failures, ten.row().cause) == (1, "failed")


def test_a_database_that_is_away_is_no_fault_of_the_page(world: World, foreign: ForeignSite) -> None:
    def away(document: Document, known: Known) -> Page:
        raise OperationalError("select", {}, Exception("gone"))

    world.poller = replace(world.poller, fetch=away)
    with pytest.raises(OperationalError):
        world.look()
    assert world.row().failures == 0


def test_a_slow_site_is_asked_by_one_poller_at_a_time(world: World, foreign: ForeignSite) -> None:
    inside, most = [0], [0]
    guard = threading.Lock()

    def answer(handler: object) -> None:
        with guard:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        threading.Event().wait(0.2)
        send(handler, 200, policy(), {"Content-Type": "text/html"})  # type: ignore[arg-type]
        with guard:
            inside[0] -= 1

    foreign.answers["/terms"] = answer
    looks = [threading.Thread(target=world.look) for _ in range(3)]
    for thread in looks:
        thread.start()
    for thread in looks:
        thread.join(30)
    assert most == [1]


def test_a_change_is_found_on_a_page_whose_words_differ_at_every_visit(world: World, foreign: ForeignSite) -> None:
    for turn in range(3):
        foreign.page("/terms", policy(f"Songs played since Monday: {turn}."))
        world.look(hours=7)
    for turn in range(3, 7):
        foreign.page("/terms", policy(TRAINS, f"Songs played since Monday: {turn}."))
        assert world.outcomes(hours=9) == ["confirmed" if turn == 6 else "candidate"]
    assert world.count(ChangeRow) == 1


def test_a_page_whose_words_differ_and_that_flickers_is_no_change(world: World, foreign: ForeignSite) -> None:
    for turn in range(12):
        foreign.page("/terms", policy(*([TRAINS] if turn % 2 else []), f"Songs played since Monday: {turn}."))
        assert world.outcomes(hours=30) in (["confirmed"], ["candidate"])
    assert world.count(ChangeRow) == 0


OTHER_TEXT = "".join(
    f"<p>How do I do thing {n}? Open the app, press the button, follow the steps.</p>" for n in range(80)
)
SENTENCES = [
    f"Members keep every right in song number {n}, and listeners need permission to play it." for n in range(60)
]


@pytest.mark.parametrize(
    ("shown", "why"),
    [
        (f"<title>Terms</title><main>{OTHER_TEXT}</main>".encode(), "another text"),
        (policy(*SENTENCES)[:-3000], "cut"),
    ],
)
def test_a_swapped_or_cut_page_counts_only_when_it_lasts(
    world: World, foreign: ForeignSite, shown: bytes, why: str
) -> None:
    whole = policy(*SENTENCES)
    foreign.page("/terms", whole)
    world.look()
    foreign.page("/terms", shown)
    assert world.outcomes(hours=30) == ["technical"]
    assert why in world.row().cause
    assert world.outcomes(hours=24 * 10) == ["technical"]
    foreign.page("/terms", whole)
    assert world.outcomes(hours=30) == ["unchanged"]
    foreign.page("/terms", shown)
    assert [*world.outcomes(hours=30), *world.outcomes(hours=24 * 15)] == ["technical", "confirmed"]
