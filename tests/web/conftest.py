"""A web application on a small database with one change in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from server import catalogue, settings
from server.core.model import CaptureKind
from server.flows import keep
from server.flows.keep import Rules, Shown
from server.store import captures, session, sources
from server.web.app import create_app
from server.web.context import Context
from tests.fakes import FakeClock

BEFORE = "# Terms\n\n" + "You keep all rights in what you upload. We store and play it to listeners. " * 12
AFTER = BEFORE + "\n\nYou agree that your uploads may be used to train artificial intelligence.\n"
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)


class NoQueue:
    """Takes jobs and forgets them."""

    def enqueue(self, job: str, *args: str | int) -> None:
        """Nothing runs here."""


@pytest.fixture
def context(engine: Engine) -> Context:
    """The story of one quiet change, on both databases."""
    return a_story(engine)


def a_story(engine: Engine) -> Context:
    """SoundCloud's terms turned from silent to permitting on 2024-02-12, confirmed a day later."""
    loaded = catalogue.load()
    clock = FakeClock(datetime(2024, 3, 1, tzinfo=UTC))
    write = session.transactions(engine)
    document = loaded.document("soundcloud/terms")
    for day, text in ((0, BEFORE), (42, AFTER), (44, AFTER)):
        at = BEGIN + timedelta(days=day)
        with write() as opened:
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
                data=text.encode(),
            )
            keep.keep_text(opened, document, capture, Shown(CaptureKind.POLICY, text=text), Rules(), at)
            row = sources.ensure(
                opened, "page:soundcloud/terms", family="page", platform="soundcloud", url=document.urls[0], now=at
            )
            sources.note_success(row, clock.now() - timedelta(hours=2), timedelta(hours=6))
    config = settings.read({"CLAUSEWATCH_PUBLIC_URL": "https://watch.example", "TELEGRAM_BOT_USERNAME": "watch_bot"})
    return Context(config, loaded, clock, session.snapshots(engine), write, NoQueue())


@pytest.fixture
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
