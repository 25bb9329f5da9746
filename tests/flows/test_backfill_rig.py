"""Backfill against recorded histories replayed as an archive, with its junk captures, its noise and its faults."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
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
from server.sources.recorded import History
from server.store import schema, session
from server.store.session import Transaction
from server.store.tables import ChangeRow, VersionRow
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


@pytest.fixture(scope="module", params=["plain", "noise"])
def rig(request: pytest.FixtureRequest, shared: Path) -> Iterator[Rig]:
    options = ["--services", "SoundCloud,Zoom,Reddit", *(["--noise"] if request.param == "noise" else [])]
    with Rig(shared, AT, BUNDLES, *options) as running:
        yield running


@pytest.fixture(autouse=True)
def no_faults(rig: Rig) -> None:
    rig.fail()
    rig.call("DELETE", "/_log")


@pytest.fixture
def write(tmp_path: Path) -> Iterator[Transaction]:
    engine = session.open_engine(f"sqlite:///{tmp_path / 'history.db'}")
    schema.migrate(engine)
    yield session.transactions(engine)
    engine.dispose()


def recorded(shared: Path, name: str) -> Truth:
    """The recorded history of a document, read from the first bundle that has it, as the rig does."""
    service, _, terms = name.partition("/")
    for bundle in BUNDLES:
        with History(shared / "corpus" / "bundles" / bundle) as history:
            for document in history.documents([service]):
                if document.terms == terms:
                    texts = [(one.at, history.text(one.blob)) for one in document.records if one.blob]
                    return _truth(texts)
    raise AssertionError(f"{name} is in no bundle")


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


@pytest.mark.parametrize(
    "name", [name if name.startswith("Sound") else pytest.param(name, marks=pytest.mark.slow) for name in DOCUMENTS]
)
def test_the_recorded_wordings_are_found_within_the_budget(
    rig: Rig, write: Transaction, shared: Path, name: str
) -> None:
    truth = recorded(shared, name)
    result = backfill(parts(rig, write), document(name), budget=120)
    wordings, material = found(write)
    assert result.requests <= 120
    assert wordings <= truth.wordings, "no spurious wording"
    assert len(truth.wordings - wordings) <= 1, "noise hides at most one that came and went"
    assert material == truth.material


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


def test_faults_cost_requests_and_no_change(rig: Rig, write: Transaction, shared: Path) -> None:
    name = "SoundCloud/Terms of Service"
    truth = recorded(shared, name)
    rig.fail(*FAULTS)
    result = backfill(parts(rig, write), document(name))
    wordings, material = found(write)
    assert (result.outcome in {"complete", "budget"}, result.requests <= 120) == (True, True)
    assert wordings <= truth.wordings
    assert material == truth.material
    paths = [entry["path"] for entry in rig.call("GET", "/_log")["entries"]]
    assert not any(path.startswith(("/private", "/live")) for path in paths), "no redirect was followed"


def test_nothing_is_asked_inside_a_retry_after_by_any_worker(
    rig: Rig, shared: Path, redis: Redis, tmp_path: Path
) -> None:
    """Two workers with a database each share the gate; the archive closes it for three seconds twice."""
    rig.fail(
        {"match": "/web/", "kind": "429", "times": 1, "retry_after": 3},
        {"match": "/web/", "kind": "503", "times": 1, "retry_after": 3},
    )
    results: list[Backfilled] = []

    engines = [session.open_engine(f"sqlite:///{tmp_path / f'{number}.db'}") for number in range(2)]
    for engine in engines:
        schema.migrate(engine)

    def work(engine: Engine) -> None:
        gate = Gate(Quick(redis), {}, patience=30)
        results.append(
            backfill(parts(rig, session.transactions(engine), gate), document("SoundCloud/Terms of Service"))
        )
        engine.dispose()

    threads = [threading.Thread(target=work, args=(engine,)) for engine in engines]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    entries = rig.call("GET", "/_log")["entries"]
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
