"""The fast look-up: Flask's very bytes and headers, without Flask, never older than what changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from werkzeug.test import Client

from server.store import session, sources
from server.store.tables import ChangeRow
from server.web.app import create_app
from server.web.context import Context
from server.web.hot import Hot
from server.web.request_id import RequestId
from tests import databases
from tests.web.conftest import a_story

NOW = datetime(2024, 3, 1, tzinfo=UTC)
LOOKUP = "/v1/lookup?host=soundcloud.com"


class Rig:
    """A server with the fast look-up, one without, and what reaches Flask and the database."""

    def __init__(self, engine: Engine, context: Context) -> None:
        self.context, self.timer = context, 100.0
        self.flask_calls: list[str] = []
        self.statements: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda *args: self.statements.append(args[2]))
        inner = create_app(context)

        def counted(environ: Any, start_response: Any) -> Any:
            self.flask_calls.append(environ["PATH_INFO"])
            return inner.wsgi_app(environ, start_response)

        self.hot = Client(Hot(counted, context, lambda: self.timer))
        self.plain = Client(inner)

    def later(self, seconds: float = 1.1) -> None:
        """Time goes by for the look at the stamps."""
        self.timer += seconds

    def forget_counts(self) -> None:
        """Counts from here."""
        self.flask_calls.clear()
        self.statements.clear()


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """The story, writable."""
    engine = session.open_engine(databases.sqlite(tmp_path / "hot.db"))
    yield Rig(engine, a_story(engine))
    engine.dispose()


def lasting(answer: Any) -> list[tuple[str, str]]:
    """Headers but for the date, which the server writes."""
    return sorted((name, value) for name, value in answer.headers if name != "Date")


@pytest.mark.parametrize("path", [LOOKUP, "/v1/hosts", "/v1/lookup?host=m.soundcloud.com"])
def test_a_kept_answer_is_flasks_own(rig: Rig, path: str) -> None:
    expected = rig.plain.get(path)
    rig.hot.get(path)
    rig.forget_counts()
    found = rig.hot.get(path)
    assert (found.status, found.data, lasting(found)) == (expected.status, expected.data, lasting(expected))
    assert (rig.flask_calls, rig.statements) == ([], [])


def test_a_kept_answer_names_no_other_request(rig: Rig) -> None:
    hot = Client(Hot(RequestId(create_app(rig.context).wsgi_app), rig.context, lambda: rig.timer))
    assert "X-Request-ID" in hot.get(LOOKUP).headers
    assert "X-Request-ID" not in hot.get(LOOKUP).headers


@pytest.mark.parametrize("path", [LOOKUP, "/v1/hosts"])
@pytest.mark.parametrize("first", [True, False], ids=["cold", "warm"])
def test_a_304_is_flasks_own(rig: Rig, path: str, first: bool) -> None:
    etag = {"If-None-Match": rig.plain.get(path).headers["ETag"]}
    expected = rig.plain.get(path, headers=etag)
    if not first:
        rig.hot.get(path)
        rig.forget_counts()
    found = rig.hot.get(path, headers=etag)
    assert (found.status_code, found.data, lasting(found)) == (304, b"", lasting(expected))
    assert first or rig.flask_calls == []


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", LOOKUP, {"If-None-Match": "*"}),
        ("GET", LOOKUP, {"If-None-Match": '"a", "b"'}),
        ("GET", LOOKUP, {"If-Match": '"a"'}),
        ("HEAD", LOOKUP, {}),
        ("POST", LOOKUP, {}),
        ("OPTIONS", "/v1/hosts", {}),
        ("GET", "/v1/lookup?host=SoundCloud.com", {}),
        ("GET", "/v1/lookup?host=unwatched.example", {}),
        ("GET", "/v1/lookup?host=soundcloud.com&x=1", {}),
        ("GET", "/v1/lookup?host=soundcloud.com&host=soundcloud.com", {}),
        ("GET", "/v1/lookup", {}),
        ("GET", "/v1/hosts?x=1", {}),
    ],
)
def test_everything_else_is_flasks(rig: Rig, method: str, path: str, headers: dict[str, str]) -> None:
    rig.hot.get(path.split("&")[0])
    expected = rig.plain.open(path, method=method, headers=headers)
    found = rig.hot.open(path, method=method, headers=headers)
    assert (found.status, found.data, lasting(found)) == (expected.status, expected.data, lasting(expected))


def test_an_unknown_host_costs_no_database_query(rig: Rig) -> None:
    rig.hot.get(LOOKUP)
    rig.later()
    rig.forget_counts()
    assert rig.hot.get("/v1/lookup?host=unwatched.example").status_code == 404
    assert rig.statements == []


def test_stamps_are_read_at_most_once_a_second(rig: Rig) -> None:
    rig.hot.get(LOOKUP)
    rig.later()
    rig.forget_counts()
    for _ in range(50):
        rig.hot.get(LOOKUP)
    assert len([line for line in rig.statements if "FROM stamps" in line]) == 1
    assert rig.flask_calls == []


def test_a_change_shows_within_a_second(rig: Rig) -> None:
    rig.hot.get(LOOKUP)
    with rig.context.write() as opened:
        opened.get_one(ChangeRow, 1).quiet = True
    assert rig.hot.get(LOOKUP).json["last_change"]["quiet"] is None
    rig.later()
    assert rig.hot.get(LOOKUP).json["last_change"]["quiet"] is True


def test_a_change_elsewhere_drops_only_the_list(rig: Rig) -> None:
    rig.hot.get(LOOKUP)
    rig.hot.get("/v1/hosts")
    with rig.context.write() as opened:
        source = sources.ensure(opened, "page:bandcamp/terms", family="page", platform="bandcamp", url="x", now=NOW)
        sources.note_success(source, NOW, timedelta(hours=6))
    rig.later()
    rig.forget_counts()
    rig.hot.get(LOOKUP)
    rig.hot.get("/v1/hosts")
    assert rig.flask_calls == ["/v1/hosts"]


def test_time_alone_makes_a_status_stale(rig: Rig) -> None:
    assert rig.hot.get(LOOKUP).json["stale"] is False
    rig.context.clock.move(days=30)  # type: ignore[attr-defined]
    rig.later()
    assert rig.hot.get(LOOKUP).json["stale"] is True


def test_the_list_is_dated_by_the_minute(rig: Rig) -> None:
    first = rig.hot.get("/v1/hosts").json["generated_at"]
    rig.context.clock.move(minutes=1)  # type: ignore[attr-defined]
    rig.later()
    assert rig.hot.get("/v1/hosts").json["generated_at"] != first


def test_what_is_known_is_told_while_the_database_is_away(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    def away() -> Any:
        raise OperationalError("SELECT", {}, Exception("gone"))

    before = rig.hot.get(LOOKUP).data
    rig.hot.application._context = replace(rig.context, read=away)  # type: ignore[union-attr]
    rig.later()
    assert rig.hot.get(LOOKUP).data == before
    assert "stamps cannot be read" in caplog.text
