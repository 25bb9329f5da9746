"""Limits per address: on what no cache can answer, by Redis or without, and never on what is kept in memory."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from redis import Redis

from server import settings
from server.web.app import create_app
from server.web.context import Context
from server.web.hot import Hot

SEARCH = "/?q=cloud"


def client_of(here: Context, redis: Redis | None = None, **variables: str) -> FlaskClient:
    """A web process with these settings."""
    config = settings.read({"SECRET_KEY": "story", "CLAUSEWATCH_READS_A_MINUTE": "3", **variables})
    made = replace(here, settings=config, redis=redis)
    app = create_app(made)
    app.wsgi_app = Hot(app.wsgi_app, made)  # type: ignore[method-assign]
    return app.test_client()


def statuses(client: FlaskClient, path: str, times: int, address: str = "203.0.113.7", **headers: str) -> list[int]:
    """What that address is answered."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    base: Any = {"REMOTE_ADDR": address}
    return [client.get(path, environ_base=base, headers=told).status_code for _ in range(times)]


@pytest.fixture(params=["memory", "redis", "redis that is down"])
def counting(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Redis | None, dict[str, str]]:
    """Where requests are counted, and the settings for it."""
    if request.param == "memory":
        return None, {}
    socket = tmp_path / "nobody.sock"
    if request.param == "redis":
        request.getfixturevalue("redis")
        socket = request.getfixturevalue("redis_server")
    return Redis(unix_socket_path=str(socket)), {"REDIS_URL": f"unix://{socket}"}


def test_an_address_that_asks_too_much_is_told_to_wait(
    context: Context, counting: tuple[Redis | None, dict[str, str]]
) -> None:
    client = client_of(context, counting[0], **counting[1])
    assert statuses(client, SEARCH, 4) == [200, 200, 200, 429]
    assert statuses(client, SEARCH, 1, "203.0.113.8") == [200]
    refused = client.get("/v1/changes?limit=1", environ_base={"REMOTE_ADDR": "203.0.113.7"})
    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["Cache-Control"] == "no-store"


def test_web_processes_count_together(context: Context, redis: Redis, redis_server: Path) -> None:
    url = f"unix://{redis_server}"
    assert statuses(client_of(context, redis, REDIS_URL=url), SEARCH, 3) == [200, 200, 200]
    assert statuses(client_of(context, redis, REDIS_URL=url), SEARCH, 1) == [429]


def test_a_redis_that_is_down_holds_nobody_up(context: Context, tmp_path: Path) -> None:
    socket = tmp_path / "nobody.sock"
    client = client_of(context, Redis(unix_socket_path=str(socket)), REDIS_URL=f"unix://{socket}")
    began = time.monotonic()
    assert statuses(client, SEARCH, 1) == [200]
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "path", ["/", "/changes", "/v1/platforms", "/healthz", "/static/style.css?v=1", "/badge/soundcloud.svg"]
)
def test_what_a_cache_can_answer_is_free(context: Context, path: str) -> None:
    assert set(statuses(client_of(context), path, 8)) == {200}


def test_a_look_up_kept_in_memory_is_never_refused(context: Context) -> None:
    client = client_of(context)
    assert 429 in statuses(client, SEARCH, 5)
    assert set(statuses(client, "/v1/lookup?host=soundcloud.com", 8)) == {200}
    assert set(statuses(client, "/v1/hosts", 8)) == {200}


def test_exports_and_forms_are_counted(context: Context) -> None:
    client = client_of(context, CLAUSEWATCH_WRITES_A_MINUTE="2")
    assert statuses(client, "/export/changes.jsonl", 4) == [200, 200, 200, 429]
    sent = [client.post("/v1/suggestions", json={}).status_code for _ in range(3)]
    assert sent == [422, 422, 429]


def test_a_day_of_patient_writing_is_counted_too(context: Context) -> None:
    client = client_of(context, CLAUSEWATCH_WRITES_A_MINUTE="2")
    limits = client.application.extensions["limiter"]
    (limiter,) = limits
    sent = []
    for _ in range(14):
        limiter.storage.clear(next(iter(k for k in limiter.storage.storage if "/2/1/minute" in k), ""))
        sent.append(client.post("/v1/suggestions", json={}).status_code)
    assert sent == [422] * 12 + [429] * 2


@pytest.mark.parametrize(
    ("proxies", "asked", "same"),
    [
        ("0", ["198.51.100.1", "198.51.100.2", "198.51.100.3", "198.51.100.4"], True),
        ("1", ["198.51.100.1", "198.51.100.2", "198.51.100.3", "198.51.100.4"], False),
        ("1", ["6.6.6.1, 198.51.100.1", "6.6.6.2, 198.51.100.1", "198.51.100.1", "6.6.6.4,198.51.100.1"], True),
        (
            "2",
            ["198.51.100.1, 10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1,10.0.0.3", "198.51.100.1,10.0.0.4"],
            True,
        ),
        ("1", ["2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:3::", "2001:db8:1:2:ffff::9"], True),
        ("1", ["2001:db8:1:1::1", "2001:db8:1:2::1", "2001:db8:1:3::1", "2001:db8:1:4::1"], False),
        ("1", ["<script>", "nobody", "unknown", "1.2.3.4:5"], True),
    ],
)
def test_whom_a_proxy_tells_is_believed_only_when_it_is_ours(
    context: Context, proxies: str, asked: list[str], same: bool
) -> None:
    client = client_of(context, CLAUSEWATCH_TRUSTED_PROXIES=proxies)
    told = [statuses(client, SEARCH, 1, X_Forwarded_For=address)[0] for address in asked]
    assert told == [200, 200, 200, 429 if same else 200]


def test_limits_can_be_switched_off(context: Context) -> None:
    client = client_of(context, CLAUSEWATCH_READS_A_MINUTE="0", CLAUSEWATCH_WRITES_A_MINUTE="0")
    assert set(statuses(client, SEARCH, 6)) == {200}
    assert {client.post("/v1/suggestions", json={}).status_code for _ in range(12)} == {422}
