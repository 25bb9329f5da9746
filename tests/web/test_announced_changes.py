"""What is told of a change that is not in force yet, of feeds that are not there, of broken promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.catalogue import Catalogue
from server.core.model import Platform
from server.core.signals import Settled, Signal, Use, Verdict
from server.store import session, signals
from server.store.tables import ChangeRow, SignalChangeRow
from server.web.app import create_app
from server.web.context import Context
from tests import databases
from tests.web.conftest import a_story, json_of


@pytest.fixture
def story(tmp_path: Path) -> Context:
    """The story on a database that a test may change."""
    engine = session.open_engine(databases.sqlite(tmp_path / "own.db"))
    return a_story(engine)


def with_platform(story: Context, **changed: object) -> Context:
    """The same, where SoundCloud is otherwise in the catalogue."""
    named: Platform = replace(story.catalogue.platform("soundcloud"), **changed)  # type: ignore[arg-type]
    platforms = dict(story.catalogue.platforms) | {"soundcloud": named}
    return replace(story, catalogue=Catalogue(platforms, story.catalogue.hosts, story.catalogue.news_feeds))


def set_change(story: Context, **values: object) -> None:
    """Changes the one change."""
    with story.write() as opened:
        row = opened.query(ChangeRow).one()
        for name, value in values.items():
            setattr(row, name, value)


@pytest.mark.parametrize(
    ("days", "said"), [(12, "takes effect in 12 days"), (1, "takes effect in 1 day"), (0, ""), (-3, "")]
)
def test_a_change_that_is_not_in_force_yet_counts_the_days(story: Context, days: int, said: str) -> None:
    set_change(story, effective=(story.clock.now() + timedelta(days=days)).date().isoformat())
    client = create_app(story).test_client()
    page = client.get("/changes/1").text
    assert (f"<strong>{said}</strong>" in page) if said else "takes effect in" not in page
    assert json_of(client.get("/v1/changes/1"))["days_left"] == (days if days > 0 else None)


@pytest.mark.parametrize("path", ["/changes/1", "/feeds/all.atom", "/feeds/all.json"])
@pytest.mark.parametrize(
    ("quiet", "feeds", "days", "said"),
    [
        pytest.param(None, True, 5, "It is too early to say", id="it may still be announced"),
        pytest.param(None, False, 5, "Not known: no feed of this platform is read", id="nothing to hear it from"),
        pytest.param(None, True, 90, "no feed of this platform was read at the time", id="long before we listened"),
        pytest.param(True, True, 90, "Quiet: no announcement was found", id="we listened, and nobody told"),
        pytest.param(False, False, 90, "It was announced", id="the press told"),
    ],
)
def test_quiet_is_said_only_of_what_was_listened_for(
    story: Context, path: str, quiet: bool | None, feeds: bool, days: int, said: str
) -> None:
    set_change(story, quiet=quiet, happened_to=story.clock.now() - timedelta(days=days))
    kept = story.catalogue.platform("soundcloud").feeds
    assert kept, "SoundCloud has feeds in the catalogue"
    answer = create_app(with_platform(story, feeds=kept if feeds else ())).test_client().get(path)
    told = [one for one in ("too early", "Not known", "Quiet:", "It was announced") if one in answer.text]
    assert said in answer.text
    assert len(told) == 1


@pytest.mark.parametrize(("verdict", "broken"), [(Verdict.SILENT, True), (Verdict.RESERVED, False)])
def test_a_promised_tag_that_is_missing_is_told(story: Context, verdict: Verdict, broken: bool) -> None:
    track = "https://soundcloud.com/somebody/some-track"
    found = Settled((Signal("noai", Use.AI_TRAIN, verdict, "", 0, track),))
    with story.write() as opened:
        signals.save(opened, "soundcloud", None, found, story.clock.now())
    told = with_platform(story, promised_signals=("noai",), sample_page=track)
    client = create_app(told).test_client()
    answer = json_of(client.get("/v1/lookup?host=soundcloud.com"))
    assert [(one["family"], one["page"]) for one in answer["broken_promises"]] == [("noai", track)] * broken
    assert ("A promise not kept" in client.get("/platforms/soundcloud").text) is broken


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (
            datetime(2023, 8, 1, tzinfo=UTC),
            "between 1 August 2023 and 20 August 2023: robots: GPTBot silent → reserved",
        ),
        (None, "20 August 2023: robots silent → reserved"),
    ],
)
def test_a_turn_of_signals_that_an_archive_shows_lies_between_two_days(
    story: Context, since: datetime | None, said: str
) -> None:
    turned = {"family": "robots", "before": "silent", "after": "reserved", "evidence": "GPTBot silent → reserved"}
    at = datetime(2023, 8, 20, tzinfo=UTC)
    with story.write() as opened:
        opened.add(SignalChangeRow(platform="soundcloud", since=since, at=at, **turned))
    page = create_app(story).test_client().get("/platforms/soundcloud").text
    assert f">{said}<" in page


@pytest.mark.parametrize(("state", "says"), [("withdrawn", "Change 1 is withdrawn"), ("held", "There is no change 1.")])
def test_a_link_to_a_change_that_was_taken_back_says_so(story: Context, state: str, says: str) -> None:
    set_change(story, state=state)
    client = create_app(story).test_client()
    for path in ("/changes/1", "/v1/changes/1"):
        answer = client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 404 and says in answer.text
        assert "train artificial intelligence" not in answer.text
