"""/metrics: what Prometheus reads, and that it names nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis

from server import counters
from server.store import heartbeats
from server.store.session import Transaction
from server.web.app import create_app
from server.web.context import Context


def read(client: FlaskClient) -> dict[tuple[str, ...], float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    families = text_string_to_metric_families(answer.text)
    return {(s.name, *(v for _, v in sorted(s.labels.items()))): s.value for f in families for s in f.samples}


def test_the_story_in_numbers(client: FlaskClient) -> None:
    found = read(client)
    assert found["clausewatch_sources", "page", "ok"] == 1
    assert found["clausewatch_source_age_seconds", "page", "oldest"] == 2 * 3600
    assert found["clausewatch_captures", "policy"] == 3
    assert found["clausewatch_changes", "material", "published"] == 1
    assert found["clausewatch_outbox_due",] == 0
    assert found["clausewatch_queue_jobs", "poll"] == 0
    assert found["clausewatch_redis_up",] == 1


ASKED = [
    ("", {}, "10.1.2.3", 200),
    ("", {}, "8.8.8.8", 403),
    ("", {"X-Forwarded-For": "10.1.2.3"}, "127.0.0.1", 403),
    ("token-of-metrics", {}, "127.0.0.1", 403),
    ("token-of-metrics", {"Authorization": "Bearer wrong"}, "127.0.0.1", 403),
    (
        "token-of-metrics",
        {"Authorization": "Bearer token-of-metrics", "X-Forwarded-For": "1.2.3.4"},
        "8.8.8.8",
        200,
    ),
]


@pytest.mark.parametrize(("token", "headers", "address", "status"), ASKED)
def test_who_may_read_them(context: Context, token: str, headers: dict[str, str], address: str, status: int) -> None:
    client = create_app(replace(context, settings=replace(context.settings, metrics_token=token))).test_client()
    answer = client.get("/metrics", headers=headers, environ_overrides={"REMOTE_ADDR": address})
    assert answer.status_code == status


def test_what_processes_counted_and_when_they_last_lived(
    context: Context, redis: Redis, transaction: Transaction
) -> None:
    counters.flush(redis)  # what other tests of this process have counted
    redis.flushall()
    for _ in range(2):
        counters.add("polls", "unchanged")
        counters.add("sends", "limited")
        counters.flush(redis)
    with transaction() as session:
        heartbeats.beat(session, "worker", "here:1", datetime.now(UTC) - timedelta(seconds=30))
    client = create_app(replace(context, redis=redis, read=transaction)).test_client()
    found = read(client)
    assert found["clausewatch_polls_total", "unchanged"] == 2
    assert found["clausewatch_sends_total", "limited"] == 2
    assert 29 < found["clausewatch_heartbeat_age_seconds", "worker"] < 600


def test_what_cannot_be_counted_now_is_counted_later(redis: Redis) -> None:
    counters.add("polls", "put_back")
    counters.flush(Redis(port=1))
    counters.flush(redis)
    assert counters.read(redis, "polls") == {"put_back": 1}
