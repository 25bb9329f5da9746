"""/metrics for Prometheus: read from the database at each scrape, so that every web process says the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from flask import Blueprint, Response, request
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from server import counters
from server.core.errors import QueueError
from server.core.secrets import same
from server.store import heartbeats, measures, outbox
from server.web.context import Context, context
from server.web.errors import problem

_SUMS = {
    "polls": ("outcome", "Looks at documents, by what came of them."),
    "failures": ("cause", "Looks that failed, by why; rate limited: the site answered 429."),
    "sends": ("result", "Messages handed to Telegram, by its answer; limited: 429."),
}


def blueprint() -> Blueprint:
    """/metrics: numbers only, no names, no chats."""
    metrics = Blueprint("metrics", __name__)
    metrics.add_url_rule("/metrics", view_func=_metrics, endpoint="metrics")
    return metrics


def _metrics() -> Response:
    if not _may_read(context()):
        return problem(403, "Set CLAUSEWATCH_METRICS_TOKEN and send it as Authorization: Bearer, or ask from within.")
    registry = CollectorRegistry()
    registry.register(_Collector(context()))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _may_read(here: Context) -> bool:
    """Whoever has the token; without one whoever asks from a private address, and not through a proxy."""
    if here.settings.metrics_token:
        return same(request.headers.get("Authorization", ""), f"Bearer {here.settings.metrics_token}")
    if not here.settings.trusted_proxies and {"X-Forwarded-For", "Forwarded", "Via"} & set(request.headers.keys()):
        return False
    try:
        return ip_address(request.remote_addr or "").is_private
    except ValueError:
        return False


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
            yield from _of_processes(heartbeats.newest(session), datetime.now(UTC))
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
        for name, (label, says) in _SUMS.items():
            family = CounterMetricFamily(f"clausewatch_{name}", says, labels=[label])
            for value, number in sorted(self._sums(name).items()):
                family.add_metric([value], number)
            yield family

    def _sums(self, name: str) -> Mapping[str, int]:
        try:
            return counters.read(self.here.redis, name) if self.here.redis is not None else {}
        except RedisError:
            return {}


def _counted(name: str, says: str, label: str, numbers: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(f"clausewatch_{name}", says, labels=[label])
    for value, number in sorted(numbers.items()):
        family.add_metric([value], number)
    return family


def _of_processes(newest: Mapping[str, datetime], now: datetime) -> Iterator[Metric]:
    says = "Seconds since the last sign of life of any process of its kind."
    family = GaugeMetricFamily("clausewatch_heartbeat_age_seconds", says, labels=["process"])
    for process, at in sorted(newest.items()):
        family.add_metric([process], max((now - at) / timedelta(seconds=1), 0.0))
    yield family


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
