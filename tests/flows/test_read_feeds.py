"""Reading feeds: what is stored, what is new, what happens to feeds that move, die or are slow; and quiet changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from server.catalogue import Catalogue
from server.core.errors import Busy, Gone, RateLimited, SourceError
from server.core.model import Document, Feed, Platform
from server.flows.judge_quiet import judge_quiet
from server.flows.poll import FAMILY as PAGES
from server.flows.read_feeds import FeedReader, claim_due, key_of, read_feed, sync_sources
from server.sources.feeds import FeedAnswer, FeedItem
from server.sources.http import Validators
from server.store import sources
from server.store.session import Transaction
from server.store.tables import AnnouncementRow, ChangeRow, SourceRow, VersionRow
from tests.fakes import FakeClock

BLOG = Feed("https://tunery.example/feed", kind="blog")
RECORDS = Feed("https://records.example/tunery.atom", kind="archive")
NEWS = Feed("https://news.example/ai.rss", kind="news")
DOCUMENT = Document("tunery", "terms", "Terms of Service", ("https://tunery.example/terms",))
TUNERY = Platform("tunery", "Tunery", "music", ("tunery.example",), (DOCUMENT,), feeds=(BLOG, RECORDS))
PAINTHUB = Platform("painthub", "Painthub", "art", ("painthub.example",), ())
CATALOGUE = Catalogue({"tunery": TUNERY, "painthub": PAINTHUB}, {}, (NEWS,))
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class World:
    """Feeds by address: an answer or an error; notes what was asked."""

    def __init__(self, write: Transaction, clock: FakeClock, catalogue: Catalogue = CATALOGUE) -> None:
        self.answers: dict[str, FeedAnswer | SourceError | Busy] = {}
        self.asked: list[tuple[str, Validators]] = []
        self.write, self.clock = write, clock
        self.reader = FeedReader(self.fetch, catalogue, write, clock)
        sync_sources(self.reader)

    def fetch(self, url: str, validators: Validators) -> FeedAnswer:
        self.asked.append((url, validators))
        answer = self.answers.get(url) or SourceError(f"{url} cannot be reached")
        if isinstance(answer, FeedAnswer):
            return answer
        raise answer

    def row(self, feed: Feed) -> SourceRow:
        with self.write() as opened:
            row = sources.find(opened, key_of(feed))
            assert row is not None
            opened.expunge(row)
            return row

    def stored(self) -> list[AnnouncementRow]:
        with self.write() as opened:
            rows = list(opened.scalars(select(AnnouncementRow).order_by(AnnouncementRow.id)))
            opened.expunge_all()
            return rows


@pytest.fixture
def world(write: Transaction) -> World:
    return World(write, FakeClock(NOW))


def item(number: int, title: str, days: float | None = 0) -> FeedItem:
    return FeedItem(str(number), title, "", "", None if days is None else NOW + timedelta(days=days))


def test_the_first_look_is_silent_and_still_remembers(world: World) -> None:
    world.answers[BLOG.url] = FeedAnswer((item(1, "How we use AI", -3), item(2, "Maintenance on Sunday", -40)))
    assert read_feed(world.reader, key_of(BLOG)).announced == ()
    assert [(row.title, row.about_ai, row.own) for row in world.stored()] == [
        ("How we use AI", True, True),
        ("Maintenance on Sunday", False, True),
    ]


def test_later_items_are_announcements_once(world: World) -> None:
    world.answers[BLOG.url] = FeedAnswer((item(1, "Hello"),))
    read_feed(world.reader, key_of(BLOG))
    world.answers[BLOG.url] = FeedAnswer((item(3, "A new song"), item(2, "Our AI terms change"), item(1, "Hello")))
    assert len(read_feed(world.reader, key_of(BLOG)).announced) == 1
    assert read_feed(world.reader, key_of(BLOG)).announced == ()


def test_the_press_counts_where_it_names_a_platform_and_ai(world: World) -> None:
    world.answers[NEWS.url] = FeedAnswer((item(0, "AI in the news"),))
    read_feed(world.reader, key_of(NEWS))
    world.answers[NEWS.url] = FeedAnswer(
        (
            item(1, "Tunery and Painthub train AI"),
            item(2, "Tunery buys a concert hall"),
            item(3, "AI beats a chess player"),
            item(4, "Tuneryland opens an AI park"),
        )
    )
    assert len(read_feed(world.reader, key_of(NEWS)).announced) == 2
    assert sorted(row.platform for row in world.stored()) == ["painthub", "tunery"]
    assert not any(row.own for row in world.stored())


def test_validators_go_back_as_received_and_only_of_whole_feeds(world: World) -> None:
    checks = Validators('W/"a"', "Mon, 12 Feb 2024 10:00:00 GMT")
    for whole, expected in ((True, checks), (False, Validators())):
        world.answers[BLOG.url] = FeedAnswer((item(1, "Hello"),), whole=whole, validators=checks)
        read_feed(world.reader, key_of(BLOG))
        world.answers[BLOG.url] = FeedAnswer(unchanged=True)
        assert read_feed(world.reader, key_of(BLOG)).outcome == "unchanged"
        assert world.asked[-1][1] == expected


def test_a_feed_moves_after_three_equal_answers_and_comes_back_when_the_new_place_is_gone(world: World) -> None:
    new = "https://blog.tunery.example/feed"
    for moved in ("https://elsewhere.example/", new, new):
        world.answers[BLOG.url] = FeedAnswer((item(1, "Hello"),), moved_to=moved)
        read_feed(world.reader, key_of(BLOG))
        assert world.asked[-1][0] == BLOG.url
    read_feed(world.reader, key_of(BLOG))
    world.answers[new] = Gone("gone")
    read_feed(world.reader, key_of(BLOG))
    assert world.asked[-1][0] == new
    read_feed(world.reader, key_of(BLOG))
    assert world.asked[-1][0] == BLOG.url
    assert world.row(BLOG).url == BLOG.url


def test_a_410_ends_the_reading_and_a_404_does_not(world: World) -> None:
    world.answers[BLOG.url] = Gone("answers 404")
    assert read_feed(world.reader, key_of(BLOG)).outcome == "failed"
    gone = Gone("answers 410")
    gone.status = 410
    world.answers[BLOG.url] = gone
    assert read_feed(world.reader, key_of(BLOG)).outcome == "stopped"
    world.clock.move(days=3000)
    sync_sources(world.reader)
    assert key_of(BLOG) not in claim_due(world.reader, 10)
    assert world.row(BLOG).cause == "gone for good (410)"


@pytest.mark.parametrize("seconds", [120.0, 7200.0])
def test_a_feed_that_asks_us_to_wait_is_left_alone_that_long(world: World, seconds: float) -> None:
    world.answers[BLOG.url] = RateLimited("slow down", retry_after=seconds)
    read_feed(world.reader, key_of(BLOG))
    assert world.row(BLOG).next_check_at >= NOW + timedelta(seconds=seconds)


def test_a_feed_without_items_is_broken_and_recovers(world: World) -> None:
    world.answers[BLOG.url] = FeedAnswer(())
    assert read_feed(world.reader, key_of(BLOG)).outcome == "empty"
    assert world.row(BLOG).cause == "has no items"
    world.answers[BLOG.url] = FeedAnswer((item(1, "Hello"),))
    read_feed(world.reader, key_of(BLOG))
    assert world.row(BLOG).broken_since is None


def test_an_occupied_host_is_no_failure(world: World) -> None:
    world.answers[BLOG.url] = Busy("not free", retry_after=7)
    assert read_feed(world.reader, key_of(BLOG)).outcome == "busy"
    assert world.row(BLOG).failures == 0


def test_recorded_wordings_send_us_to_the_page_and_announce_nothing(world: World) -> None:
    with world.write() as opened:
        page = sources.ensure(
            opened, f"{PAGES}:{DOCUMENT.key}", family=PAGES, platform="tunery", url=DOCUMENT.urls[0], now=NOW
        )
        page.next_check_at = NOW + timedelta(hours=6)
    due = []
    for n in (1, 2):
        world.answers[RECORDS.url] = FeedAnswer((item(n, "Record new changes of Tunery AI terms"),))
        assert read_feed(world.reader, key_of(RECORDS)).announced == ()
        with world.write() as opened:
            row = sources.find(opened, f"{PAGES}:{DOCUMENT.key}")
            assert row is not None
            due.append(row.next_check_at <= NOW)
    assert due == [False, True]
    assert not any(row.about_ai for row in world.stored())


def test_claimed_feeds_are_not_claimed_twice(world: World) -> None:
    assert len(claim_due(world.reader, 2)) == 2
    assert len(claim_due(world.reader, 9)) == 1
    assert claim_due(world.reader, 9) == []


def change(write: Transaction, at: datetime, level: str = "material") -> int:
    """A change of Tunery's terms at that moment."""
    with write() as opened:
        versions = [
            VersionRow(document="tunery/terms", wording=f"{at}{n}", text="t", first_seen=at, last_seen=at) for n in "ab"
        ]
        opened.add_all(versions)
        opened.flush()
        row = ChangeRow(
            key=f"{at}",
            platform="tunery",
            document="tunery/terms",
            before_id=versions[0].id,
            after_id=versions[1].id,
            level=level,
            kind="training",
            direction="worse",
            happened_to=at,
            found_at=at,
        )
        opened.add(row)
        opened.flush()
        return row.id


def judged(world: World, id_: int) -> tuple[bool | None, int | None]:
    judge_quiet(world.write, world.clock)
    with world.write() as opened:
        row = opened.get_one(ChangeRow, id_)
        return row.quiet, row.announcement_id


def test_a_change_is_quiet_when_thirty_days_brought_no_word(world: World) -> None:
    world.answers[BLOG.url] = FeedAnswer((item(1, "Maintenance on Sunday", -60),))
    read_feed(world.reader, key_of(BLOG))
    id_ = change(world.write, NOW)
    days_go_by(world, BLOG, 29)
    assert judged(world, id_) == (None, None)
    days_go_by(world, BLOG, 2)
    assert judged(world, id_) == (True, None)


def test_a_change_that_was_announced_is_linked_at_once(world: World) -> None:
    world.answers[BLOG.url] = FeedAnswer((item(1, "Our terms and AI", -10), item(2, "A new song", -1)))
    read_feed(world.reader, key_of(BLOG))
    id_ = change(world.write, NOW)
    [announcement, _] = world.stored()
    assert judged(world, id_) == (False, announcement.id)


def days_go_by(world: World, feed: Feed, days: int, broken: range = range(0), back: FeedAnswer | None = None) -> None:
    """The feed is read every day; on days that it is broken it does not answer, and then it shows what is `back`."""
    before = world.answers[feed.url]
    for day in range(1, days + 1):
        world.clock.move(days=1)
        later = back if back and day >= broken.stop else before
        world.answers[feed.url] = SourceError("away") if day in broken else later
        read_feed(world.reader, key_of(feed))


OLD = FeedAnswer((item(1, "Maintenance on Sunday", -60),))


@pytest.mark.parametrize(
    ("broken", "verdict"), [(range(5, 51), None), (range(5, 40), True), (range(5, 31), True), (range(31, 51), True)]
)
def test_silence_of_a_feed_that_cannot_be_read_proves_nothing(
    world: World, broken: range, verdict: bool | None
) -> None:
    """Days after the change on which the only feed is broken; it shows the same as before when it is back."""
    world.answers[BLOG.url] = OLD
    read_feed(world.reader, key_of(BLOG))
    id_ = change(world.write, NOW)
    days_go_by(world, BLOG, 50, broken)
    assert judged(world, id_) == (verdict, None)


@pytest.mark.parametrize("feed", [BLOG, NEWS])
@pytest.mark.parametrize(("shows", "verdict"), [([10, 14], None), ([-3, 14], True), ([10, 14, -2000], None)])
def test_silence_proves_nothing_where_items_may_have_come_and_gone_unseen(
    world: World, feed: Feed, shows: list[int], verdict: bool | None
) -> None:
    """The only feed is broken from day 5 to day 14 after the change; then it shows items of these days."""
    world.answers[feed.url] = OLD
    read_feed(world.reader, key_of(feed))
    days_go_by(world, feed, 40)
    id_ = change(world.write, world.clock.now())
    back = FeedAnswer(tuple(item(2 + n, "A new song", 40 + day) for n, day in enumerate(shows)))
    days_go_by(world, feed, 35, range(5, 15), back)
    assert judged(world, id_) == (verdict, None)


def test_a_feed_is_listened_to_anew_after_it_may_have_missed_something(world: World) -> None:
    world.answers[BLOG.url] = OLD
    read_feed(world.reader, key_of(BLOG))
    days_go_by(world, BLOG, 20, range(5, 15), FeedAnswer((item(2, "A new song", 10),)))
    id_ = change(world.write, NOW + timedelta(days=45))
    days_go_by(world, BLOG, 60)
    assert judged(world, id_) == (True, None)


def test_silence_proves_nothing_before_the_feeds_have_been_read_up_to_the_end(world: World) -> None:
    """We were not running ourselves, and judge before the first look."""
    world.answers[BLOG.url] = OLD
    read_feed(world.reader, key_of(BLOG))
    id_ = change(world.write, NOW)
    world.clock.move(days=40)
    assert judged(world, id_) == (None, None)
    read_feed(world.reader, key_of(BLOG))
    assert judged(world, id_) == (True, None)


@pytest.mark.parametrize(("days", "announced"), [(None, False), (-400, False), (-3, True)])
def test_what_a_first_look_shows_without_a_date_announces_nothing_of_today(
    world: World, days: float | None, announced: bool
) -> None:
    world.answers[BLOG.url] = FeedAnswer((item(1, "Our terms and AI", days), item(2, "Hello", -500)))
    read_feed(world.reader, key_of(BLOG))
    id_ = change(world.write, NOW)
    assert (judged(world, id_)[0] is False) is announced


def test_an_item_without_a_date_that_is_new_announces_what_changes_now(world: World) -> None:
    world.answers[BLOG.url] = FeedAnswer((item(2, "Hello", -500),))
    read_feed(world.reader, key_of(BLOG))
    world.answers[BLOG.url] = FeedAnswer((item(2, "Hello", -500), item(1, "Our terms and AI", None)))
    assert len(read_feed(world.reader, key_of(BLOG)).announced) == 1
    assert judged(world, change(world.write, NOW))[0] is False


@pytest.mark.parametrize(("oldest", "quiet"), [(-2500, None), (-500, True)])
def test_a_pinned_item_of_long_ago_does_not_stretch_how_far_back_we_hear(
    world: World, oldest: float, quiet: bool | None
) -> None:
    world.answers[BLOG.url] = FeedAnswer((item(1, "Hello", oldest), item(2, "A song", -3), item(3, "A hit", -200)))
    read_feed(world.reader, key_of(BLOG))
    assert judged(world, change(world.write, NOW - timedelta(days=450)))[0] is quiet


@pytest.mark.parametrize("listening", [False, True])
def test_silence_counts_only_where_we_listened(world: World, listening: bool) -> None:
    """A change of long ago, before any item that we know of."""
    id_ = change(world.write, NOW - timedelta(days=400))
    if listening:
        world.answers[BLOG.url] = FeedAnswer((item(1, "Hello", -500),))
        read_feed(world.reader, key_of(BLOG))
    assert judged(world, id_)[0] is (True if listening else None)
