"""What a CDN may keep: each public address says how long and by which key to drop it, and knows its ETag again."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

ADDRESSES = {
    "/": "all lists",
    "/changes": "all lists",
    "/changes/1": "all soundcloud",
    "/platforms/soundcloud": "all soundcloud",
    "/method": "all lists",
    "/docs": "all lists",
    "/v1/hosts": "all lists",
    "/v1/lookup?host=soundcloud.com": "all soundcloud",
    "/v1/platforms": "all lists",
    "/v1/platforms/soundcloud": "all soundcloud",
    "/v1/platforms/soundcloud/changes": "all soundcloud",
    "/v1/changes": "all lists",
    "/v1/changes/1": "all soundcloud",
    "/v1/openapi.json": "all lists",
    "/feeds/all.atom": "all lists",
    "/feeds/all.json": "all lists",
    "/feeds/platforms/soundcloud.atom": "all soundcloud",
    "/feeds/levels/material.json": "all lists",
    "/badge/soundcloud.svg": "all soundcloud",
    "/cards/platforms/soundcloud.png": "all soundcloud",
    "/cards/changes/1.png": "all soundcloud",
}


@pytest.mark.parametrize(("path", "keys"), ADDRESSES.items())
def test_an_answer_may_be_kept_and_dropped(client: FlaskClient, path: str, keys: str) -> None:
    first = client.get(path)
    assert first.status_code == 200, first.text
    for word in ("public", "s-maxage=", "stale-while-revalidate="):
        assert word in first.headers["Cache-Control"]
    assert first.headers["Surrogate-Key"] == keys
    assert "Set-Cookie" not in first.headers
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert (again.headers["Surrogate-Key"], again.headers["Cache-Control"]) == (keys, first.headers["Cache-Control"])
    assert client.get(path, headers={"If-None-Match": '"another"'}).status_code == 200


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/changes/999", "/platforms/nowhere", "/v1/changes?limit=0"])
def test_an_error_is_not_kept_for_long(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert "Surrogate-Key" not in answer.headers


@pytest.mark.parametrize(
    ("path", "varies"), [("/platforms/nowhere", "Accept"), ("/changes?limit=0", "Accept"), ("/v1/nothing", None)]
)
@pytest.mark.parametrize("accept", ["text/html", "*/*", "application/json"])
def test_a_cache_gives_nobody_the_error_of_another_kind_of_reader(
    client: FlaskClient, path: str, varies: str | None, accept: str
) -> None:
    assert client.get(path, headers={"Accept": accept}).headers.get("Vary") == varies


@pytest.mark.parametrize(
    ("path", "allowed"), [("/v1/changes", True), ("/feeds/all.atom", True), ("/v1/suggestions", False), ("/", False)]
)
def test_scripts_of_any_page_may_ask_whether_something_is_new(client: FlaskClient, path: str, allowed: bool) -> None:
    wish = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "if-none-match"}
    told = client.options(path, headers={"Origin": "https://anywhere.example", **wish}).headers
    assert told.get("Access-Control-Allow-Headers") == ("If-None-Match" if allowed else None)
    assert told.get("Access-Control-Allow-Methods") == ("GET, HEAD" if allowed else None)
    if allowed:
        assert "ETag" in client.get(path).headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("path", ["/v1/changes", "/feeds/all.json", "/export/changes.jsonl", "/badge/soundcloud.svg"])
def test_scripts_of_any_page_may_read(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Origin": "https://anywhere.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/suggest", "/platforms/soundcloud"])
def test_pages_are_not_for_other_sites_scripts(client: FlaskClient, path: str) -> None:
    assert "Access-Control-Allow-Origin" not in client.get(path).headers


@pytest.mark.parametrize(
    ("host", "status", "queries"),
    [("unwatched.example", 404, False), ("a b", 422, False), ("soundcloud.com", 200, True)],
)
def test_an_unknown_host_costs_no_query(
    app: Flask, story_engine: Engine, host: str, status: int, queries: bool
) -> None:
    client, asked = app.test_client(), []

    def note(*statement: Any) -> None:
        asked.append(statement[2])

    event.listen(story_engine, "before_cursor_execute", note)
    try:
        assert client.get("/v1/lookup", query_string={"host": host}).status_code == status
    finally:
        event.remove(story_engine, "before_cursor_execute", note)
    assert bool(asked) is queries
