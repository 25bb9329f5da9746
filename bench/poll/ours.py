"""Clausewatch's own polling as a worker's job does it, round by round: `python -m bench.poll.ours BASE PAGES`.

The environment names the data folder and the clock file. Each line read is a round.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bench.poll.site import render
from server import settings, wiring
from server.catalogue import Catalogue
from server.core.extract import extract
from server.core.model import CaptureKind, Document, Platform
from server.flows.poll import Poller, poll, poll_due, sync_sources
from server.sources.pages import Page
from server.store import schema
from server.store.sources import Known


def catalogue(base: str, pages: int) -> Catalogue:
    """One platform with one document a page; all pages are on one host."""
    return Catalogue({f"p{page}": _platform(f"p{page}", f"{base}/p/{page}") for page in range(pages)}, {})


def _platform(name: str, url: str) -> Platform:
    document = Document(name, "terms", "Terms of Service", (url,))
    return Platform(name, name, "music", ("127.0.0.1",), (document,))


@dataclass(frozen=True)
class Stopped:
    """The time of a round: to read it from the bench's file for every page would be counted as work."""

    at: datetime

    def now(self) -> datetime:
        """That time."""
        return self.at


def look(service: wiring.Service, watched: Catalogue) -> tuple[Counter[str], int]:
    """Polls all that is due: how often each outcome came, and how many changes were found."""
    outcomes: Counter[str] = Counter()
    found = 0
    poller = replace(service.poller, clock=Stopped(service.clock.now()))
    for polled in poll_due(poller, watched, lambda: True):
        outcomes[polled.outcome] += 1
        found += polled.change_id is not None
    return outcomes, found


def rehearse(poller: Poller, page: int) -> None:
    """Has the process meet one change of a page that is not polled, as a worker has that runs for more than a day.

    The first change of a process costs some 50 ms more, since its statements are made then.
    """
    (document,) = _platform(f"p{page}", f"http://rehearsal.example/p/{page}").documents
    now = poller.clock.now()
    for hours, changed in ((0, False), (6, True), (36, True)):
        body = render(page, changed, str(hours))

        def fetch(document: Document, _: Known, body: bytes = body) -> Page:
            text = extract(body, "text/html").text
            return Page(document.urls[0], 200, "text/html", (), body, CaptureKind.POLICY, text=text)

        polled = poll(replace(poller, fetch=fetch, clock=Stopped(now + timedelta(hours=hours))), document)
    assert polled.change_id is not None, "a change that was seen twice counts"


def main(base: str, pages: int) -> None:
    """Polls every document once a round."""
    service = wiring.build(settings.read())
    schema.migrate(service.engine)
    rehearse(service.poller, pages)
    watched = catalogue(base, pages)
    sync_sources(service.poller, watched)
    gc.collect()
    gc.freeze()  # as a worker does
    print("ready", flush=True)
    for _ in sys.stdin:
        cpu, wall = time.process_time(), time.monotonic()
        outcomes, found = look(service, watched)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        told = {"cpu": time.process_time() - cpu, "wall": time.monotonic() - wall, "found": found, "peak": peak}
        print(json.dumps(told | {"outcomes": outcomes}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
