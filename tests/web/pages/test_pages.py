"""The public pages: what a person reads, without JavaScript."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from server.catalogue import Catalogue
from server.core.reading import ENGINE
from server.web.app import create_app
from server.web.context import Context
from server.web.pages.method import measured
from server.web.pages.outbox import named

PAGES = [
    "/",
    "/platforms/soundcloud",
    "/platforms/distrokid",
    "/changes",
    "/changes/1",
    "/outbox",
    "/method",
    "/docs",
    "/export",
]
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def tree(client: FlaskClient, path: str, status: int = 200) -> LexborHTMLParser:
    """The page as a browser reads it."""
    answer = client.get(path, headers=BROWSER)
    assert (answer.status_code, answer.mimetype) == (status, "text/html"), answer.text[:500]
    return LexborHTMLParser(answer.data)


def text_of(page: LexborHTMLParser, selector: str = "main") -> str:
    """The words of a part of a page."""
    found = page.css_first(selector)
    assert found is not None, selector
    return " ".join(found.text().split())


def names(page: LexborHTMLParser) -> list[str]:
    """The platforms listed on the start page."""
    return [node.text().strip() for node in page.css(".platforms .name")]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_stands_alone(client: FlaskClient, path: str) -> None:
    page = tree(client, path)
    assert page.css("script, iframe, [style], [onclick]") == []
    assert len(page.css("h1")) == 1
    assert page.css_first("html").attributes["lang"] == "en"
    for node in page.css("link[rel=stylesheet], img, source"):
        address = node.attributes.get("href") or node.attributes.get("src") or ""
        assert address.startswith("/"), address
    assert all(node.attributes.get("href") for node in page.css("a"))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_can_be_cached_and_revalidated(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert first.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self';")
    assert "public" in first.headers["Cache-Control"]
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_pages_with_their_style_are_light(client: FlaskClient) -> None:
    style = client.get(tree(client, "/").css_first("link[rel=stylesheet]").attributes["href"] or "")
    assert style.status_code == 200
    assert len(client.get("/").data) + len(style.data) <= 100_000


def test_the_badge_is_told_by_shape_letter_and_words(client: FlaskClient) -> None:
    page = tree(client, "/?q=soundcloud.com")
    assert names(page) == ["SoundCloud"]
    assert page.css_first(".platforms .permits svg path") is not None
    assert text_of(page, ".platforms .letter") == "YES"
    assert text_of(page, ".platforms .label") == "The terms allow AI training"


@pytest.mark.parametrize(
    ("query", "present", "absent"),
    [
        ("q=sound cloud", ["SoundCloud"], ["Bandcamp"]),
        ("q=SOUND", ["SoundCloud"], ["Bandcamp"]),
        ("category=music", ["SoundCloud", "Bandcamp"], ["GitHub"]),
        ("state=permits", ["SoundCloud"], ["Bandcamp"]),
        ("state=unknown", ["Bandcamp"], ["SoundCloud"]),
        ("category=music&state=permits&q=", ["SoundCloud"], ["Bandcamp", "GitHub"]),
        ("utm_source=elsewhere", ["SoundCloud", "GitHub"], []),
    ],
)
def test_platforms_are_filtered_and_searched(
    client: FlaskClient, query: str, present: list[str], absent: list[str]
) -> None:
    shown = names(tree(client, f"/?{query}"))
    assert set(present) <= set(shown)
    assert not set(absent) & set(shown)


def test_an_unwatched_name_is_neither_good_nor_bad(client: FlaskClient) -> None:
    page = tree(client, "/?q=nosuchplace")
    assert names(page) == []
    assert "says nothing good or bad" in text_of(page)


def test_a_platform_shows_answer_quote_and_where_it_stands(client: FlaskClient) -> None:
    page = tree(client, "/platforms/soundcloud")
    assert "train AI on what you upload, and offer no choice" in text_of(page, ".sentence")
    assert text_of(page, "blockquote") == "You agree that your uploads may be used to train artificial intelligence."
    links = [node.attributes["href"] for node in page.css(".answer a")]
    assert any("#:~:text=You%20agree" in (link or "") for link in links)
    assert "its terms do not require that" in text_of(page, ".contradiction")
    assert page.css_first('a[href="https://t.me/watch_bot?start=follow_soundcloud"]') is not None


def test_a_platform_that_nobody_read_says_so(client: FlaskClient) -> None:
    page = tree(client, "/platforms/bandcamp")
    assert "Nobody has been able to read" in text_of(page, ".sentence")
    assert "Last checked: never" in text_of(page, ".verdict")
    assert page.css(".contradiction, blockquote") == []
    assert "terms that were read" not in text_of(page)
    assert "terms that were read" in text_of(tree(client, "/platforms/soundcloud"))


def test_a_distributor_names_where_uploads_go(client: FlaskClient) -> None:
    assert "passes uploads on to" in text_of(tree(client, "/platforms/distrokid"))


def test_a_change_is_shown_word_by_word_with_its_evidence(client: FlaskClient) -> None:
    page = tree(client, "/changes/1")
    assert "train artificial intelligence" in " ".join(node.text() for node in page.css("ins"))
    assert page.css("del:not(.meta del)") == []
    assert "between 1 January 2024 and 12 February 2024" in text_of(page, "dl.facts")
    assert "too early to say" in text_of(page, "dl.facts")
    assert [len(node.text()) for node in page.css(".hash")] == [64, 64]
    links = [node.attributes["href"] or "" for node in page.css("td a")]
    assert "https://web.archive.org/web/20240212000000/https://soundcloud.com/terms-of-use" in links


def test_notices_are_shown(client: FlaskClient) -> None:
    shown = text_of(tree(client, "/outbox"), ".notice")
    assert "uploads may be used to train" in shown
    assert "SoundCloud: " in shown and "soundcloud: " not in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("soundcloud: now it may: see", "SoundCloud: now it may: see"),
        # look-alikes
        ("Note: soundcloud: now it may", "Note: soundcloud: now it may"),
        ("soundcloud", "soundcloud"),
        ("soundcloudy: now it may", "soundcloudy: now it may"),
    ],
)
def test_a_notice_names_its_platform(context: Context, text: str, shown: str) -> None:
    assert named(text, context.catalogue) == shown


def test_the_method_page_shows_figures_of_the_engine_that_reads(client: FlaskClient) -> None:
    figures = measured()
    assert figures is not None
    assert figures.engine == ENGINE, "the engine reads otherwise: run python -m bench.reading --write (docs/reading.md)"
    page = tree(client, "/method")
    assert f"engine {ENGINE}" in text_of(page)
    rows = [(row.css_first("th").text(), row.css_first("td").text()) for row in page.css("tbody tr")]
    assert rows == [(one.what, one.value) for one in figures.figures]


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/nowhere", 404, "Not Found"),
        ("/platforms/soundclod", 404, "did you mean soundcloud?"),
        ("/changes/999", 404, "There is no change 999."),
        ("/changes/99999999999999999999", 404, "There is no change"),
        ("/changes?cursor=nonsense", 422, "cursor"),
        ("/?state=maybe", 422, "state"),
    ],
)
def test_errors_are_pages_for_people(client: FlaskClient, path: str, status: int, says: str) -> None:
    assert says in text_of(tree(client, path, status))
    machine = client.get(path, headers={"Accept": "*/*"})
    assert (machine.status_code, machine.mimetype) == (status, "application/problem+json")


def test_the_api_answers_problems_even_to_browsers(client: FlaskClient) -> None:
    assert client.get("/v1/nothing", headers=BROWSER).mimetype == "application/problem+json"


def test_a_wrong_method_says_which_are_right_on_pages_too(client: FlaskClient) -> None:
    answer = client.post("/changes", headers=BROWSER)
    assert (answer.status_code, answer.mimetype) == (405, "text/html")
    assert "GET" in answer.headers["Allow"]


def test_a_link_to_an_odd_search_finds_what_it_can(client: FlaskClient) -> None:
    page = tree(client, "/?q=soundcloud" + "%20sound" * 40)
    assert names(page) == ["SoundCloud"] and len(page.css_first("input[name=q]").attributes["value"] or "") == 100
    assert names(tree(client, f"/?category={'x' * 99}")) == []
    given = tree(client, f"/suggest?host={'x' * 9999}").css_first("#url").attributes["value"] or ""
    assert given == "x" * 2000


def test_an_address_that_does_not_fit_leads_to_one_that_does(client: FlaskClient) -> None:
    page = tree(client, "/changes?cursor=nonsense", 422)
    assert "cursor: write the `next` of the page before" in text_of(page, "main li")
    assert page.css_first("main a[href='/changes']") is not None
    assert tree(client, "/nowhere", 404).css("main a[href='/nowhere']") == []


def test_a_server_that_watches_nothing_yet_says_so(context: Context) -> None:
    bare = create_app(replace(context, catalogue=Catalogue({}, {}))).test_client()
    page = tree(bare, "/")
    assert "No platform is watched on this server yet." in text_of(page)
    assert page.css(".legend") == []
    assert bare.get("/v1/hosts").json["hosts"] == {}
    assert tree(bare, "/changes/1").css("a[href='/platforms/soundcloud']") == []
    assert "on this server yet" not in text_of(tree(bare, "/changes"))


@pytest.mark.parametrize(
    ("query", "feed"),
    [("", "all"), ("?level=noise", "levels/noise"), ("?platform=soundcloud&level=noise", "platforms/soundcloud")],
)
def test_a_list_of_changes_leads_to_its_feed(client: FlaskClient, query: str, feed: str) -> None:
    page = tree(client, f"/changes{query}")
    assert all(page.css(f"main a[href='/feeds/{feed}.{form}']") for form in ("atom", "json"))


def test_a_platform_is_followed_by_feed_and_its_badge_put_on_other_pages(client: FlaskClient) -> None:
    page = tree(client, "/platforms/soundcloud")
    for form in ("atom", "json"):
        assert page.css_first(f"main a[href='/feeds/platforms/soundcloud.{form}']") is not None
    markdown, html = (node.text() for node in page.css("#embed ~ dl code"))
    pictured, leads = "https://watch.example/badge/soundcloud.svg", "https://watch.example/platforms/soundcloud"
    assert markdown.startswith("[![soundcloud.com: ") and markdown.endswith(f"]({pictured})]({leads})")
    embedded = LexborHTMLParser(html)
    assert embedded.css_first("a > img").attributes["src"] == pictured
    assert embedded.css_first("a").attributes["href"] == leads


@pytest.mark.parametrize(
    ("path", "leads"),
    [
        ("/platforms/soundcloud/", "/platforms/soundcloud"),
        ("/docs/", "/docs"),
        ("/platforms", "/"),
        ("//elsewhere.example/", "/elsewhere.example"),
    ],
)
def test_a_slash_too_many_leads_to_what_was_meant(client: FlaskClient, path: str, leads: str) -> None:
    answer = client.get(headers=BROWSER, environ_overrides={"PATH_INFO": path})  # as it is, also with two slashes
    assert (answer.status_code, answer.headers["Location"]) == (308, leads)


@pytest.mark.parametrize(
    ("path", "accept"), [("/nowhere", "text/html"), ("/docs/", "*/*"), ("/v1/hosts/", "text/html")]
)
def test_what_is_nowhere_leads_nowhere(client: FlaskClient, path: str, accept: str) -> None:
    assert client.get(path, headers={"Accept": accept}).status_code == 404
