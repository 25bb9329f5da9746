"""Feeds as sites really serve them: moved, gone, slowed down, without ids, broken, hostile, closed to robots."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from server.catalogue import Catalogue
from server.core.model import Feed, Platform
from server.flows.read_feeds import FeedRead, FeedReader, claim_due, key_of, read_feed, sync_sources
from server.sources.feeds import FeedAnswer, fetch_feed
from server.sources.http import Validators, Web
from server.sources.spacing import NoSpacing
from server.store import session, sources
from server.store.tables import AnnouncementRow, SourceRow
from tests import databases
from tests.fakes import FakeClock
from tests.sources.conftest import ForeignSite, bomb, drip, half, serving

ITEM = "<item>{id}<title>{title}</title><link>https://tunery.example/{n}</link>{date}</item>"
DATE = "<pubDate>Thu, 01 Jan 2026 10:00:00 GMT</pubDate>"


def rss(*titles: str, ids: bool = True, end: str = "</channel></rss>", head: str = "") -> bytes:
    """A feed with these items."""
    items = "".join(
        ITEM.format(id=f"<guid>tag:{title}</guid>" if ids else "", title=title, n=title.replace(" ", "-"), date=DATE)
        for title in titles
    )
    return f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>Blog</title>{items}{end}'.encode()


class World:
    """One feed of one platform, read over loopback."""

    def __init__(self, site: ForeignSite, file: Path) -> None:
        self.site, self.clock = site, FakeClock()
        self.feed = Feed(site.url + "/feed", kind="blog")
        web = Web(user_agent="Clausewatch/test", allow_private=True)

        def fetch(url: str, validators: Validators) -> FeedAnswer:
            return fetch_feed(web, NoSpacing(), url, validators)

        engine = session.open_engine(databases.sqlite(file))
        self.write = session.transactions(engine)
        tunery = Platform("tunery", "Tunery", "music", ("tunery.example",), (), feeds=(self.feed,))
        self.reader = FeedReader(fetch, Catalogue({"tunery": tunery}, {}, ()), self.write, self.clock)
        sync_sources(self.reader)

    def serve(self, body: bytes, status: int = 200, path: str = "/feed", **headers: str) -> None:
        """What the address answers from now on."""
        self.site.page(path, body, status, **({"Content_Type": "application/rss+xml"} | headers))

    def read(self, hours: float = 0) -> FeedRead:
        """Time passes, and the feed is read."""
        self.clock.move(hours=hours)
        self.site.asked.clear()
        return read_feed(self.reader, key_of(self.feed))

    def row(self) -> SourceRow:
        """The feed's source."""
        with self.write() as opened:
            row = sources.find(opened, key_of(self.feed))
            assert row is not None
            opened.expunge(row)
            return row

    def titles(self) -> list[str]:
        """The titles that are stored."""
        with self.write() as opened:
            return list(opened.scalars(select(AnnouncementRow.title).order_by(AnnouncementRow.id)))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with serving() as site:
        yield World(site, tmp_path / "feeds.db")


def test_validators_are_sent_back_and_a_304_is_enough(world: World) -> None:
    world.serve(rss("One"), ETag='"7"')
    assert world.read().outcome == "first"
    world.serve(b"", 304)
    assert world.read(hours=7).outcome == "unchanged"
    assert world.site.asked[-1][1]["If-None-Match"] == '"7"'


@pytest.mark.parametrize(("status", "moves"), [(301, True), (308, True), (302, False), (307, False)])
def test_a_permanent_move_is_remembered_and_a_passing_one_is_not(world: World, status: int, moves: bool) -> None:
    world.serve(rss("One"), path="/new")
    world.serve(b"", status, Location="/new")
    for _ in range(3):
        assert world.read(hours=7).outcome in {"first", "read"}
    assert world.read(hours=7).outcome == "read"
    assert world.site.paths() == (["/new"] if moves else ["/feed", "/new"])


def test_gone_for_good_is_said_once_and_never_asked_again(world: World) -> None:
    world.serve(rss("One"))
    world.read()
    world.serve(b"gone", 410)
    assert world.read(hours=7).outcome == "stopped"
    assert world.row().cause == "gone for good (410)"
    world.clock.move(hours=24 * 300)
    assert claim_due(world.reader, 10) == []


def test_not_found_is_tried_again_and_recovers(world: World) -> None:
    world.serve(b"no", 404)
    assert world.read().outcome == "failed"
    world.serve(rss("One"))
    assert world.read(hours=25).outcome == "first"
    assert (world.row().failures, world.row().broken_since) == (0, None)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_kept_to(world: World, status: int) -> None:
    world.serve(b"slow down", status, Retry_After="7200")
    assert world.read().outcome == "failed"
    assert world.row().next_check_at == world.clock.now() + timedelta(hours=2)
    world.clock.move(minutes=119)
    assert claim_due(world.reader, 10) == []
    world.clock.move(minutes=2)
    assert claim_due(world.reader, 10) == [key_of(world.feed)]


def test_items_without_ids_are_known_again(world: World) -> None:
    world.serve(rss("One", "Two", ids=False))
    world.read()
    world.serve(rss("New AI terms", "One", "Two", ids=False))
    assert len(world.read(hours=7).announced) == 1
    assert world.read(hours=7).announced == ()
    assert world.titles() == ["One", "Two", "New AI terms"]


def test_a_feed_that_breaks_off_gives_what_it_has_and_keeps_no_validators(world: World) -> None:
    world.serve(rss("One", "Two", end=""), ETag='"half"')
    read = world.read()
    assert (read.outcome, read.detail) == ("first", "ill-formed")
    assert (world.titles(), world.row().etag) == (["One"], None), "the last one may be half of an item"


ENTITIES = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'


def test_entities_neither_grow_nor_open_files(world: World) -> None:
    world.serve(rss("One &b; &f;", head=ENTITIES))
    world.read()
    assert all("root:" not in title and len(title) < 100 for title in world.titles())


@pytest.mark.parametrize("answer", [bomb, half], ids=["bomb", "half"])
def test_hostile_answers_are_failures_and_the_next_good_one_is_read(world: World, answer: object) -> None:
    world.site.answers["/feed"] = answer  # type: ignore[assignment]
    assert world.read().outcome == "failed"
    assert world.row().cause
    world.serve(rss("One"))
    assert world.read(hours=25).outcome == "first"


def test_a_drip_of_bytes_ends_with_the_deadline(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.sources.feeds.SECONDS", 0.5)
    world.site.answers["/feed"] = drip
    assert world.read().outcome == "failed"


def test_robots_txt_for_others_does_not_bind_us(world: World) -> None:
    world.serve(rss("One"))
    world.serve(b"User-agent: GPTBot\nDisallow: /\n", path="/robots.txt", Content_Type="text/plain")
    assert world.read().outcome == "first"


def test_robots_txt_keeps_our_own_agent_out(world: World) -> None:
    world.serve(rss("One"))
    world.serve(b"User-agent: clausewatch\nDisallow: /feed\n", path="/robots.txt", Content_Type="text/plain")
    read = world.read()
    assert (read.outcome, world.row().cause) == ("failed", "robots.txt says no")
    assert world.site.paths() == []
