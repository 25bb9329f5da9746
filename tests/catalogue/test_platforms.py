"""The shipped catalogue: every fact has a source and a date, every address is plain, and the known stories are told."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

import pytest

from server.catalogue import Catalogue, load
from server.core import hosts
from server.core.model import Choice, Document, Event, Feed, Platform, Statement

CATALOGUE = load()
PLATFORMS = list(CATALOGUE.platforms.values())
Fact = Document | Feed | Statement | Event | Choice


def _facts(platform: Platform) -> Iterator[Fact]:
    yield from (*platform.documents, *platform.feeds, *platform.statements, *platform.events, *platform.choices)


def test_music_comes_first_and_there_is_enough_of_the_rest() -> None:
    count = Counter(platform.category for platform in PLATFORMS)
    assert sum(count.values()) >= 60
    assert count.most_common(1)[0][0] == "music"
    assert set(count) == {"music", "art", "video", "social", "text", "commerce", "code", "files"}


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.id)
def test_every_fact_has_a_source_and_the_day_it_was_checked(platform: Platform) -> None:
    for fact in _facts(platform):
        assert fact.source, fact
        assert date.fromisoformat(fact.checked) >= date(2026, 11, 23), fact


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.id)
def test_nothing_dated_lies_after_the_day_it_was_checked(platform: Platform) -> None:
    for fact in (*platform.statements, *platform.events):
        assert fact.date <= fact.checked, fact


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.id)
def test_statements_and_events_are_short_and_in_our_own_words(platform: Platform) -> None:
    for text in [fact.says for fact in platform.statements] + [fact.what for fact in platform.events]:
        assert len(text) <= 400 and text.endswith((".", ")")) and "\n" not in text


def test_no_address_is_watched_twice_within_a_platform() -> None:
    for platform in PLATFORMS:
        urls = [url for document in platform.documents for url in document.urls]
        assert len(urls) == len(set(urls)), platform.id


def test_an_alias_names_one_wording_within_a_region() -> None:
    names = Counter((alias, document.region) for document in CATALOGUE.documents() for alias in document.aliases)
    assert [name for name, times in names.items() if times > 1] == []


def test_every_home_page_is_a_page_of_its_platform() -> None:
    for platform in PLATFORMS:
        assert CATALOGUE.by_host(platform.homepage) is platform


def test_no_host_swallows_another_platforms_host() -> None:
    for host, id in CATALOGUE.hosts.items():
        parent = host.partition(".")[2]
        assert hosts.lookup(parent, CATALOGUE.hosts) in (None, id), host


def test_only_soundcloud_shows_a_badge_in_its_pages() -> None:
    assert [platform.id for platform in PLATFORMS if platform.badge_in_page] == ["soundcloud"]


def test_recorded_wordings_are_no_announcements() -> None:
    for feed in (feed for platform in PLATFORMS for feed in platform.feeds):
        recorded = urlsplit(feed.url).path.startswith("/OpenTermsArchive/")
        assert (feed.kind == "archive") is recorded, feed.url


def test_help_pages_do_not_bind() -> None:
    assert all(
        document.binding == (document.type != "Help page") for document in CATALOGUE.documents() if document.id != "ai"
    )


def test_regions_are_documents_of_their_own() -> None:
    assert CATALOGUE.document("x/privacy-eu").region == "EU"
    assert CATALOGUE.document("x/privacy").region == ""


def test_news_feeds_are_loaded() -> None:
    feeds = CATALOGUE.news_feeds
    assert len(feeds) >= 15
    assert all(feed.kind == "news" and feed.source and feed.checked for feed in feeds)


@pytest.mark.parametrize(
    ("host", "platform"),
    [
        ("music.youtube.com", "youtube"),
        ("open.spotify.com", "spotify"),
        ("twitter.com", "x"),
        ("drive.google.com", "google-drive"),
        ("google.com", None),
        ("someone.tumblr.com", "tumblr"),
        ("www.amazon.com", None),
        ("music.amazon.com", "amazon-music"),
    ],
)
def test_hosts_lead_where_people_upload(host: str, platform: str | None) -> None:
    found = CATALOGUE.by_host(host)
    assert (found.id if found else None) == platform


def test_a_catalogue_is_the_same_every_time() -> None:
    again: Catalogue = load()
    assert again.platforms == CATALOGUE.platforms and again.hosts == CATALOGUE.hosts
