"""/metrics: what Prometheus reads, and that it names nobody."""

from __future__ import annotations

from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families


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
