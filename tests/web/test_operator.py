"""The operator's pages: who gets in, that nothing works without a token, and that each button does what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from rq import Queue, SimpleWorker
from sqlalchemy import Engine, func, select

from server import settings
from server.core.passwords import hash_of
from server.queues import QUEUES
from server.store import changes, chats, follows, operators, outbox, sources, suggestions
from server.store.tables import ChangeRow
from server.store.tables_operation import OperatorSessionRow
from server.store.tables_people import DeliveryRow, NoticeRow
from server.web.app import create_app
from server.web.context import Context
from tests.web.conftest import NoQueue, a_story

PASSWORD = "a long and honest password"
PAGES = ["", "/review", "/sources", "/suggestions", "/broadcast", "/queue", "/audit"]
FORMS = ["/logout", "/review/1", "/sources", "/suggestions", "/broadcast", "/broadcast/1", "/queue"]
HTML = {"Accept": "text/html"}


class Jobs(NoQueue):
    """Remembers what was queued."""

    def __init__(self) -> None:
        self.queued: list[str] = []

    def enqueue(self, job: str, *args: str | int) -> None:
        """Takes a job."""
        self.queued.append(job)


@pytest.fixture
def here(engine: Engine, redis: Redis) -> Context:
    """A story with a change in it, a follower, and a password."""
    made = a_story(engine)
    config = settings.read({"CLAUSEWATCH_OPERATOR_PASSWORD": PASSWORD, "SECRET_KEY": "k" * 20})
    with made.write() as session:
        chats.ensure(session, 5, "private", "en", made.clock.now())
    return replace(made, settings=config, queue=Jobs(), redis=redis)


@pytest.fixture
def app(here: Context) -> Flask:
    """Its application."""
    return create_app(here)


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """A browser that has not logged in."""
    return app.test_client()


@pytest.fixture
def operator(app: Flask) -> Iterator[FlaskClient]:
    """A browser that has."""
    client = app.test_client()
    assert send(client, "/login", "/login", password=PASSWORD).status_code == 303
    yield client


def token(client: FlaskClient, page: str) -> str:
    """The token that the page's forms hold."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(f"/operator{page}", headers=HTML).text)
    assert found, page
    return found[1]


def send(client: FlaskClient, page: str, form: str, **fields: Any) -> Any:
    """What the form on that page answers."""
    return client.post(f"/operator{form}", data={"csrf_token": token(client, page), **fields}, headers=HTML)


def said(client: FlaskClient, answer: Any) -> str:
    """What the page says after a form."""
    assert answer.status_code == 303, answer.text
    found = re.search(r'class="done" role="status">([^<]+)<', client.get(answer.headers["Location"], headers=HTML).text)
    assert found
    return found[1]


@pytest.mark.parametrize("path", [*PAGES, "/login"])
def test_without_a_password_there_are_no_such_pages(here: Context, path: str) -> None:
    bare = create_app(replace(here, settings=settings.read({"SECRET_KEY": "k"}))).test_client()
    assert bare.get(f"/operator{path}").status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_sees_the_log_in_and_nothing_else(stranger: FlaskClient, path: str) -> None:
    answer = stranger.get(f"/operator{path}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/operator/login")


@pytest.mark.parametrize("form", FORMS)
def test_a_stranger_s_form_does_nothing(stranger: FlaskClient, here: Context, form: str) -> None:
    answer = send(stranger, "/login", form, verb="withdraw", key="page:soundcloud/terms", text="words")
    assert answer.headers["Location"] == "/operator/login"
    with here.read() as session:
        assert changes.get(session, 1).state == changes.PUBLISHED  # type: ignore[union-attr]
        assert operators.audit(session) == []


@pytest.mark.parametrize("form", FORMS)
def test_a_forged_form_does_nothing(operator: FlaskClient, here: Context, form: str) -> None:
    answer = operator.post(f"/operator{form}", data={"verb": "withdraw", "csrf_token": "forged"}, headers=HTML)
    assert answer.status_code == 400
    with here.read() as session:
        assert changes.get(session, 1).state == changes.PUBLISHED  # type: ignore[union-attr]
        assert [row.action for row in operators.audit(session)] == ["log-in"]


@pytest.mark.parametrize("given", ["", "a long and honest passwor", PASSWORD + " ", PASSWORD.upper()])
def test_a_wrong_password_is_refused(stranger: FlaskClient, here: Context, given: str) -> None:
    answer = send(stranger, "/login", "/login", password=given)
    assert answer.status_code == 403 and "operator=" not in str(answer.headers.get_all("Set-Cookie"))
    assert stranger.get("/operator").status_code == 303


def test_a_hash_may_stand_for_the_password(here: Context) -> None:
    hashed = settings.read({"CLAUSEWATCH_OPERATOR_PASSWORD": hash_of(PASSWORD), "SECRET_KEY": "k"})
    client = create_app(replace(here, settings=hashed)).test_client()
    assert send(client, "/login", "/login", password=hashed.operator_password).status_code == 403
    assert send(client, "/login", "/login", password=PASSWORD).status_code == 303


@pytest.mark.parametrize("value", ["short", "scrypt:", "scrypt:bm90IHdob2xl"])
def test_a_weak_password_stops_the_start(value: str) -> None:
    with pytest.raises(settings.SettingsError, match="CLAUSEWATCH_OPERATOR_PASSWORD") as caught:
        settings.read({"CLAUSEWATCH_OPERATOR_PASSWORD": value})
    assert value not in str(caught.value).replace("scrypt:", "") or value == "scrypt:"


def test_guessing_is_limited(here: Context) -> None:
    slow = replace(here, settings=replace(here.settings, writes_a_minute=3))
    client = create_app(slow).test_client()
    key = token(client, "/login")
    answers = [client.post("/operator/login", data={"csrf_token": key, "password": "guess"}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [403, 403, 403, 429, 429]


def test_the_cookie_is_not_for_scripts_nor_for_other_sites(stranger: FlaskClient, here: Context) -> None:
    answer = send(stranger, "/login", "/login", password=PASSWORD)
    (cookie,) = [text for text in answer.headers.get_all("Set-Cookie") if text.startswith("operator=")]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
    secure = replace(here, settings=replace(here.settings, public_url="https://watch.example"))
    client = create_app(secure).test_client()
    page = client.get("/operator/login", base_url="https://watch.example")
    key = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]  # type: ignore[index]
    form = {"csrf_token": key, "password": PASSWORD}
    answer = client.post("/operator/login", data=form, base_url="https://watch.example")
    (cookie,) = [text for text in answer.headers.get_all("Set-Cookie") if "operator=" in text]
    assert cookie.startswith("__Host-operator=") and "Secure" in cookie and "Path=/;" in cookie


def test_only_a_hash_of_the_session_is_stored_and_it_ends(operator: FlaskClient, here: Context, app: Flask) -> None:
    cookie = operator.get_cookie("operator")
    assert cookie is not None
    with here.read() as session:
        stored = session.scalar(select(OperatorSessionRow.hash))
    assert stored and cookie.value not in stored and len(stored) == 64
    send(operator, "", "/logout")
    again = app.test_client()
    again.set_cookie("operator", cookie.value)
    assert again.get("/operator").status_code == 303, "a stolen cookie is worth nothing after the log-out"


def test_a_session_is_over_after_its_time_and_after_a_new_password(operator: FlaskClient, here: Context) -> None:
    assert operator.get("/operator").status_code == 200
    other = replace(here, settings=replace(here.settings, operator_password="quite another password"))
    client, cookie = create_app(other).test_client(), operator.get_cookie("operator")
    assert cookie is not None
    client.set_cookie("operator", cookie.value)
    assert client.get("/operator").status_code == 303
    with here.write() as session:
        row = session.scalars(select(OperatorSessionRow)).one()
        row.expires_at = row.created_at
    assert operator.get("/operator").status_code == 303


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_kept_by_nobody_and_found_by_no_search(operator: FlaskClient, path: str) -> None:
    answer = operator.get(f"/operator{path}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.text and "<script" not in answer.text


def test_a_change_is_corrected_and_withdrawn(operator: FlaskClient, here: Context) -> None:
    assert "soundcloud" in operator.get("/operator/review").text.lower()
    told = said(operator, send(operator, "/review", "/review/1", verb="correct", field="training", stance="opt_out"))
    assert told.startswith("Change 1: training now reads opt_out")
    told = said(operator, send(operator, "/review", "/review/1", verb="withdraw", words="we misread it"))
    assert told.startswith("Change 1 is withdrawn")
    with here.read() as session:
        assert session.get_one(ChangeRow, 1).state == changes.WITHDRAWN
        assert [row.action for row in operators.audit(session)] == ["review withdraw", "review correct", "log-in"]
    assert here.queue.queued.count("bot.tasks.deliver") == 2  # type: ignore[attr-defined]


def test_a_held_change_is_published_and_told(operator: FlaskClient, here: Context) -> None:
    with here.write() as session:
        session.get_one(ChangeRow, 1).state = changes.HELD
        follows.add(session, 5, 0, "platform:soundcloud", here.clock.now())
    told = said(operator, send(operator, "/review", "/review/1", verb="approve"))
    assert told == "Change 1 is published; 1 notices are queued."


@pytest.mark.parametrize(("change", "verb"), [(99, "withdraw"), (1, ""), (1, "delete")])
def test_what_cannot_be_done_is_said_only(operator: FlaskClient, here: Context, change: int, verb: str) -> None:
    assert "Change 1 is" not in said(operator, send(operator, "/review", f"/review/{change}", verb=verb))
    with here.read() as session:
        assert [row.action for row in operators.audit(session)] == ["log-in"]


def test_a_broken_source_is_tried_now(operator: FlaskClient, here: Context) -> None:
    with here.write() as session:
        row = sources.find(session, "page:soundcloud/terms")
        assert row is not None
        row.broken_since, row.cause = here.clock.now(), "<b>gone</b>"
    page = operator.get("/operator/sources").text
    assert "&lt;b&gt;gone" in page and "<b>gone" not in page
    assert "is due now" in said(operator, send(operator, "/sources", "/sources", key="page:soundcloud/terms"))
    with here.read() as session:
        assert sources.find(session, "page:soundcloud/terms").next_check_at == here.clock.now()  # type: ignore[union-attr]
    assert "server.tasks.poll_due" in here.queue.queued  # type: ignore[attr-defined]
    assert "There is no source" in said(operator, send(operator, "/sources", "/sources", key="page:none"))


def test_suggestions_are_accepted_or_refused(operator: FlaskClient, here: Context) -> None:
    with here.write() as session:
        for name in ("newtunes.com", "oldtunes.com"):
            suggestions.add(session, name, here.clock.now())
    for name, verdict in (("newtunes.com", "accepted"), ("oldtunes.com", "refused")):
        answer = send(operator, "/suggestions", "/suggestions", name=name, verdict=verdict)
        assert said(operator, answer) == f"{name} is {verdict}."
    with here.write() as session:
        suggestions.add(session, "oldtunes.com", here.clock.now())
    page = operator.get("/operator/suggestions").text
    assert "Accepted, not in the catalogue yet" in page and "newtunes.com" in page and "oldtunes.com" not in page


def test_a_broadcast_is_a_dry_run_until_it_is_sent(operator: FlaskClient, here: Context, stranger: FlaskClient) -> None:
    told = said(operator, send(operator, "/broadcast", "/broadcast", text="Hello <i>all</i>"))
    number = int(re.search(r"№ (\d+)", told)[1])  # type: ignore[index]
    assert "Send to 1 chat<" in operator.get("/operator/broadcast").text
    assert "Hello" not in stranger.get("/outbox").text, "a draft is not public"
    with here.read() as session:
        assert session.scalar(select(func.count()).select_from(DeliveryRow)) == 0
    assert "queued for 1 chats" in said(operator, send(operator, "/broadcast", f"/broadcast/{number}", verb="send"))
    again = said(operator, send(operator, "/broadcast", f"/broadcast/{number}", verb="send"))
    assert again == "That was sent or forgotten already."
    with here.read() as session:
        assert outbox.count(session, number) == 1


def test_a_draft_is_forgotten(operator: FlaskClient, here: Context) -> None:
    told = said(operator, send(operator, "/broadcast", "/broadcast", text="Never mind"))
    number = re.search(r"№ (\d+)", told)[1]  # type: ignore[index]
    assert "forgotten" in said(operator, send(operator, "/broadcast", f"/broadcast/{number}", verb="forget"))
    with here.read() as session:
        assert session.scalars(select(NoticeRow).where(NoticeRow.kind == "broadcast")).all() == []


@pytest.mark.parametrize("text", ["", "x" * 3501])
def test_words_that_do_not_fit_are_refused(operator: FlaskClient, text: str) -> None:
    assert "Write 1 to" in said(operator, send(operator, "/broadcast", "/broadcast", text=text))


@pytest.mark.parametrize(("verb", "left"), [("retry", 1), ("forget", 0)])
def test_a_failed_job_is_shown_and_dealt_with(operator: FlaskClient, redis: Redis, verb: str, left: int) -> None:
    queue = Queue(QUEUES[0], connection=redis)
    job = queue.enqueue("math.sqrt", "<b>")
    SimpleWorker([queue], connection=redis).work(burst=True, logging_level="CRITICAL")
    page = operator.get("/operator/queue").text
    assert "math.sqrt" in page and "must be real number" in page
    send(operator, "/queue", "/queue", job=job.id, verb=verb)
    assert (queue.count, len(queue.failed_job_registry)) == (left, 0)


def test_the_queue_page_lives_without_redis(here: Context) -> None:
    client = create_app(replace(here, redis=Redis(port=1))).test_client()
    send(client, "/login", "/login", password=PASSWORD)
    assert "Redis does not answer" in client.get("/operator/queue").text
