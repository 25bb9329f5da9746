"""Suggesting a platform by form and by API: signed, limited, and harmless whatever is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import Engine, delete

from server import settings
from server.sources import addresses
from server.store import session, suggestions
from server.store.tables_people import SuggestionRow
from server.web.app import create_app
from server.web.context import Context
from tests import databases, shipped
from tests.fakes import FakeClock
from tests.web.conftest import NoQueue

BROWSER = {"Accept": "text/html"}


def names(host: str, port: int) -> list[str]:
    """A name server: inside.com leads to the inside, all else to the public internet."""
    return ["10.0.0.7"] if host == "inside.com" else ["93.184.216.34"]


def context_of(engine: Engine, **variables: str) -> Context:
    """A web process on that database, with a name server of its own."""
    return Context(
        settings.read(variables),
        shipped.platforms(),
        FakeClock(),
        session.snapshots(engine),
        session.transactions(engine),
        NoQueue(),
        reach=lambda host: addresses.reach(host, look_up=names),
    )


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A database for all tests here; what differs between databases is tested beside the store."""
    engine = session.open_engine(databases.sqlite(tmp_path_factory.mktemp("suggest") / "test.db"))
    yield engine
    engine.dispose()


@pytest.fixture
def engine(migrated: Engine) -> Engine:
    """The database, without suggestions."""
    with session.transactions(migrated)() as opened:
        opened.execute(delete(SuggestionRow))
    return migrated


@pytest.fixture
def here(engine: Engine) -> Context:
    """A web process without a key in its settings."""
    return context_of(engine, CLAUSEWATCH_WRITES_A_MINUTE="1000")


@pytest.fixture
def app(here: Context) -> Flask:
    """Its application."""
    return create_app(here)


def wanted(here: Context) -> list[tuple[str, int]]:
    """What the operator finds."""
    with here.read() as opened:
        return [(row.name, row.times) for row in suggestions.most_wanted(opened)]


def token_on(page: Any) -> str:
    """The token of a form."""
    found = LexborHTMLParser(page.data).css_first("input[name=csrf_token]")
    assert found is not None
    return found.attributes["value"] or ""


def send(client: FlaskClient, address: str, path: str = "/suggest") -> Any:
    """Opens the form, fills it, sends it."""
    return client.post(path, data={"csrf_token": token_on(client.get(path)), "url": address}, headers=BROWSER)


@pytest.mark.parametrize(
    ("query", "filled"),
    [
        ("", ""),
        ("?host=other.example", "other.example"),
        ("?url=https://other.example/a%3Fb", "https://other.example/a?b"),
        ("?host=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", '"><script>alert(1)</script>'),
        ("?host=other.example&utm_source=mail", "other.example"),
    ],
)
def test_the_form_is_filled_by_the_link_and_never_more(client: FlaskClient, query: str, filled: str) -> None:
    answer = client.get(f"/suggest{query}")
    page = LexborHTMLParser(answer.data)
    assert page.css("script") == []
    assert (page.css_first("input[name=url]").attributes.get("value") or "") == filled
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_sent_form_is_queued_and_thanked_for_once(client: FlaskClient, here: Context) -> None:
    answer = send(client, "https://www.newtunes.com/terms")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/suggest")
    assert "newtunes.com is queued" in client.get("/suggest").text
    assert "newtunes.com is queued" not in client.get("/suggest").text
    send(client, "newtunes.com")
    assert wanted(here) == [("newtunes.com", 2)]


def test_a_watched_platform_is_shown_instead(client: FlaskClient, here: Context) -> None:
    assert send(client, "https://soundcloud.com/upload").headers["Location"] == "/platforms/soundcloud"
    assert wanted(here) == []


@pytest.mark.parametrize(
    "address",
    ["", "http://10.0.0.1/", "inside.com", "javascript:alert(1)", "<b>x</b>", "a\x00.com", "\u202ea.com", "x" * 3000],
)
def test_what_cannot_be_used_comes_back_with_what_to_do(client: FlaskClient, here: Context, address: str) -> None:
    answer = send(client, address)
    page = LexborHTMLParser(answer.data)
    field = page.css_first("input[name=url]")
    assert (answer.status_code, field.attributes["aria-invalid"]) == (422, "true")
    assert page.css_first("#wrong").text().endswith(".")
    assert page.css("b") == []
    assert wanted(here) == []


def test_a_form_without_its_token_is_refused(client: FlaskClient, app: Flask, here: Context) -> None:
    foreign = token_on(app.test_client().get("/suggest"))
    for token in ("", "x", foreign):
        answer = client.post("/suggest", data={"csrf_token": token, "url": "newtunes.com"}, headers=BROWSER)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (400, "no-store")
        assert "Open it again" in answer.text
    assert wanted(here) == []


def test_a_huge_form_is_refused(client: FlaskClient, here: Context) -> None:
    sent = {"csrf_token": token_on(client.get("/suggest")), "url": "x" * 100_000}
    assert client.post("/suggest", data=sent).status_code == 413
    assert wanted(here) == []


def test_processes_share_the_key_and_restarts_keep_it(engine: Engine, app: Flask, here: Context) -> None:
    first, second = app.test_client(), create_app(context_of(engine)).test_client()
    token = token_on(first.get("/suggest"))
    cookie = first.get_cookie("clausewatch")
    assert cookie is not None
    second.set_cookie("clausewatch", cookie.value)
    answer = second.post("/suggest", data={"csrf_token": token, "url": "newtunes.com"})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("public", "name", "secure"),
    [("https://watch.example", "__Host-clausewatch", True), ("", "clausewatch", False)],
)
def test_the_cookie_is_for_us_alone(engine: Engine, public: str, name: str, secure: bool) -> None:
    client = create_app(context_of(engine, CLAUSEWATCH_PUBLIC_URL=public, SECRET_KEY="set")).test_client()
    header = client.get("/suggest", base_url="https://watch.example").headers["Set-Cookie"]
    assert header.startswith(f"{name}=")
    assert ("; Secure" in header) is secure
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(re.split("; ", header))
    assert "Expires" not in header


def test_pages_without_a_form_set_no_cookie(client: FlaskClient) -> None:
    for path in ("/", "/changes", "/v1/platforms", "/method"):
        answer = client.get(path)
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_the_api_takes_suggestions(client: FlaskClient, here: Context) -> None:
    answer = client.post("/v1/suggestions", json={"url": "https://newtunes.com/x"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (202, "no-store")
    assert answer.json == {"host": "newtunes.com", "state": "queued", "platform": ""}
    watched = client.post("/v1/suggestions", json={"url": "soundcloud.com"}).json
    assert watched == {"host": "soundcloud.com", "state": "watched", "platform": "soundcloud"}
    assert wanted(here) == [("newtunes.com", 1)]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"json": {}}, 422),
        ({"json": []}, 422),
        ({"json": {"url": 7}}, 422),
        ({"json": {"url": ""}}, 422),
        ({"json": {"url": "http://[::1]/"}}, 422),
        ({"json": {"url": "inside.com"}}, 422),
        ({"json": {"url": "newtunes.com", "more": 1}}, 422),
        ({"json": {"url": "newtunes.com\x00"}}, 422),
        ({"data": b"{", "content_type": "application/json"}, 422),
        ({"data": b"\xff\xfe", "content_type": "application/json"}, 422),
        ({"json": {"url": "x" * 5000}}, 422),
        ({"json": {"url": "x" * 50_000}}, 413),
        ({"data": '{"url": "newtunes.com"}', "content_type": "text/plain"}, 415),
        ({"data": {"url": "newtunes.com"}}, 415),
    ],
)
def test_the_api_refuses_in_problem_details(client: FlaskClient, sent: Any, status: int) -> None:
    answer = client.post("/v1/suggestions", **sent)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text
    assert answer.json["status"] == status


def test_other_sites_pages_cannot_send_to_the_api(client: FlaskClient) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    answer = client.options("/v1/suggestions", headers=asked)
    assert "Access-Control-Allow-Methods" not in answer.headers
    assert "Access-Control-Allow-Headers" not in answer.headers
