"""The only place that picks concrete things: settings in, one service out."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from redis import Redis
from sqlalchemy import Engine

from server import catalogue, queues
from server.core.errors import QueueError
from server.core.model import Document
from server.flows.ports import Clock
from server.queues import RedisQueue
from server.settings import Settings
from server.sources import addresses
from server.sources.clock import FileClock, SystemClock
from server.sources.spacing import NoSpacing, Spacing
from server.store import session

# What only workers need is imported where it is made: the rules of reading alone take a quarter of a second to load.
if TYPE_CHECKING:
    from server.flows.keep import Rules
    from server.flows.observe import Observer
    from server.flows.poll import Poller
    from server.flows.read_feeds import FeedReader
    from server.sources.archive import Archive
    from server.sources.browser import Browser
    from server.sources.courtesy import Visits
    from server.sources.feeds import FeedAnswer
    from server.sources.gate import Ledger
    from server.sources.http import Validators, Web
    from server.sources.pages import Page
    from server.sources.signals import Observation
    from server.store.sources import Known


@dataclass(frozen=True)
class Service:
    """What every door works with. Parts are opened when first used, so that a door pays only for what it needs."""

    settings: Settings

    @cached_property
    def catalogue(self) -> catalogue.Catalogue:
        """The platforms; raises CatalogueError."""
        loaded = catalogue.load(self.settings.catalogue)
        return loaded.only(self.settings.platforms) if self.settings.platforms else loaded

    @cached_property
    def clock(self) -> Clock:
        """The machine's clock, or the file that tests and the demo move."""
        return FileClock(self.settings.clock_file) if self.settings.clock_file else SystemClock()

    @cached_property
    def engine(self) -> Engine:
        """The database."""
        return session.open_engine(self.settings.database)

    @cached_property
    def write(self) -> session.Transaction:
        """Write transactions."""
        return session.transactions(self.engine)

    @cached_property
    def read(self) -> session.Transaction:
        """Read transactions."""
        return session.snapshots(self.engine)

    @cached_property
    def redis(self) -> Redis:
        """Queues, spacing and leases: nothing that cannot be rebuilt."""
        return queues.open_redis_of(self.settings)

    @cached_property
    def queue(self) -> RedisQueue:
        """Where jobs are queued."""
        return RedisQueue(self.redis)

    @cached_property
    def web(self) -> Web:
        """The polite way out."""
        from server.sources.http import Web

        return Web(user_agent=self.settings.user_agent, allow_private=self.settings.allow_private)

    @cached_property
    def spacing(self) -> Visits:
        """Keeps hosts from seeing two requests at once, over all workers; without Redis we are alone."""
        return Spacing(self.redis, seconds=self.settings.spacing) if self._redis_answers() else NoSpacing()

    @cached_property
    def browser(self) -> Browser | None:
        """Draws pages that are nothing without their scripts; None where no Chromium is installed."""
        from server.sources import browser

        return browser.find(root=os.geteuid() == 0)

    @cached_property
    def poller(self) -> Poller:
        """Polling with this service's parts."""
        from server.flows.poll import Poller
        from server.sources.http import Validators
        from server.sources.pages import fetch_document

        def fetch(document: Document, known: Known) -> Page:
            checks = Validators(known.etag, known.last_modified)
            return fetch_document(self.web, self.spacing, document, checks, self.browser, known.fingerprint)

        return Poller(fetch, self.write, self.read, self.clock, self.rules, self.settings.poll_every)

    @cached_property
    def observer(self) -> Observer:
        """Reading signals with this service's parts."""
        from server.flows.observe import Observer
        from server.sources.courtesy import visiting
        from server.sources.signals import read_signals

        def read(url: str, page: str) -> Observation:
            with visiting(self.web, self.spacing, url) as permit:
                return read_signals(self.web, url, page, permit=permit)

        return Observer(read, self.write, self.clock)

    @cached_property
    def feed_reader(self) -> FeedReader:
        """Reading feeds with this service's parts."""
        from server.flows.read_feeds import FeedReader
        from server.sources.feeds import fetch_feed

        def fetch(url: str, validators: Validators) -> FeedAnswer:
            return fetch_feed(self.web, self.spacing, url, validators)

        return FeedReader(fetch, self.catalogue, self.write, self.clock)

    def reach(self, host: str) -> None:
        """Raises SourceError unless a host name leads to public addresses only."""
        addresses.reach(host, allow_private=self.settings.allow_private)

    def _redis_answers(self) -> bool:
        try:
            queues.check(self.redis)
        except QueueError:
            return False
        return True

    def archive(self, base: str, dialect: str, *, patience: float, told: Callable[[str], None]) -> Archive:
        """A web archive behind the gate of all workers; without Redis the gate is this process's own."""
        from server.sources.archive import LIST, REPLAY, Archive, Dialect
        from server.sources.gate import Gate, LocalLedger, RedisLedger

        ledger: Ledger = RedisLedger(self.redis) if self._redis_answers() else LocalLedger()
        paces = {LIST: 60 / self.settings.archive_lists, REPLAY: 60 / self.settings.archive_replays}
        gate = Gate(ledger, paces, patience=patience, told=told)
        return Archive(self.web, gate, base or self.settings.archive_url, Dialect(dialect) if dialect else None)

    @property
    def rules(self) -> Rules:
        """The intervals of the stability rules."""
        from server.flows.keep import Rules

        categories = {platform.id: platform.category for platform in self.catalogue.platforms.values()}
        return Rules(self.settings.confirm_after, categories)


def build(settings: Settings) -> Service:
    """The service that runs with these settings."""
    return Service(settings)
