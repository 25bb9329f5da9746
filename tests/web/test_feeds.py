"""Feeds, badges, cards and the export: what others take from here."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import feedparser
import pytest
from flask.testing import FlaskClient
from PIL import Image

from server.core.badge import badge
from server.core.model import Reading, Stance
from server.web.app import create_app
from server.web.badges import SHAPES, picture
from server.web.cards import card, drawable
from server.web.context import Context
from server.web.export import _line as export_line
from server.web.pages.site import STYLE
from tests.web.conftest import json_of

FEEDS = ["all", "platforms/soundcloud", "levels/material"]
EMPTY = ["platforms/bandcamp", "levels/noise"]


@pytest.mark.parametrize("name", FEEDS)
def test_an_atom_feed_tells_the_change(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/feeds/{name}.atom")
    assert answer.mimetype == "application/atom+xml"
    found = feedparser.parse(answer.data)
    assert not found.bozo
    (entry,) = found.entries
    assert entry.title.startswith("SoundCloud: ")
    assert entry.link == "https://watch.example/changes/1"
    assert "train artificial intelligence" in entry.summary
    assert [tag.term for tag in entry.tags] == ["material", "training", "worse"]


@pytest.mark.parametrize("name", FEEDS)
def test_a_json_feed_tells_the_change(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/feeds/{name}.json")
    assert answer.mimetype == "application/feed+json"
    feed = json.loads(answer.data)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"https://watch.example/feeds/{name}.json"
    (item,) = feed["items"]
    assert item["url"] == "https://watch.example/changes/1"
    assert item["date_published"] == "2024-02-14T00:00:00+00:00"


@pytest.mark.parametrize("form", ["atom", "json"])
def test_a_change_keeps_its_id_when_the_server_moves(context: Context, form: str) -> None:
    def read(address: str) -> str:
        settings = replace(context.settings, public_url=address)
        return create_app(replace(context, settings=settings)).test_client().get(f"/feeds/all.{form}").text

    here, there = read("https://watch.example"), read("https://moved.example")
    ids = [re.findall(r"urn:uuid:[0-9a-f-]{36}", text) for text in (here, there)]
    assert len(ids[0]) == 1 and ids[0] == ids[1]
    assert "https://moved.example/changes/1" in there


@pytest.mark.parametrize("name", EMPTY)
def test_a_feed_without_changes_is_still_a_feed(client: FlaskClient, name: str) -> None:
    assert feedparser.parse(client.get(f"/feeds/{name}.atom").data).entries == []
    assert json.loads(client.get(f"/feeds/{name}.json").data)["items"] == []


@pytest.mark.parametrize("path", ["/feeds/platforms/nowhere.atom", "/feeds/levels/loud.json", "/badge/nowhere.svg"])
def test_there_is_no_feed_of_what_is_not_watched(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/all.atom",
        "/feeds/all.json",
        "/badge/soundcloud.svg",
        "/cards/platforms/soundcloud.png",
        "/cards/changes/1.png",
    ],
)
def test_what_others_take_can_be_cached(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert "s-maxage" in first.headers["Cache-Control"]
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("stance", list(Stance))
def test_a_badge_picture_says_it_in_words_and_shape(stance: Stance) -> None:
    shown = badge("<b>Evil & Söhne</b>", Reading(training=stance), stale=stance is Stance.OPT_OUT)
    root = ET.fromstring(picture("<b>Evil & Söhne</b>", shown))
    texts = [node.text for node in root.iter() if node.tag.endswith("}text")]
    assert texts[0] == "<b>Evil & Söhne</b>"
    assert (texts[1] or "").startswith(shown.label)
    assert (texts[1] or "").endswith("(not checked lately)") == shown.stale
    assert shown.shape in SHAPES


@pytest.mark.parametrize(
    ("name", "as_wide_as"), [("ニコニコ動画", "x" * 12), ("e\u0301toile", "etoile"), ("Söhne", "xxxxx")]
)
def test_a_badge_picture_gives_letters_the_room_they_take(name: str, as_wide_as: str) -> None:
    shown = badge(name, Reading(training=Stance.PERMITS))
    widths = [ET.fromstring(picture(each, shown)).attrib["width"] for each in (name, as_wide_as)]
    assert widths[0] == widths[1]


@pytest.mark.parametrize(("stance", "told"), [(Stance.SILENT, True), (Stance.UNKNOWN, False)])
def test_what_was_never_known_is_not_called_out_of_date(stance: Stance, told: bool) -> None:
    said = picture("Name", badge("Name", Reading(training=stance), stale=True))
    assert ("not checked lately" in said) == told


def test_a_badge_may_be_shown_on_other_sites(client: FlaskClient) -> None:
    answer = client.get("/badge/soundcloud.svg")
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "The terms allow AI training" in answer.text


@pytest.mark.parametrize("path", ["/cards/platforms/soundcloud.png", "/cards/changes/1.png"])
def test_a_card_has_the_size_that_chats_expect(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert Image.open(io.BytesIO(answer.data)).size == (1200, 630)
    assert len(answer.data) < 100_000


@pytest.mark.parametrize("text", ["", "x" * 5000, "word " * 900, "混合 текст", "\x00\ud83d<b>"])
def test_a_card_survives_any_text(text: str) -> None:
    assert Image.open(io.BytesIO(card(text, text, text, "#000000", "dotted"))).size == (1200, 630)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("SoundCloud's “terms” · 12 March", "SoundCloud's “terms” · 12 March"),
        ("Söhne – Beyoncé, Łódź", "Sohne - Beyonce, Lodz"),
        ("Straße", "Strasse"),
        ("Pixiv ピクシブ", "Pixiv "),
        ("ニコニコ動画", ""),
        ("منصة", ""),
    ],
)
def test_a_card_draws_letters_and_never_empty_boxes(text: str, drawn: str) -> None:
    assert drawable(text) == drawn


def test_pages_name_their_card(client: FlaskClient) -> None:
    for path, picture_path in (("/platforms/soundcloud", "platforms/soundcloud"), ("/changes/1", "changes/1")):
        assert f'content="https://watch.example/cards/{picture_path}.png"' in client.get(path).text


@pytest.mark.parametrize(("name", "count"), [("changes", 1), ("readings", 2)])
def test_the_export_has_quotes_but_no_texts(client: FlaskClient, name: str, count: int) -> None:
    answer = client.get(f"/export/{name}.jsonl")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert "they remain their owners', and CC0 does not cover them" in lines[0]["note"]
    assert len(lines) == count + 1
    assert "You agree that your uploads may be used to train artificial intelligence." in answer.text
    assert "We store and play it to listeners" not in answer.text


def test_the_export_tells_the_readings(client: FlaskClient) -> None:
    lines = [json.loads(line) for line in client.get("/export/readings.jsonl").text.splitlines()[1:]]
    assert [(line["platform"], line["document"], line["training"]) for line in lines] == [
        ("soundcloud", "terms", "silent"),
        ("soundcloud", "terms", "permits"),
    ]


@pytest.mark.parametrize("text", ["a\u2028b", "a\x85b\u2029", "a\nb", "plain \\u2028 ü"])
def test_a_line_of_the_export_is_one_line_to_everybody(text: str) -> None:
    (line,) = export_line({"quote": text}).splitlines()
    assert json.loads(line) == {"quote": text}


def test_every_address_of_the_api_is_on_the_docs_page(client: FlaskClient) -> None:
    shown = client.get("/docs").text
    for path, operations in json_of(client.get("/v1/openapi.json"))["paths"].items():
        for method in operations:
            assert f"{method.upper()} /v1{path}" in shown


@pytest.mark.parametrize(("path", "kind"), [("/robots.txt", "text/plain"), ("/favicon.svg", "image/svg+xml")])
def test_small_files(client: FlaskClient, path: str, kind: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, kind)


@pytest.mark.parametrize(
    ("path", "seconds"),
    [(f"/static/style.css?v={STYLE}", 31_536_000), ("/static/style.css?v=0123", 300), ("/favicon.svg", 300)],
)
def test_a_file_is_kept_for_long_only_under_the_address_of_its_version(
    client: FlaskClient, path: str, seconds: int
) -> None:
    assert f"max-age={seconds}" in client.get(path).headers["Cache-Control"].split(", ")


@pytest.mark.parametrize(
    ("name", "page"),
    [("all", "/changes"), ("levels/noise", "/changes?level=noise"), ("platforms/soundcloud", "/platforms/soundcloud")],
)
def test_a_feed_leads_to_the_page_that_shows_the_same(client: FlaskClient, name: str, page: str) -> None:
    assert json_of(client.get(f"/feeds/{name}.json"))["home_page_url"] == f"https://watch.example{page}"
    assert client.get(page).status_code == 200
