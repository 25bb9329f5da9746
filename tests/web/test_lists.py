"""Lists of changes: pages that neither lose nor repeat, and filters that let through what they say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from server.store import session
from server.store.tables import ChangeRow
from server.web.app import create_app
from server.web.context import Context
from tests import databases
from tests.web.conftest import a_story, json_of

LEVELS = ("material", "notable", "noise")
KINDS = ("training", "sharing", "wording")
DIRECTIONS = ("worse", "better", "neutral")
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
COUNT = 27


@pytest.fixture(scope="module")
def context_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """27 changes: each level, kind and direction with each other, three a day, of two platforms."""
    engine = session.open_engine(databases.sqlite(tmp_path_factory.mktemp("lists") / "test.db"))
    context = a_story(engine)
    with session.transactions(engine)() as opened:
        first = opened.scalars(select(ChangeRow)).one()
        same = {c.key: getattr(first, c.key) for c in ChangeRow.__table__.columns if c.key != "id"}
        for n in range(COUNT):
            row = first if n == 0 else ChangeRow(**same)
            row.key, row.platform = f"change {n}", ("soundcloud", "bandcamp")[n % 2]
            row.level, row.kind, row.direction = LEVELS[n % 3], KINDS[n // 3 % 3], DIRECTIONS[n // 9]
            row.happened_to = FIRST + timedelta(days=n // 3)
            opened.add(row)
    yield context
    engine.dispose()


@pytest.fixture(scope="module")
def client(context_of: Context) -> FlaskClient:
    """A client of it."""
    return create_app(context_of).test_client()


def pages(client: FlaskClient, query: str, path: str = "/v1/changes") -> list[list[int]]:
    """The ids on each page, by following `next`."""
    found, cursor = [], ""
    for _ in range(100):
        answer = json_of(client.get(f"{path}?{query}{cursor}"))
        found.append([change["id"] for change in answer["changes"]])
        if answer["next"] is None:
            return found
        cursor = f"&cursor={answer['next']}"
    raise AssertionError("the pages do not end")


def everything(client: FlaskClient) -> list[dict[str, str]]:
    """All changes, in the order of the API."""
    return [
        change for level in LEVELS for change in json_of(client.get(f"/v1/changes?limit=200&level={level}"))["changes"]
    ]


@pytest.mark.parametrize("limit", [1, 2, 5, 9, 17, 18, 19, 200])
def test_pages_neither_lose_nor_repeat(client: FlaskClient, limit: int) -> None:
    found = pages(client, f"limit={limit}")
    assert [len(page) for page in found[:-1]] == [limit] * (len(found) - 1)
    assert found[-1]
    flat = [id for page in found for id in page]
    assert len(flat) == len(set(flat)) == 18
    times = {int(change["id"]): change["happened_to"] for change in everything(client)}
    assert flat == sorted(flat, key=lambda id: (times[id], id), reverse=True)


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("level=material", lambda c: c["level"] == "material"),
        ("level=noise", lambda c: c["level"] == "noise"),
        ("kind=training", lambda c: c["kind"] == "training" and c["level"] != "noise"),
        ("direction=better", lambda c: c["direction"] == "better" and c["level"] != "noise"),
        ("since=2024-01-04", lambda c: c["happened_to"] >= "2024-01-04" and c["level"] != "noise"),
        ("until=2024-01-04", lambda c: c["happened_to"] < "2024-01-04" and c["level"] != "noise"),
        (
            "level=material&kind=sharing&direction=worse&since=2024-01-02&until=2024-01-03",
            lambda c: (c["level"], c["kind"], c["direction"]) == ("material", "sharing", "worse"),
        ),
        ("since=2024-02-01", lambda c: False),
    ],
)
def test_a_filter_lets_through_what_it_says(client: FlaskClient, query: str, fits: object) -> None:
    assert callable(fits)
    wanted = {int(change["id"]) for change in everything(client) if fits(change)}
    assert {id for page in pages(client, f"limit=4&{query}") for id in page} == wanted


@pytest.mark.parametrize("form", ["atom", "json"])
def test_what_an_archive_told_is_history_and_no_news(client: FlaskClient, context_of: Context, form: str) -> None:
    def told() -> tuple[int, int]:
        entries = client.get(f"/feeds/levels/material.{form}").text.count("https://watch.example/changes/")
        return entries, len(json_of(client.get("/v1/changes?level=material"))["changes"])

    before = told()
    with context_of.write() as opened:
        newest = opened.scalars(select(ChangeRow).where(ChangeRow.level == "material").limit(1)).one()
        newest.origin = "backfill"
    try:
        after = told()
        assert after[0] < before[0] and after[1] == before[1]
    finally:
        with context_of.write() as opened:
            opened.get_one(ChangeRow, newest.id).origin = "live"


def test_a_platform_lists_its_own(client: FlaskClient) -> None:
    wanted = {int(c["id"]) for c in everything(client) if c["platform"] == "bandcamp" and c["level"] != "noise"}
    assert {id for page in pages(client, "limit=3", "/v1/platforms/bandcamp/changes") for id in page} == wanted


@pytest.mark.parametrize("day", ["0", "20240101", "2024-1-1", "2024-13-01", "2024-01-01T00:00:00", "٢٠٢٤-٠١-٠١"])
def test_a_day_is_written_out(client: FlaskClient, day: str) -> None:
    assert client.get("/v1/changes", query_string={"since": day}).status_code == 422
