"""A web application on a small database with one change in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server import settings
from server.core.model import CaptureKind, Document
from server.flows import keep
from server.flows.keep import Rules, Shown
from server.store import captures, schema, session, sources
from server.web.app import create_app
from server.web.context import Context
from tests import shipped
from tests.conftest import fresh_database
from tests.fakes import FakeClock

BEFORE = "# Terms\n\n" + "You keep all rights in what you upload. We store and play it to listeners. " * 12
AFTER = BEFORE + "\n\nYou agree that your uploads may be used to train artificial intelligence.\n"
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)


class NoQueue:
    """Takes jobs and forgets them."""

    def enqueue(self, job: str, *args: str | int) -> None:
        """Nothing runs here."""

    def waiting(self) -> dict[str, int]:
        """Nothing waits here."""
        return {"poll": 0, "deliver": 0}


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def story_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A migrated database that tests only read, once for each kind of database and test process."""
    if request.param == "sqlite":
        addresses = iter([f"sqlite:///{tmp_path_factory.mktemp('story') / 'test.db'}"])
    else:
        addresses = fresh_database(request.getfixturevalue("postgres_cluster"))
    for address in addresses:
        engine = session.open_engine(address)
        schema.migrate(engine)
        yield engine
        engine.dispose()


@pytest.fixture(scope="session")
def context(story_engine: Engine) -> Context:
    """SoundCloud's terms turned from silent to permitting on 2024-02-12, confirmed a day later."""
    return a_story(story_engine)


def a_story(engine: Engine) -> Context:
    """Fills an empty database with the story; the context answers from it on 2024-03-01."""
    loaded = shipped.platforms()
    clock = FakeClock(datetime(2024, 3, 1, tzinfo=UTC))
    write = session.transactions(engine)
    document = loaded.document("soundcloud/terms")
    for day, wording in ((0, BEFORE), (42, AFTER), (44, AFTER)):
        at = BEGIN + timedelta(days=day)
        with write() as opened:
            see(opened, document, wording, at)
            row = sources.ensure(
                opened, "page:soundcloud/terms", family="page", platform="soundcloud", url=document.urls[0], now=at
            )
            sources.note_success(row, clock.now() - timedelta(hours=2), timedelta(hours=6))
    config = settings.read(
        {"CLAUSEWATCH_PUBLIC_URL": "https://watch.example", "TELEGRAM_BOT_USERNAME": "watch_bot", "SECRET_KEY": "story"}
    )
    return Context(config, loaded, clock, session.snapshots(engine), write, NoQueue())


def see(opened: Session, document: Document, wording: str, at: datetime) -> None:
    """Keeps a look at a document that found this wording."""
    capture = captures.add(
        opened,
        document=document.key,
        source="live",
        url=document.urls[0],
        fetched_at=at,
        captured_at=at,
        status=200,
        media_type="text/markdown",
        headers=[("Content-Type", "text/markdown")],
        data=wording.encode(),
    )
    keep.keep_text(opened, document, capture, Shown(CaptureKind.POLICY, text=wording), Rules(), at)


@pytest.fixture(scope="session")
def app(context: Context) -> Flask:
    """The application."""
    return create_app(context)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client without a network."""
    return app.test_client()


def json_of(answer: Any) -> Any:
    """The JSON of an answer that must be a success."""
    assert answer.status_code == 200, answer.text
    return answer.json
