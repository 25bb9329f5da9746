"""Feeds: items with lasting ids from good, poor and hostile feeds, within bounded time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.sources.feeds import MOST_ITEMS, FeedItem, normalised, parse, plain

ITEM = "<item><guid>{id}</guid><title>{title}</title><link>https://tunery.example/{id}</link>{more}</item>"
DATE = "<pubDate>Mon, 12 Feb 2024 10:00:00 GMT</pubDate>"


def rss(*items: str) -> bytes:
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>T</title>{''.join(items)}</channel></rss>".encode()


def items(body: bytes, content_type: str = "application/rss+xml") -> tuple[FeedItem, ...]:
    return parse(body, content_type)[0]


def test_an_item_is_words_and_a_moment() -> None:
    words = "<description>&lt;p onclick='x()'&gt;We &lt;b&gt;train&lt;/b&gt; AI &amp;amp; more&lt;/p&gt;</description>"
    [one] = items(rss(ITEM.format(id=1, title="News &amp; more", more=DATE + words)))
    assert (one.title, one.text, one.url) == ("News & more", "We train AI & more", "https://tunery.example/1")
    assert one.published is not None
    assert one.published.isoformat() == "2024-02-12T10:00:00+00:00"


def test_atom_is_read_as_well() -> None:
    entry = "<entry><id>a</id><title>T</title><link href='https://t.example/a'/><updated>2024-02-12T00:00:00Z</updated></entry>"
    [one] = items(f"<feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>".encode(), "application/atom+xml")
    assert (one.title, one.url) == ("T", "https://t.example/a")


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        pytest.param("<guid>1</guid><title>a</title>", "<guid>1</guid><title>b</title>", True, id="one guid"),
        pytest.param("<guid>1</guid><title>a</title>", "<guid>2</guid><title>a</title>", False, id="two guids"),
        pytest.param(
            "<link>https://T.example/a?utm_source=x#top</link>", "<link>https://t.example/a</link>", True, id="one link"
        ),
        pytest.param(f"<title>a</title>{DATE}", f"<title>a</title>{DATE}", True, id="title and date"),
        pytest.param(f"<title>a</title>{DATE}", "<title>a</title>", False, id="title and another date"),
    ],
)
def test_the_id_of_an_item_lasts(first: str, second: str, same: bool) -> None:
    [one], [other] = (items(rss(f"<item>{part}</item>")) for part in (first, second))
    assert (one.id == other.id) is same


@pytest.mark.parametrize("codec", ["punycode", "undefined", "idna", "base64", "utf-8"])
def test_a_feed_in_a_codec_that_is_no_charset_raises_nothing(codec: str) -> None:
    feed = rss(ITEM.format(id=1, title="News", more=""))
    for body, kind in (
        (feed, f"text/xml; charset={codec}"),
        (feed.replace(b"'1.0'?", f"'1.0' encoding='{codec}'?".encode()), "text/xml"),
    ):
        found, whole = parse(body, kind)
        assert ([one.title for one in found] == ["News"]) is whole


def test_the_words_of_an_item_can_be_kept_by_any_database() -> None:
    [one] = items(rss(ITEM.format(id=1, title="Ter&#0;ms\0", more="<description>&#0;x\0 &amp;#xD83D; y</description>")))
    assert (one.title + one.text).encode() and "\0" not in one.title + one.text


def test_a_guid_that_all_items_share_tells_nothing() -> None:
    two = items(rss(*(f"<item><guid>x</guid><link>https://t.example/{n}</link></item>" for n in range(2))))
    assert len({one.id for one in two}) == 2


def test_a_link_that_all_items_share_tells_nothing_either() -> None:
    feed = rss(*(f"<item><title>{title}</title><link>https://t.example/</link></item>" for title in ("a", "b", "b")))
    assert [one.id for one in items(feed)].count(items(feed)[0].id) == 1
    assert len({one.id for one in items(feed)}) == 2, "the same title twice is one item"


def test_a_link_without_a_host_is_one_of_the_feeds_own() -> None:
    feed = rss("<item><title>a</title><link>/news/1</link></item>")
    [one], _ = parse(feed, "", "https://t.example/blog/feed")
    [whole], _ = parse(feed.replace(b"/news", b"https://t.example/news"), "", "https://t.example/blog/feed")
    assert (one.url, one.id) == ("https://t.example/news/1", whole.id)
    assert items(rss("<item><title>a</title><link>javascript:alert(1)</link></item>"))[0].url == ""


@pytest.mark.parametrize(
    ("body", "count", "whole"),
    [
        pytest.param(rss(ITEM.format(id=1, title="a", more="")), 1, True, id="good"),
        pytest.param(rss(*(ITEM.format(id=n, title="a", more="") for n in range(9)))[:600], 6, False, id="cut"),
        pytest.param(rss(ITEM.format(id=1, title="a & b", more="")), 1, False, id="ill-formed"),
        pytest.param(rss(), 0, False, id="no items"),
        pytest.param(b"", 0, False, id="empty"),
        pytest.param(b"<html><body>Moved!</body></html>", 0, False, id="a web page"),
        pytest.param(b'{"version": "https://jsonfeed.org/version/1"}', 0, False, id="JSON"),
        pytest.param(b"<rss><channel><item></item></channel></rss>", 0, True, id="an item without a word"),
    ],
)
def test_poor_feeds_give_what_they_have(body: bytes, count: int, whole: bool) -> None:
    found, well = parse(body, "application/rss+xml")
    assert (len(found), well) == (count, whole)


def test_a_path_or_an_address_is_never_opened(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_bytes(rss(ITEM.format(id=1, title="secret", more="")))
    assert items(str(file).encode()) == ()
    assert items(b"http://127.0.0.1:9/feed") == ()


ATTRIBUTES = " ".join(f"a{n}='1'" for n in range(50_000))
BOMBS = {
    "attributes": rss(f"<item {ATTRIBUTES}><title>a</title></item>", ITEM.format(id=1, title="b", more="")),
    "bare attributes": rss(f"<item {'a ' * 200_000}><title>a</title></item>"),
    "attributes in escaped markup": rss(
        ITEM.format(id=1, title="b", more=f"<description>&lt;p {ATTRIBUTES}&gt;x&lt;/p&gt;</description>")
    ),
    "many items": rss(*(ITEM.format(id=n, title="a", more=DATE) for n in range(20_000))),
    "entities": b"<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'>"
    + b"".join(f"<!ENTITY a{n} '{f'&a{n - 1 if n > 1 else str()};' * 10}'>".encode() for n in range(1, 12))
    + b"]>"
    + rss("<item><title>&a11;</title></item>"),
    "deep nesting": b"<rss><channel><item>" + b"<a>" * 500_000,
    "deep nesting between items": b"<rss><channel>" + b"<item><a>" * 100_000,
    "open tags": b"<rss><channel><item>" + b"<" * 2_000_000,
    "open tags with letters": b"<rss><channel><item>" + b"<a " * 500_000,
    "open sections": b"<rss><channel><item>" + b"<![CDATA[" * 300_000,
    "open comments": b"<rss><channel><item>" + b"<!--" * 500_000,
    "open entities": rss(ITEM.format(id=1, title="&" * 1_000_000, more="")),
    "brackets in escaped markup": rss(
        ITEM.format(id=1, title="a", more=f"<description>{'&lt;' * 500_000}</description>")
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_hostile_feed_costs_little(name: str) -> None:
    began = time.process_time()
    found = items(BOMBS[name])
    assert time.process_time() - began < 10
    assert len(found) <= MOST_ITEMS
    assert sum(len(one.text) + len(one.title) for one in found) < 1_000_000


def test_the_newest_items_of_a_long_feed_are_read_whole() -> None:
    found, whole = parse(BOMBS["many items"], "application/rss+xml")
    assert (len(found), whole) == (MOST_ITEMS, True)
    assert found[0].url == "https://tunery.example/0"


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("HTTPS://T.example/A?b=1&utm_medium=x#c", "https://t.example/A?b=1"),
        ("javascript:alert(1)", ""),
        ("//t.example/a", ""),
        ("http://[::1", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_stay(link: str, address: str) -> None:
    assert normalised(link) == address


def test_markup_is_reduced_to_words() -> None:
    assert plain("<img src=x onerror=y>a<br/>b &lt;c&gt; <b>d") == "a b <c> d"


@given(
    st.one_of(
        st.binary(max_size=300), st.text(alphabet="<>item/gud&;:'\"= ![CDATA]rsschanel", max_size=200).map(str.encode)
    )
)
@settings(max_examples=80, deadline=None)
def test_no_bytes_break_the_reader(body: bytes) -> None:
    parse(rss(body.decode("latin-1")))
    parse(body)
