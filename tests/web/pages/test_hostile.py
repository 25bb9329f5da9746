"""Texts from policies, titles and feeds are hostile: mark-up in any of them stays text, and no script is linked."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import update

from server.catalogue import Catalogue
from server.core.model import CaptureKind, Choice, Document, Event, Feed, Platform, Statement
from server.flows import keep
from server.flows.keep import Rules, Shown
from server.store import captures, session
from server.store.tables import AnnouncementRow, ChangeRow, SignalsRow
from server.web.app import create_app
from server.web.context import Context
from tests import databases
from tests.fakes import FakeClock

EVIL = (
    "\"'><script>alert(1)</script><img src=x onerror=alert(2)></style>{{7777*7777}}"
    "{% raw %}&lt;b&gt;\u202e\u2066\x1b\ufffe"
)
SCRIPT = "javascript:alert(3)//https://x.example/"
NOW = datetime(2025, 1, 10, tzinfo=UTC)
ADDRESSES = {"homepage", "url", "source", "delivery_source", "sample_page"}
KEPT = {"id", "platform", "category", "region", "language", "kind", "certainty", "claims", "documents", "hosts", "date"}


def poisoned(value: Any) -> Any:
    """The value with every text hostile and every address a script."""
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes: dict[str, Any] = {}
    for field in fields(value):
        old = getattr(value, field.name)
        if field.name in KEPT:
            continue
        if isinstance(old, str):
            changes[field.name] = SCRIPT if field.name in ADDRESSES else EVIL
        elif field.name == "urls":
            changes[field.name] = (SCRIPT,)
        elif isinstance(old, tuple):
            changes[field.name] = tuple(EVIL if isinstance(item, str) else poisoned(item) for item in old)
    return replace(value, **changes)


PLATFORM = replace(
    poisoned(
        Platform(
            "evil",
            "Evil",
            "music",
            ("evil.example",),
            (),
            feeds=(Feed("x"),),
            statements=(Statement("2024-01-01", "x", "x", "x", {"training": "prohibits"}),),
            events=(Event("2024", "x", "x"),),
            choices=(Choice("opt_out", "x", ("x",), "x"),),
            delivers_to=("x",),
        )
    ),
    documents=(poisoned(Document("evil", "terms", "Terms", ("x",), "Terms")),),
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A server whose catalogue, texts, signals and announcements are all hostile."""
    from server import settings

    engine = session.open_engine(databases.sqlite(tmp_path_factory.mktemp("evil") / "test.db"))
    write = session.transactions(engine)
    before = "Plain words about music and its listeners. " * 40
    after = before + f"\n\nYou agree that we may use your uploads to train artificial intelligence {EVIL}.\n"
    with write() as opened:
        for day, text in ((1, before), (3, after), (5, after)):
            at = NOW.replace(day=day)
            capture = captures.add(
                opened,
                document="evil/terms",
                source="live",
                url=SCRIPT,
                fetched_at=at,
                captured_at=at,
                status=200,
                media_type="text/plain",
                headers=[],
                data=text.encode(),
            )
            keep.keep_text(opened, PLATFORM.documents[0], capture, Shown(CaptureKind.POLICY, text=text), Rules(), at)
        said = AnnouncementRow(feed=EVIL, item="1", title=EVIL, url=SCRIPT, published_at=NOW, seen_at=NOW)
        opened.add(said)
        opened.flush()
        opened.execute(
            update(ChangeRow).values(explanation=EVIL, quote_before=EVIL, effective=EVIL[:10], announcement_id=said.id)
        )
        signal = {"family": EVIL, "use": "ai-train", "verdict": "reserved", "evidence": EVIL, "line": 1, "url": SCRIPT}
        opened.add(SignalsRow(platform="evil", confirmed=[signal_of(signal)], pending=[], checked_at=NOW))
    catalogue = Catalogue({"evil": PLATFORM}, {"evil.example": "evil"})
    config = settings.read({"TELEGRAM_BOT_USERNAME": "watch_bot", "SECRET_KEY": "story"})
    here = Context(config, catalogue, FakeClock(NOW), session.snapshots(engine), write, None)  # type: ignore[arg-type]
    return create_app(here).test_client()


def signal_of(values: dict[str, Any]) -> dict[str, Any]:
    """The values that a stored signal has, and no others."""
    from server.core.signals import Signal

    return {field.name: values[field.name] for field in fields(Signal) if field.name in values}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/platforms/evil",
        "/changes",
        "/changes/1",
        "/outbox",
        "/method",
        "/platforms/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/changes?level=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    ],
)
def test_hostile_texts_stay_texts(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code in {200, 404, 422}
    page = LexborHTMLParser(answer.data)
    assert page.css("script, img[onerror], img[src=x], [onerror], [onclick], b") == []
    links = [node.attributes.get("href") or "" for node in page.css("[href], [cite]")]
    assert [link for link in links if link.lower().lstrip().startswith(("javascript:", "data:"))] == []
    assert "60481729" not in (page.css_first("h1").text() if page.css_first("h1") else "")


@pytest.mark.parametrize("path", ["/platforms/evil", "/changes/1"])
def test_hostile_texts_are_shown_as_they_are(client: FlaskClient, path: str) -> None:
    page = LexborHTMLParser(client.get(path).data)
    assert "<script>alert(1)</script>" in page.css_first("main").text()


@pytest.mark.parametrize("path", ["/feeds/all.atom", "/badge/evil.svg"])
def test_hostile_texts_stay_texts_in_xml(client: FlaskClient, path: str) -> None:
    root = ET.fromstring(client.get(path).data)
    assert not [node for node in root.iter() if node.tag.endswith(("script", "img", "b"))]
    assert any("<script>alert(1)</script>" in (node.text or "") for node in root.iter())


@pytest.mark.parametrize("path", ["/cards/platforms/evil.png", "/cards/changes/1.png"])
def test_hostile_texts_are_drawn_in_pictures(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype, answer.data[:4]) == (200, "image/png", b"\x89PNG")


@pytest.mark.parametrize("path", ["/feeds/all.json", "/v1/platforms/evil", "/v1/changes/1", "/export/changes.jsonl"])
def test_hostile_texts_are_json_that_no_browser_takes_for_a_page(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["X-Content-Type-Options"]) == (200, "nosniff")
    assert "json" in str(answer.mimetype)
    for line in answer.text.splitlines():
        json.loads(line)


def test_a_hostile_timeline_is_a_picture_without_scripts(client: FlaskClient) -> None:
    picture = LexborHTMLParser(client.get("/platforms/evil").data).css_first("svg.timeline")
    assert picture is not None
    assert picture.css("script, foreignObject, image, [onload], [onclick]") == []
    assert all((node.attributes.get("href") or "").startswith("/") for node in picture.css("a"))
