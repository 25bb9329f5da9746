"""Polling recorded policies as pages: noise in every answer and faults in between make no change and hide none."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import select

from server.catalogue import Catalogue
from server.core import clauses
from server.core.changes import judge
from server.core.model import CaptureKind, Document, Level, Platform, Sighting
from server.core.stability import NEAR_EMPTY, Stream, Verdict
from server.flows.keep import Rules
from server.flows.poll import Poller, poll, poll_due, sync_sources
from server.sources.courtesy import Visits
from server.sources.http import Validators, Web
from server.sources.pages import Page, fetch_document
from server.sources.recorded import History
from server.sources.spacing import NoSpacing, Spacing
from server.store.session import Transaction
from server.store.sources import Known
from server.store.tables import ChangeRow
from tests.e2e.rig import Rig
from tests.fakes import FakeClock

HOUR = timedelta(hours=1)
SLICES = {
    "music": ("soundcloud.bundle", ("SoundCloud",)),
    "listening": ("dev-pga-versions.bundle", ("Spotify",)),
    "models": ("dev-genai-eu-versions.bundle", ("Perplexity", "Grok", "Le Chat")),
}
FAULTS = ("cookie_wall", "truncate", "503", "reset", "redirect_loop", "private_redirect", "429")
Texts = list[tuple[datetime, str]]


def poller_of(write: Transaction, clock: FakeClock, visits: Visits) -> Poller:
    """A poller that fetches for real."""
    web = Web("Clausewatch/test", allow_private=True)

    def fetch(document: Document, known: Known) -> Page:
        checks = Validators(known.etag, known.last_modified)
        return fetch_document(web, visits, document, checks, None, known.fingerprint)

    return Poller(fetch, write, write, clock, Rules(), timedelta(hours=6))


def recorded(bundle: Path, service: str, terms: str) -> Texts:
    """What was recorded of a document."""
    with History(bundle) as history:
        (document,) = [one for one in history.documents([service]) if one.terms == terms]
        return [(one.at, history.text(one.blob)) for one in document.records if one.blob]


def moments(texts: Texts) -> list[datetime]:
    """When we look: soon after each record, when it can count, and before the next one."""
    ends = [*(at for at, _ in texts[1:]), texts[-1][0] + timedelta(days=30)]
    return [
        moment
        for (at, _), end in zip(texts, ends, strict=True)
        for moment in sorted({at + 2 * HOUR, at + 30 * HOUR, end - HOUR})
        if at < moment < end
    ]


def expected(texts: Texts, looks: list[datetime]) -> list[datetime]:
    """When the material changes happened by the rules of a stream at these looks, without noise and without faults."""
    stream, by_wording, found = Stream(), {}, []
    for look in looks:
        text = next(text for at, text in reversed(texts) if at <= look)
        wording = clauses.wording(clauses.cut(text))
        by_wording[wording] = text
        before = stream.confirmed
        if stream.see(Sighting(look, wording, CaptureKind.POLICY, "live")) is Verdict.CONFIRMED and before:
            old, new = (clauses.cut(by_wording[one]) for one in (before, stream.confirmed))
            if judge(old, new).level is Level.MATERIAL:
                assert stream.since is not None
                found.append(stream.since.at)
    return found


def material(write: Transaction, document: Document) -> list[datetime]:
    """When the stored material changes of a document happened."""
    query = select(ChangeRow.happened_to).where(ChangeRow.document == document.key, ChangeRow.level == "material")
    with write() as opened:
        return list(opened.scalars(query.order_by(ChangeRow.happened_to)))


@pytest.mark.parametrize("name", SLICES)
def test_noise_and_faults_make_no_change_and_hide_none(shared: Path, write: Transaction, name: str) -> None:
    bundle, services = SLICES[name]
    file = shared / "corpus" / "bundles" / bundle
    seen = 0
    start = datetime.fromisoformat("2018-01-01T00:00:00+00:00")
    with Rig(shared, start, [bundle], "--noise", "--services", ",".join(services)) as rig:
        for number, page in enumerate(rig.call("GET", "/_pages")[:5]):
            texts = recorded(file, page["service"], page["terms_type"])[-10:]
            if min(len(text) for _, text in texts) < 4 * NEAR_EMPTY:
                continue  # a notice that the page has moved, recorded as a text
            url = page["live"] if "://" in page["live"] else rig.url + page["live"]
            document = Document(f"p{number}", "terms", "Terms of Service", (url,))
            look_on(rig, poller_of(write, FakeClock(), NoSpacing()), document, moments(texts))
            wanted = expected(texts, moments(texts))
            found = material(write, document)
            assert [one.date() for one in found] == [one.date() for one in wanted], page
            seen += len(wanted)
    assert seen, "the slice has changes of meaning"


def look_on(rig: Rig, poller: Poller, document: Document, looks: list[datetime]) -> None:
    """Looks at these moments, each after a look that meets a fault."""
    clock = poller.clock
    assert isinstance(clock, FakeClock)
    for number, look in enumerate(looks):
        fault: dict[str, Any] = {"match": "/live/", "kind": FAULTS[number % len(FAULTS)], "times": 40}
        rig.fail(fault)
        clock.at = look - HOUR / 2
        rig.set_clock(look)
        assert poll(poller, document).outcome in {"failed", "technical"}, fault
        rig.fail()
        clock.at = look
        assert poll(poller, document).outcome in {"unchanged", "candidate", "confirmed", "put_back"}


def test_hosts_are_asked_one_request_at_a_time_and_never_inside_a_retry_after(
    shared: Path, write: Transaction, redis: Redis
) -> None:
    """Two workers over one host: what the rig's log says of them."""
    bundle, services = SLICES["listening"]
    clock = FakeClock(datetime.fromisoformat("2024-06-01T00:00:00+00:00"))
    with Rig(shared, clock.now(), [bundle], "--services", ",".join(services)) as rig:
        platforms = {}
        there = [page for page in rig.call("GET", "/_pages") if page["versions"]]
        for number, page in enumerate(there[:4]):
            url = page["live"] if "://" in page["live"] else rig.url + page["live"]
            document = Document(f"p{number}", "terms", "Terms of Service", (url,))
            platforms[f"p{number}"] = Platform(f"p{number}", "P", "music", ("p.example",), (document,))
        watched = Catalogue(platforms, {})
        pollers = [poller_of(write, clock, Spacing(redis, 0.2)) for _ in range(2)]
        sync_sources(pollers[0], watched)
        rig.fail(
            {"match": "/live/", "kind": "slow", "times": 1, "seconds": 1},
            {"match": "/live/", "kind": "503", "times": 1, "retry_after": 2},
        )
        rounds(pollers, watched, clock)
        log = rig.call("GET", "/_log")
    pages = [entry for entry in log["entries"] if not entry["path"].endswith("robots.txt")]
    slow, closed = (next(e for e in log["entries"] if e.get("fault") == kind) for kind in ("slow", "503"))
    assert all(later["t"] - earlier["t"] >= 0.19 for earlier, later in pairwise(pages))
    assert not [e for e in log["entries"] if slow["t"] < e["t"] < slow["t"] + 0.9], "one request at a time"
    assert not [e for e in log["entries"] if closed["t"] < e["t"] < closed["t"] + 1.9], "none inside the Retry-After"
    for platform in platforms:
        path = "/live/" + platforms[platform].documents[0].urls[0].partition("/live/")[2]
        answered = [e for e in pages if e["path"] == path and e["status"] in {200, 304}]
        assert [e["conditional"] for e in answered] == [False, *[True] * (len(answered) - 1)]
        assert len(answered) > 1


def rounds(pollers: list[Poller], watched: Catalogue, clock: FakeClock) -> None:
    """Both pollers look for as long as it takes until every page has been seen three times or so."""
    for _ in range(3):
        for _ in range(40):
            threads = [
                threading.Thread(target=lambda one=each: list(poll_due(one, watched, lambda: True))) for each in pollers
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
            clock.move(seconds=20)
            time.sleep(0.05)
        clock.move(hours=6)
