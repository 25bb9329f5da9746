"""As on a platform: every process of the Procfile on its own, PostgreSQL, a Redis with a password, SIGTERM at will."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import fresh_database
from tests.e2e.platform import Tunery, Valkey, tunery

pytestmark = pytest.mark.e2e
ALL = ("web", "worker", "clock", "bot")


@pytest.fixture
def story(postgres_cluster: str, tmp_path: Path) -> Iterator[Tunery]:
    """Tunery, watched on PostgreSQL and a Redis of its own."""
    for address in fresh_database(postgres_cluster):
        url = address.replace("postgresql+psycopg://", "postgres://")
        with Valkey(tmp_path) as valkey, tunery(tmp_path, DATABASE_URL=url, REDIS_URL=valkey.url) as made:
            yield made


def test_processes_end_on_sigterm_and_nothing_is_lost(story: Tunery) -> None:
    story.platform.up(*ALL)
    story.follow()
    story.look()
    story.site.show("terms-after.md")
    story.look(hours=12)
    assert story.platform.term() == dict.fromkeys(ALL, 0), story.platform.log()[-3000:]

    story.platform.up(*ALL)
    story.look(hours=25)
    assert story.platform.lookup("tunery.example")["badge"]["state"] == "permits"
    story.hear()
    assert story.platform.term() == dict.fromkeys(ALL, 0), story.platform.log()[-3000:]

    story.platform.up(*ALL)
    story.stay_silent()
    assert "Traceback" not in story.platform.log(), story.platform.log()[-4000:]
