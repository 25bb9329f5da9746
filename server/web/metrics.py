"""/metrics for Prometheus: read from the database at each scrape, so that every web process says the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from server.core.errors import QueueError
from server.store import measures, outbox
from server.web.context import Context, context


def blueprint() -> Blueprint:
    """/metrics: numbers only, no names, no chats."""
    metrics = Blueprint("metrics", __name__)
    metrics.add_url_rule("/metrics", view_func=_metrics, endpoint="metrics")
    return metrics


def _metrics() -> Response:
    registry = CollectorRegistry()
    registry.register(_Collector(context()))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


class _Collector(Collector):
    def __init__(self, here: Context) -> None:
        self.here = here

    def collect(self) -> Iterator[Metric]:
        """Everything that is measured."""
        now = self.here.clock.now()
        with self.here.read() as session:
            yield from _of_sources(measures.families(session), now)
            depth, age = outbox.depth(session, now)
            yield _counted("captures", "Captures kept, by what they are.", "kind", measures.captures_by_kind(session))
            yield _counted("deliveries", "Deliveries, by state; dead: given up.", "state", measures.deliveries(session))
            yield _counted("chats", "Chats, by whether they can be written to.", "state", measures.chats(session))
            changes = GaugeMetricFamily("clausewatch_changes", "Changes found.", labels=["level", "state"])
            for labels, number in sorted(measures.changes(session).items()):
                changes.add_metric(labels, number)
            yield changes
        yield GaugeMetricFamily("clausewatch_outbox_due", "Deliveries that are due.", depth)
        yield GaugeMetricFamily("clausewatch_outbox_age_seconds", "Age of the oldest of them.", age.total_seconds())
        yield from self._of_queues()

    def _of_queues(self) -> Iterator[Metric]:
        try:
            waiting = self.here.queue.waiting()
        except QueueError:
            waiting = {}
        yield GaugeMetricFamily("clausewatch_redis_up", "Whether Redis answers.", int(bool(waiting)))
        yield _counted("queue_jobs", "Jobs that wait.", "queue", waiting)


def _counted(name: str, says: str, label: str, numbers: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(f"clausewatch_{name}", says, labels=[label])
    for value, number in sorted(numbers.items()):
        family.add_metric([value], number)
    return family


def _of_sources(families: list[measures.Family], now: datetime) -> Iterator[Metric]:
    number = GaugeMetricFamily("clausewatch_sources", "Addresses watched.", labels=["family", "state"])
    says = "Seconds since the last look that succeeded: newest, and of the source that waits longest."
    age = GaugeMetricFamily("clausewatch_source_age_seconds", says, labels=["family", "which"])
    for family in families:
        for state, count in (("ok", family.ok), ("broken", family.broken), ("new", family.new)):
            number.add_metric([family.name, state], count)
        for which, at in (("newest", family.last_ok_at), ("oldest", family.oldest_ok_at)):
            if at is not None:
                age.add_metric([family.name, which], (now - at).total_seconds())
    yield from (number, age)
