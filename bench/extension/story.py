"""The web process on the small story of the tests: `gunicorn "bench.extension.story:app('FOLDER')"`."""

from __future__ import annotations

from server.store import schema, session
from server.web.app import create_app
from server.web.hot import Hot
from tests.web.conftest import a_story


def app(folder: str) -> Hot:
    """The application as in production, kept answers before Flask, with its database in `folder`."""
    engine = session.open_engine(f"sqlite:///{folder}/story.db")
    schema.migrate(engine)
    context = a_story(engine)
    return Hot(create_app(context).wsgi_app, context)
