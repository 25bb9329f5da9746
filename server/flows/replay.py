"""Replay recorded histories through the stream rules, the reader and the change judge: no network, no database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path

from server.core.changes import judge, meaning
from server.core.clauses import cut
from server.core.meaning import essence
from server.core.model import CaptureKind, Change, Level, Sighting
from server.core.stability import Stream, Verdict, classify
from server.core.walls import opens_with_error
from server.sources.recorded import History, Record, RecordedDocument

PROCESSES = 2
_NEVER = datetime.max.replace(tzinfo=UTC)
FEW_RECORDS = 400
"""A history this short is replayed in this process: starting others would take longer."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How long a wording must stand before it counts, and which changes are told."""

    confirm: timedelta = timedelta(hours=24)
    settle: timedelta = timedelta(days=14)
    levels: tuple[Level, ...] = (Level.MATERIAL,)


@dataclass(frozen=True, slots=True)
class Alert:
    """A confirmed change, dated by the first record of the new meaning."""

    service: str
    terms: str
    date: datetime
    commit: str
    change: Change


@dataclass(slots=True)
class Tally:
    """What a replay met: recorded versions, changes between them, alerts, put-backs and technical captures."""

    versions: int = 0
    changes: int = 0
    alerts: int = 0
    putbacks: int = 0
    technical: int = 0

    def add(self, other: Tally) -> None:
        """Add the counts of another replay to these."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


@dataclass(slots=True)
class Told:
    """The alerts of one document and the counts behind them."""

    alerts: list[Alert] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)


def replay(
    paths: Sequence[Path], services: Sequence[str] = (), rules: Rules | None = None
) -> Iterator[tuple[int, Told]]:
    """Replay every document of the repositories and bundles; yields (documents in all, what one told)."""
    rules = rules or Rules()
    with ExitStack() as stack:
        histories = [stack.enter_context(History(path)) for path in paths]
        work = [(h, document) for h in histories for document in h.documents(services)]
        ends = {id(h): max((d.records[-1].at for o, d in work if o is h), default=_NEVER) for h in histories}
        if sum(len(document.records) for _, document in work) <= FEW_RECORDS:
            for h, document in work:
                yield len(work), replay_document(document, h.text, ends[id(h)], rules)
            return
        work.sort(key=lambda one: -len(one[1].records))
        pool = stack.enter_context(ProcessPoolExecutor(PROCESSES))
        jobs = [pool.submit(_replay_there, h.path, document, ends[id(h)], rules) for h, document in work]
        try:
            for job in as_completed(jobs):
                yield len(work), job.result()
        finally:
            _cancel(jobs)


def replay_document(document: RecordedDocument, text: Callable[[str], str], end: datetime, rules: Rules) -> Told:
    """Replay one document: `text` gives the recorded text of a git id, `end` is when the recording ended."""
    watch = _Watch(document, text, rules)
    for n, record in enumerate(document.records):
        last = n + 1 == len(document.records)
        watch.take(record, max(end, record.at + rules.confirm) if last else document.records[n + 1].at)
    watch.told.tally.versions = len(document.records)
    watch.told.tally.changes = len(document.records) - 1
    watch.told.tally.alerts = len(watch.told.alerts)
    return watch.told


@dataclass(frozen=True, slots=True)
class _Page:
    """What the stream rules need to know of one recorded text."""

    blob: str
    wording: str
    size: int
    meaning: str
    broken: bool
    """Whether one of the pages that it was put together from was not there."""


class _Watch:
    """One document on its way through the stream."""

    def __init__(self, document: RecordedDocument, text: Callable[[str], str], rules: Rules) -> None:
        self.document, self.text, self.rules, self.told = document, text, rules, Told()
        self._stream = Stream(rules.confirm, rules.settle)
        self._pages: dict[str, _Page] = {}
        self._meanings: dict[str, str] = {}
        self._wordings: set[str] = set()
        self._last_wording = ""
        self._whole: _Page | None = None
        self._seen: dict[tuple[datetime, str], Record] = {}
        self._baseline = ""
        """Git id of the last text that said what is confirmed."""

    def take(self, record: Record, until: datetime) -> None:
        """One recorded version, which stood until then."""
        page = self._page(record.blob)
        kind = self._kind(page)
        self._count(page, kind)
        self._seen.setdefault((record.at, page.meaning), record)
        for moment in (record.at, until):
            if self._stream.see(Sighting(moment, page.meaning, kind)) is Verdict.CONFIRMED:
                self._confirmed()
                self._whole = page
        if kind is CaptureKind.POLICY:
            self._whole = page
            if page.meaning == self._stream.confirmed:
                self._baseline = record.blob

    def _page(self, blob: str) -> _Page:
        if blob not in self._pages:
            text = self.text(blob) if blob else ""
            packed = " ".join(text.split())
            wording = blake2b(packed.encode(), digest_size=12).hexdigest()
            self._pages[blob] = _Page(blob, wording, len(packed), self._meaning(text), opens_with_error(text))
        return self._pages[blob]

    def _meaning(self, text: str) -> str:
        """The meaning of a text; what it says about AI is cut only once, however the rest of it changes."""
        said = essence(text)
        seen = blake2b(said.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        if seen not in self._meanings:
            self._meanings[seen] = meaning(cut(said), weighty=Level.NOTABLE not in self.rules.levels)
        return self._meanings[seen]

    def _kind(self, page: _Page) -> CaptureKind:
        if page.broken:
            return CaptureKind.ERROR
        return classify(page.size, known=self._whole.size if self._whole else 0)

    def _count(self, page: _Page, kind: CaptureKind) -> None:
        tally = self.told.tally
        tally.technical += kind is not CaptureKind.POLICY
        tally.putbacks += page.wording in self._wordings and page.wording != self._last_wording
        self._wordings.add(page.wording)
        self._last_wording = page.wording

    def _confirmed(self) -> None:
        since = self._stream.since
        assert since is not None
        record = self._seen[since.at, since.wording]
        if self._baseline:
            old, new = cut(self.text(self._baseline)), cut(self.text(record.blob))
            change = judge(old, new)
            if change.level in self.rules.levels:
                alert = Alert(self.document.service, self.document.terms, record.at, record.commit, change)
                self.told.alerts.append(alert)
        self._baseline = record.blob


_readers: dict[Path, History] = {}


def _replay_there(path: Path, document: RecordedDocument, end: datetime, rules: Rules) -> Told:
    """Replay one document in a process of the pool, which keeps its git reader open."""
    if path not in _readers:
        _readers[path] = History(path).__enter__()
    return replay_document(document, _readers[path].text, end, rules)


def _cancel(jobs: Sequence[Future[Told]]) -> None:
    for job in jobs:
        job.cancel()
