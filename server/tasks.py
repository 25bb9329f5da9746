"""The worker's jobs: ids in, a few lines each. Every job is short, resumable, and harmless when it runs twice."""

from __future__ import annotations

import gc
import time
from datetime import timedelta
from functools import cache

from server import counters, queues, settings, wiring
from server.flows import observe as observing
from server.flows import poll as polling
from server.flows import read_feeds as reading
from server.flows.judge_quiet import judge_quiet
from server.flows.reread import reread
from server.flows.retain import retain

BUDGET = 5.0
"""Seconds after which a job hands the rest to the next one, so that SIGTERM never waits long."""


@cache
def service() -> wiring.Service:
    """This worker's service; built once, for connections are worth keeping."""
    made = wiring.build(settings.read())
    sync(made)
    gc.collect()
    gc.freeze()  # what is loaded by now stays for good: looking through it again and again would find nothing
    return made


def sync(here: wiring.Service) -> None:
    """Makes the sources fit the catalogue."""
    polling.sync_sources(here.poller, here.catalogue)
    observing.sync_sources(here.observer, here.catalogue)
    reading.sync_sources(here.feed_reader)


def poll_due() -> None:
    """Looks at documents that are due, for a few seconds."""
    here = service()
    end = time.monotonic() + BUDGET
    for polled in polling.poll_due(here.poller, here.catalogue, lambda: time.monotonic() < end):
        counters.add("polls", polled.outcome)
        if polled.outcome == "failed":
            counters.add("failures", polled.detail.partition(":")[0])
        if polled.change_id is not None:
            here.queue.enqueue(queues.DELIVER_DUE)
    if time.monotonic() >= end:
        here.queue.enqueue(queues.POLL_DUE)


def signals_due() -> None:
    """Reads the signals of platforms that are due, for a few seconds."""
    here = service()
    end = time.monotonic() + BUDGET
    while time.monotonic() < end:
        ids = observing.claim_due(here.observer)
        if not ids:
            return
        if platform := here.catalogue.platforms.get(ids[0]):
            observing.observe(here.observer, platform)
    here.queue.enqueue(queues.SIGNALS_DUE)


def feeds_due() -> None:
    """Reads feeds that are due, for a few seconds."""
    here = service()
    end = time.monotonic() + BUDGET
    while time.monotonic() < end:
        keys = reading.claim_due(here.feed_reader)
        if not keys:
            return
        reading.read_feed(here.feed_reader, keys[0])
    here.queue.enqueue(queues.FEEDS_DUE)


def sweep() -> None:
    """Now and then: platforms that came or went, changes nobody announced, a new reader, raw pages past their time."""
    here = service()
    sync(here)
    judge_quiet(here.write, here.clock)
    retain(here.write, here.clock, timedelta(days=here.settings.keep_days))
    end = time.monotonic() + BUDGET
    for _ in reread(here.read, here.write, here.clock):
        if time.monotonic() > end:
            return
