"""Backfill against recorded histories replayed as an archive, with its junk captures, its noise and its faults."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import Engine, select

from server.core import clauses
from server.core.changes import judge
from server.core.model import Document, Level
from server.core.timeline import Seen, steps
from server.flows.backfill import Backfilled, Backfiller, backfill
from server.sources.archive import Archive
from server.sources.gate import Gate, LocalLedger, RedisLedger
from server.sources.http import Web
from server.sources.recorded import History, RecordedDocument
from server.store import session
from server.store.session import Transaction
from server.store.tables import ChangeRow, VersionRow
from tests import databases
from tests.e2e.rig import Rig
from tests.fakes import FakeClock

AT = datetime(2026, 11, 1, tzinfo=UTC)
BUNDLES = ("soundcloud.bundle", "dev-contrib-versions.bundle", "dev-pga-versions.bundle")
DOCUMENTS = {
    "SoundCloud/Terms of Service": "https://soundcloud.com/terms-of-use",
    "Zoom/Terms of Service": "https://zoom.us/terms",
    "Zoom/Privacy Policy": "https://zoom.us/privacy",
    "Reddit/Terms of Service": "https://www.redditinc.com/policies/user-agreement",
    "Reddit/Privacy Policy": "https://www.redditinc.com/policies/privacy-policy",
    "Reddit/Quality Guidelines": "https://www.redditinc.com/policies/content-policy",
}


@dataclass(frozen=True)
class Truth:
    """What was recorded: the wordings, and the changes of meaning among those that the rules of a timeline accept."""

    wordings: set[str]
    material: set[tuple[str, str]]


Recorded = Callable[[str], Truth]
"""Gives the truth of a document by its name."""


@pytest.fixture(scope="module")
def noisy(shared: Path) -> Iterator[Rig]:
    """The archive as it is on a bad day: no two captures have the same bytes or size."""
    with Rig(shared, AT, BUNDLES, "--services", "SoundCloud,Zoom,Reddit", "--noise") as running:
        yield running


@pytest.fixture(scope="module")
def plain(shared: Path) -> Iterator[Rig]:
    """The archive whose list tells equal captures by their digests."""
    with Rig(shared, AT, BUNDLES[:1], "--services", "SoundCloud") as running:
        yield running


@pytest.fixture
def rig(noisy: Rig) -> Rig:
    """The noisy archive, without the faults and the log of the test before."""
    noisy.fail()
    noisy.call("DELETE", "/_log")
    return noisy


@pytest.fixture(scope="module")
def recorded(shared: Path) -> Iterator[Recorded]:
    """The recorded history of a document by its name, from the first bundle that has it, as the rig does."""
    with ExitStack() as stack:
        histories = [stack.enter_context(History(shared / "corpus" / "bundles" / bundle)) for bundle in BUNDLES]
        known: dict[str, tuple[History, RecordedDocument]] = {}
        for history in reversed(histories):
            for document in history.documents(sorted({name.partition("/")[0] for name in DOCUMENTS})):
                known[f"{document.service}/{document.terms}"] = history, document

        @cache
        def truth(name: str) -> Truth:
            history, document = known[name]
            return _truth([(one.at, history.text(one.blob)) for one in document.records if one.blob])

        yield truth


def _truth(texts: list[tuple[datetime, str]]) -> Truth:
    cut = [(at, clauses.cut(text), len(text)) for at, text in texts]
    by_wording = {clauses.wording(passages): passages for _, passages, _ in cut}
    ends = [*(at for at, _, _ in cut[1:]), AT]
    seen = [
        Seen(at, clauses.wording(passages), size, "ota", until)
        for (at, passages, size), until in zip(cut, ends, strict=True)
    ]
    changes = {(step.before, step.after) for step in steps(seen)}
    judged = {one: judge(by_wording[one[0]], by_wording[one[1]]).level for one in changes}
    return Truth(set(by_wording), {one for one, level in judged.items() if level is Level.MATERIAL})


def document(name: str) -> Document:
    return Document(name.partition("/")[0].lower(), "terms", name, (DOCUMENTS[name],))


def parts(rig: Rig, write: Transaction, gate: Gate | None = None) -> Backfiller:
    gate = gate or Gate(LocalLedger(), {})
    return Backfiller(
        Archive(Web("Clausewatch test", allow_private=True), gate, rig.url, sleep=lambda _: None),
        write,
        write,
        FakeClock(AT),
    )


def found(write: Transaction) -> tuple[set[str], set[tuple[str, str]]]:
    """The wordings and the material changes that are stored."""
    with write() as opened:
        wordings = {row.id: row.wording for row in opened.scalars(select(VersionRow))}
        rows = opened.scalars(select(ChangeRow).where(ChangeRow.state == "published", ChangeRow.level == "material"))
        return set(wordings.values()), {(wordings[row.before_id], wordings[row.after_id]) for row in rows}


SHORT = "SoundCloud/Terms of Service"
EACH = [pytest.param(name, marks=[] if name == SHORT else pytest.mark.slow) for name in DOCUMENTS]


@pytest.mark.parametrize("name", EACH)
def test_the_recorded_wordings_are_found_within_the_budget(
    rig: Rig, write: Transaction, recorded: Recorded, name: str
) -> None:
    prove(rig, write, recorded(name), name)


def test_a_list_that_tells_equal_captures_finds_the_same_with_fewer_requests(
    plain: Rig, write: Transaction, recorded: Recorded
) -> None:
    result = prove(plain, write, recorded(SHORT), SHORT)
    assert result.requests < result.listed / 2


def prove(rig: Rig, write: Transaction, truth: Truth, name: str) -> Backfilled:
    """One run within its budget finds every material change that was recorded, and nothing else."""
    result = backfill(parts(rig, write), document(name), budget=120)
    wordings, material = found(write)
    assert result.requests <= 120
    assert wordings <= truth.wordings, "no spurious wording"
    assert len(truth.wordings - wordings) <= 1, "noise hides at most one that came and went"
    assert material == truth.material
    return result


FAULTS = [
    {"match": "/web/", "kind": "503", "times": 2},
    {"match": "/web/", "kind": "truncate", "times": 2},
    {"match": "/web/", "kind": "reset", "times": 2},
    {"match": "/web/", "kind": "cookie_wall", "times": 2},
    {"match": "/web/", "kind": "redirect_loop", "times": 2},
    {"match": "/web/", "kind": "private_redirect", "times": 2},
    {"match": "/web/", "kind": "gzip_bomb", "times": 1},
    {"match": "/cdx/", "kind": "503", "times": 1},
]


def test_faults_cost_requests_and_no_change(rig: Rig, write: Transaction, recorded: Recorded) -> None:
    truth = recorded(SHORT)
    rig.fail(*FAULTS)
    result = backfill(parts(rig, write), document(SHORT))
    wordings, material = found(write)
    assert (result.outcome in {"complete", "budget"}, result.requests <= 120) == (True, True)
    assert wordings <= truth.wordings
    assert material == truth.material
    paths = [entry["path"] for entry in rig.call("GET", "/_log")["entries"]]
    assert not any(path.startswith(("/private", "/live")) for path in paths), "no redirect was followed"


def test_nothing_is_asked_inside_a_retry_after_by_any_worker(plain: Rig, redis: Redis, tmp_path: Path) -> None:
    """Two workers with a database each share the gate; the archive closes it for three seconds twice."""
    plain.fail(
        {"match": "/web/", "kind": "429", "times": 1, "retry_after": 3},
        {"match": "/web/", "kind": "503", "times": 1, "retry_after": 3},
    )
    results: list[Backfilled] = []

    engines = [session.open_engine(databases.sqlite(tmp_path / f"{number}.db")) for number in range(2)]

    def work(engine: Engine) -> None:
        gate = Gate(Quick(redis), {}, patience=30)
        results.append(backfill(parts(plain, session.transactions(engine), gate), document(SHORT)))
        engine.dispose()

    threads = [threading.Thread(target=work, args=(engine,)) for engine in engines]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    entries = plain.call("GET", "/_log")["entries"]
    closings = [entry["t"] for entry in entries if entry["status"] in {429, 503} and entry.get("fault")]
    assert len(closings) == 2
    for closed in closings:
        assert not [entry["path"] for entry in entries if closed < entry["t"] < closed + 2.9]
    assert [result.outcome for result in results] == ["complete"] * 2


class Quick(RedisLedger):
    """The ledger of all workers, which closes for no longer than it was asked: a test cannot wait a minute."""

    def close(self, host: str, least: float, asked: float) -> float:
        """See Ledger."""
        return super().close(host, 0.001, asked)
