"""Import: take the histories that Open Terms Archive recorded into the past of our own documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from server.catalogue import Catalogue
from server.core import walls
from server.core.charset import storable
from server.core.model import Document
from server.flows.chronicle import chronicle
from server.flows.keep_past import Past, in_its_language, keep_past
from server.flows.ports import Clock
from server.sources.ota import belongs_to
from server.sources.recorded import History, RecordedDocument
from server.store import sightings
from server.store.session import Transaction

SOURCE = "ota"
CHUNK = 50
"""Records stored in one transaction."""
LICENCE = "recorded by Open Terms Archive, ODC-By 1.0"


@dataclass(frozen=True, slots=True)
class Imported:
    """What one history brought."""

    document: str
    recorded: str
    records: int
    stored: int
    """Records that were not known yet."""
    changes: int
    """Changes in the document's past now, from all sources."""
    left_out: int = 0
    """Records from the time that another collection covers."""


def import_ota(
    history: History,
    catalogue: Catalogue,
    write: Transaction,
    clock: Clock,
    *,
    place: str,
    platforms: Sequence[str] = (),
) -> Iterator[Imported]:
    """Imports each recorded history that belongs to a document of the catalogue; a second run stores nothing twice.

    Where two collections keep a document, each moment is told by one of them: they may keep the wordings of different
    regions, and mixed up those would seem to change all the time.
    """
    chosen = [catalogue.platform(id_) for id_ in platforms] or list(catalogue.platforms.values())
    for recorded in history.documents(sorted(_services(catalogue, [one.id for one in chosen]))):
        for platform in chosen:
            for document in platform.documents:
                if belongs_to(document, platform, recorded, place):
                    yield _import_one(history, recorded, document, write, clock, place)


def _services(catalogue: Catalogue, ids: Sequence[str]) -> set[str]:
    """The names under which collections may keep these platforms."""
    platforms = [catalogue.platform(id_) for id_ in ids]
    aliases = [alias for one in platforms for document in one.documents for alias in document.aliases]
    services = {alias.rpartition(":")[2].strip().partition("/")[0] for alias in aliases}
    return services | {one.name for one in platforms}


def _import_one(
    history: History,
    recorded: RecordedDocument,
    document: Document,
    write: Transaction,
    clock: Clock,
    place: str,
) -> Imported:
    name = f"{recorded.service}/{recorded.terms}"
    with write() as session:
        known = sightings.moments(session, document.key, SOURCE)
    marks = {f"{record.commit}:{name}.md": record for record in recorded.records if record.blob}
    kept = set(map(_mark, known))
    fresh = [mark for mark in marks if mark not in kept]
    span = _covered(history, {_commit(address): at for address, at in known.items() if _mark(address) not in marks})
    taken = [mark for mark in fresh if not span or not span[0] <= marks[mark].at <= span[1]]
    for start in range(0, len(taken), CHUNK):
        with write() as session:
            for mark in taken[start : start + CHUNK]:
                past = _past(document, history.text(marks[mark].blob), f"{place}#{mark}", marks[mark].at)
                keep_past(session, document, past, clock.now())
    with write() as session:
        changes = len(chronicle(session, document, clock.now()))
    return Imported(document.key, name, len(recorded.records), len(taken), changes, len(fresh) - len(taken))


def _mark(address: str) -> str:
    return address.partition("#")[2]


def _commit(address: str) -> str:
    return _mark(address).partition(":")[0]


def _covered(history: History, known: Mapping[str, datetime]) -> tuple[datetime, datetime] | None:
    """The first and last moment of the known records (by commit) that are of another collection."""
    others = [at for commit, at in known.items() if not history.holds(commit)]
    return (min(others), max(others)) if others else None


def _past(document: Document, text: str, address: str, at: datetime) -> Past:
    data, text = text.encode(), storable(text)
    kind, reason, text = in_its_language(document, *walls.classify(200, text, ""), text)
    return Past(
        source=SOURCE,
        url=address,
        captured_at=at,
        kind=kind,
        reason=reason or LICENCE,
        text=text,
        status=200,
        media_type="text/markdown; charset=utf-8",
        data=data,
    )
