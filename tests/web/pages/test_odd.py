"""Odd but real: very long names, other scripts, region variants, hundreds of changes; pages stay whole."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select
from werkzeug.serving import make_server

from server.catalogue import Catalogue
from server.core.model import Choice, Document, Platform, Statement
from server.store import session, sources
from server.store.tables import ChangeRow
from server.web.app import create_app
from tests import databases
from tests.web.conftest import BEFORE, BEGIN, a_story, see
from tests.web.pages.test_accessible import browser as browser

WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnungsplattform"
MANY = 300
PERMITS = "\n\nYou agree that your uploads may be used to train artificial intelligence.\n"
PROHIBITS = "\n\nWe will not use your content to train artificial intelligence.\n"
USE_OF_DATA = "\n\nWe may use information about how you use the service to train our machine learning models.\n"
ARABIC = "نحن نخزن الموسيقى التي ترفعها ونشغلها للمستمعين. " * 20 + "\n\n{} أعمالك لتدريب الذكاء الاصطناعي.\n"


def _platform(id: str, name: str, *documents: tuple[str, str, str], **more: Any) -> Platform:
    made = (Document(id, d, "Terms", (f"https://{id}.example/{d}",), title, region=r) for d, title, r in documents)
    return Platform(id, name, "music", (f"{id}.example",), tuple(made), **more)


LONG = _platform(
    "long",
    WORD,
    ("terms", f"{WORD} {WORD}", ""),
    choices=(Choice("opt_out", WORD, (WORD,), "https://long.example/"),),
    statements=(Statement("2024-01", WORD, WORD, "https://long.example/", {"training": "prohibits"}),),
)
REGIONS = _platform("regions", "Regions", ("terms", "Terms of Use", ""), ("terms-eea", "Terms of Use", "EEA"))
ARAB = _platform("arab", "منصة الموسيقى", ("terms", "شروط الخدمة", ""))
USAGE = _platform(
    "usage",
    "Usage",
    ("terms", "Terms", ""),
    ("terms-eea", "Terms", "EEA"),
    statements=(Statement("2024-01", "Usage", "No AI of your works.", "https://u.example", {"training": "prohibits"}),),
)
TOLD = _platform("told", "Told", ("terms", "Terms", ""))
REWRITTEN = _platform("rewritten", "Rewritten", ("terms", "Terms", ""))
PARAGRAPHS = 300
LIGHT = 100_000
"""Bytes of a page."""


def _book(word: str) -> str:
    """A text of 300 long paragraphs, each of its own words."""
    return "\n\n".join(" ".join(f"{word}{n}x{k}" for k in range(120)) + " for music." for n in range(PARAGRAPHS))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The story, and six odd platforms beside it."""
    engine = session.open_engine(databases.sqlite(tmp_path_factory.mktemp("odd") / "test.db"))
    here = a_story(engine)
    odd = {platform.id: platform for platform in (LONG, REGIONS, ARAB, USAGE, TOLD, REWRITTEN)}
    hosts = {platform.hosts[0]: platform.id for platform in odd.values()}
    catalogue = Catalogue({**here.catalogue.platforms, **odd}, {**here.catalogue.hosts, **hosts})
    with session.transactions(engine)() as opened:
        _tell(opened, LONG.documents[0], BEFORE, BEFORE + PERMITS)
        _tell(opened, REGIONS.documents[0], BEFORE + PERMITS)
        _tell(opened, REGIONS.documents[1], BEFORE + PROHIBITS)
        page = "page:regions/terms"
        row = sources.ensure(opened, page, family="page", platform="regions", url="https://regions.example", now=BEGIN)
        sources.note_success(row, BEGIN, timedelta(hours=6))
        _tell(opened, ARAB.documents[0], ARABIC.format("لا نستخدم"), ARABIC.format("قد نستخدم"))
        for document in USAGE.documents:
            _tell(opened, document, BEFORE, BEFORE + USE_OF_DATA)
        _tell(opened, TOLD.documents[0], BEFORE, BEFORE + PERMITS)
        _tell(opened, REWRITTEN.documents[0], BEFORE + _book("old"), BEFORE + _book("new"), days=15)
        first = opened.scalars(select(ChangeRow).where(ChangeRow.platform == "told")).one()
        same = {c.key: getattr(first, c.key) for c in ChangeRow.__table__.columns if c.key != "id"}
        for n in range(MANY):
            when = BEGIN - timedelta(days=n + 1)
            opened.add(ChangeRow(**(same | {"key": f"told {n}", "happened_to": when, "found_at": when})))
    yield create_app(replace(here, catalogue=catalogue))
    engine.dispose()


def _tell(opened: Any, document: Document, *wordings: str, days: int = 3) -> None:
    """Each wording is seen twice, three days apart; a page that seems to be another one counts after two weeks only."""
    for n, text in enumerate(wording for wording in wordings for _ in range(2)):
        see(opened, document, text, BEGIN + timedelta(days=days * n))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client without a network."""
    return app.test_client()


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    """The same, served on loopback."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def _read(client: FlaskClient, path: str) -> LexborHTMLParser:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


def _change(client: FlaskClient, platform: str, level: str = "") -> str:
    listed = client.get(f"/v1/platforms/{platform}/changes?level={level}").json
    assert listed is not None
    return f"/changes/{listed['changes'][0]['id']}"


@pytest.mark.e2e
@pytest.mark.parametrize(("width", "text"), [(320, 100), (640, 200)], ids=["a small phone", "letters of double size"])
@pytest.mark.parametrize(
    "path", ["/", "/platforms/long", "/platforms/soundcloud", "/platforms/told", "/changes", "/changes?platform=long"]
)
def test_nothing_sticks_out_sideways(browser: Browser, address: str, path: str, width: int, text: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(address + path)
    page.evaluate(f"document.documentElement.style.fontSize = '{text}%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_all_changes_of_a_platform_can_be_read_page_by_page(client: FlaskClient) -> None:
    path, found = "/platforms/told", list[str]()
    link = _read(client, path).css_first("a[href='/changes?platform=told']")
    assert link is not None
    path = "/changes?platform=told"
    while path:
        page = _read(client, path)
        found += [node.attributes["href"] or "" for node in page.css(".change a")]
        older = page.css_first("a[rel=next]")
        path = f"/changes{older.attributes['href']}" if older else ""
    assert len(found) == len(set(found)) == MANY + 1


def test_a_list_of_one_platform_says_so_and_stays_with_it_when_it_is_filtered(client: FlaskClient) -> None:
    page = _read(client, "/changes?platform=long")
    assert WORD in page.css_first("h1").text()
    assert page.css_first("input[name=platform]").attributes["value"] == "long"
    assert len(page.css(".change")) == 1
    everything = _read(client, "/changes")
    assert everything.css_first("h1").text() == "Changes" and everything.css_first("input[name=platform]") is None


@pytest.mark.parametrize(
    ("query", "status"),
    [("utm_source=telegram&fbclid=1", 200), ("level=", 200), ("level=loud", 422), ("platform=nobody", 404)],
)
def test_links_from_elsewhere_carry_what_they_like(client: FlaskClient, query: str, status: int) -> None:
    assert client.get(f"/changes?{query}", headers={"Accept": "text/html"}).status_code == status


def test_region_variants_are_told_apart_in_the_timeline(client: FlaskClient) -> None:
    lanes = [node.text() for node in _read(client, "/platforms/regions").css("svg .lane")]
    assert sorted(lanes) == ["EEA: Terms of Use", "Terms of Use"]


@pytest.mark.parametrize(
    ("platform", "says"), [("regions", ["Terms of Use for EEA: Ruled out"]), ("told", []), ("spotify", [])]
)
def test_where_another_rule_holds_is_said_with_the_answer(client: FlaskClient, platform: str, says: list[str]) -> None:
    assert [node.text() for node in _read(client, f"/platforms/{platform}").css(".region")] == says


def test_what_is_said_of_data_on_use_is_not_said_of_uploads(client: FlaskClient) -> None:
    page = _read(client, "/platforms/usage")
    assert page.css_first("#training ~ .stance").text() == "It may train on data about how you use it."
    assert page.css("#training ~ .stance.permits, .region, .contradiction, svg .bar.permits") == []
    assert "information about how you use" in page.css_first("#training ~ blockquote").text()
    uploads = _read(client, "/platforms/long")
    assert uploads.css_first("#training ~ .stance.permits").text() == "Allowed"
    assert uploads.css(".contradiction") != [] and uploads.css("svg .bar.permits") != []


def test_a_text_that_runs_from_right_to_left_is_shown_so(client: FlaskClient) -> None:
    page = _read(client, _change(client, "arab", "noise"))
    assert [node.attributes.get("dir") for node in page.css(".text")] == ["auto"]
    quoted = _read(client, _change(client, "told")).css("blockquote")
    assert quoted and {node.attributes.get("dir") for node in quoted} == {"auto"}


@pytest.mark.parametrize(("platform", "level", "says"), [("arab", "noise", "Not known yet"), ("told", "", "no")])
def test_what_nobody_could_read_is_not_called_absent(client: FlaskClient, platform: str, level: str, says: str) -> None:
    rows = _read(client, _change(client, platform, level)).css("tbody tr")
    (row,) = [row for row in rows if row.css_first("th").text() == "Forbids scraping by others"]
    assert {cell.text() for cell in row.css("td")} == {says}


def test_a_text_that_was_rewritten_from_end_to_end_is_shown_in_part_and_says_so(client: FlaskClient) -> None:
    path = _change(client, "rewritten", "noise")
    assert len(client.get(path).data) <= LIGHT
    page = _read(client, path)
    shown, told = len(page.css(".passage")), page.css_first("#diff").parent.text()
    edits = client.get(f"/v1{path}").json["edits"]
    assert 10 < shown < len(edits) and f"{len(edits) - shown} more passages" in told
    small = _read(client, _change(client, "told"))
    assert "more passages" not in small.css_first("#diff").parent.text()


def test_the_keyboard_need_not_walk_through_hundreds_of_marks(client: FlaskClient) -> None:
    marks = _read(client, "/platforms/told").css("svg.timeline a")
    assert len(marks) == MANY + 1 and {mark.attributes.get("tabindex") for mark in marks} == {"-1"}


@pytest.mark.parametrize(("platform", "says"), [("vimeo", "Watching has not begun."), ("regions", "No change")])
def test_where_nobody_looked_yet_no_change_is_not_called_a_finding(
    client: FlaskClient, platform: str, says: str
) -> None:
    assert says in _read(client, f"/platforms/{platform}").css_first("#changes").parent.text()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("https://soundcloud.com/artist/track?x=1", ["SoundCloud"]),
        ("m.soundcloud.com", ["SoundCloud"]),
        ("www.soundcloud.com", ["SoundCloud"]),
        ("soundcloud.com/artist/track", ["SoundCloud"]),
        ("soundcloud.co", ["SoundCloud"]),
        ("soundcloud", ["SoundCloud"]),
        ("https://nowhere.example/soundcloud.com", []),
        ("nowhere.example/soundcloud.com", []),
        ("https://", []),
        ("sound:cloud[", []),
    ],
)
def test_an_address_copied_from_the_browser_is_a_host(client: FlaskClient, typed: str, found: list[str]) -> None:
    answer = client.get("/", query_string={"q": typed})
    assert [node.text() for node in LexborHTMLParser(answer.text).css(".platforms .name")] == found
