"""The webhook: proven to be Telegram, stored first, answered 200, handled once by a worker."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.serving import make_server

from bot import inbox
from server import queues
from server.core.secrets import webhook_secret
from server.store import updates
from server.web.app import create_app
from server.web.context import Context
from server.wiring import Service
from tests import databases
from tests.bot.conftest import service
from tests.botapi.faults import Fault
from tests.botapi.server import TOKEN, BotApi

FIELDS = [
    *("update_id", "message", "edited_message", "channel_post", "callback_query", "inline_query", "my_chat_member"),
    *("chat", "from", "id", "type", "text", "entities", "data", "message_id", "date", "query", "offset", "length"),
]
"""What updates are made of."""


class Jobs:
    """Remembers jobs, as Redis does."""

    def __init__(self) -> None:
        self.queued: list[str] = []

    def enqueue(self, job: str, *args: str | int) -> None:
        """Queues a job."""
        self.queued.append(job)


@pytest.fixture
def here(api: BotApi, tmp_path: Path, database_url: str) -> Iterator[Service]:
    """A service with a webhook, on both databases."""
    more = {"CLAUSEWATCH_WEBHOOK": "1", "CLAUSEWATCH_PUBLIC_URL": "https://watch.example"}
    here = service(api, database_url, tmp_path, **more)
    yield here
    here.engine.dispose()


@pytest.fixture
def jobs() -> Jobs:
    """What the web process has queued."""
    return Jobs()


@pytest.fixture
def web(here: Service, api: BotApi, jobs: Jobs) -> Iterator[str]:
    """The web process, with the webhook set at `api`."""
    context = Context(here.settings, here.catalogue, here.clock, here.read, here.write, jobs)
    server = make_server("127.0.0.1", 0, create_app(context), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/telegram/webhook"
    api.world.setWebhook(url=url, secret_token=webhook_secret(TOKEN))
    yield url
    api.world.deleteWebhook()
    server.shutdown()


def test_a_conversation_by_webhook(here: Service, api: BotApi, web: str, jobs: Jobs) -> None:
    api.say(7, "/start soundcloud")
    api.wait_for(lambda: jobs.queued == [queues.HANDLE_UPDATES])
    api.wait_for(lambda: api.webhook_statuses == [200])
    assert api.texts(7) == []
    assert not inbox.handle_for_a_while(here, time.monotonic() + 4)
    assert api.texts(7)[0].startswith("SoundCloud")
    api.press(7, "Follow")
    api.wait_for(lambda: len(jobs.queued) == 2)
    inbox.handle_for_a_while(here, time.monotonic() + 4)
    assert "You now follow SoundCloud." in api.texts(7)[1]


def test_a_repeated_update_is_handled_once(here: Service, api: BotApi, web: str, jobs: Jobs) -> None:
    update = {"update_id": 5, "message": api.world.message(7, "/help")}
    secret = webhook_secret(TOKEN)
    assert [api.post_webhook(update, secret) for _ in range(3)] == [200, 200, 200]
    inbox.handle_for_a_while(here, time.monotonic() + 4)
    assert api.post_webhook(update, secret) == 200
    inbox.handle_for_a_while(here, time.monotonic() + 4)
    assert len(api.texts(7)) == 1 and len(jobs.queued) == 1


@pytest.mark.parametrize("secret", ["", "wrong", webhook_secret(TOKEN)[:-1], "ü"])
def test_without_the_secret_nothing_is_taken(here: Service, api: BotApi, web: str, secret: str) -> None:
    assert api.post_webhook({"update_id": 5}, secret.encode().decode("latin-1")) == 403
    with here.read() as session:
        assert updates.waiting(session, 1) == []


@pytest.mark.parametrize(
    "body", [{}, {"update_id": "5"}, {"update_id": -1}, {"update_id": True}, {"update_id": 2**63}, []]
)
def test_what_is_no_update_is_refused(api: BotApi, web: str, body: object) -> None:
    assert api.post_webhook(body, webhook_secret(TOKEN)) == 400  # type: ignore[arg-type]


def test_an_update_of_a_kind_that_we_do_not_know_is_done_with(here: Service, api: BotApi, web: str) -> None:
    assert api.post_webhook({"update_id": 5, "novelty": {"a": 1}}, webhook_secret(TOKEN)) == 200
    inbox.handle_for_a_while(here, time.monotonic() + 4)
    assert not inbox.is_waiting(here)


_JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6),
    max_leaves=12,
)
_UPDATES = st.dictionaries(st.sampled_from(FIELDS), _JUNK, max_size=6)


@settings(max_examples=15, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_UPDATES, min_size=1, max_size=4))
def test_whatever_comes_is_taken_or_refused_and_holds_up_nothing(
    here: Service, api: BotApi, web: str, bodies: list[dict[str, object]]
) -> None:
    for number, body in enumerate(bodies):
        told = {"update_id": time.monotonic_ns() % 2**40 + number} | body
        assert api.post_webhook(told, webhook_secret(TOKEN)) in (200, 400)
    inbox.handle_for_a_while(here, time.monotonic() + 4)
    assert not inbox.is_waiting(here)


def test_an_answer_that_fails_is_tried_again(here: Service, api: BotApi, web: str) -> None:
    api.fail(Fault("500", times=1))
    api.say(7, "/help")
    api.wait_for(lambda: inbox.is_waiting(here))
    while inbox.handle_for_a_while(here, time.monotonic() + 4):
        pass
    assert len(api.texts(7)) == 1


def test_without_the_setting_there_is_no_webhook(api: BotApi, tmp_path: Path, jobs: Jobs) -> None:
    here = service(api, databases.sqlite(tmp_path / "x.db"), tmp_path)
    context = Context(here.settings, here.catalogue, here.clock, here.read, here.write, jobs)
    answer = create_app(context).test_client().post("/telegram/webhook", json={"update_id": 1})
    assert answer.status_code == 404
