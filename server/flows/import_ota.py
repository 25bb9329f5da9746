"""Import: take the histories that Open Terms Archive recorded into the past of our own documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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


def import_ota(
    history: History,
    catalogue: Catalogue,
    write: Transaction,
    clock: Clock,
    *,
    place: str,
    platforms: Sequence[str] = (),
) -> Iterator[Imported]:
    """Imports each recorded history that belongs to a document of the catalogue; a second run stores nothing twice."""
    chosen = [catalogue.platform(id_) for id_ in platforms] or list(catalogue.platforms.values())
    for recorded in history.documents(sorted(_services(catalogue, [one.id for one in chosen]))):
        for platform in chosen:
            for document in platform.documents:
                if belongs_to(document, platform, recorded):
                    yield _import_one(history.text, recorded, document, write, clock, place)


def _services(catalogue: Catalogue, ids: Sequence[str]) -> set[str]:
    """The names under which collections may keep these platforms."""
    platforms = [catalogue.platform(id_) for id_ in ids]
    aliases = {alias.partition("/")[0] for one in platforms for document in one.documents for alias in document.aliases}
    return aliases | {one.name for one in platforms}


def _import_one(
    text: Callable[[str], str],
    recorded: RecordedDocument,
    document: Document,
    write: Transaction,
    clock: Clock,
    place: str,
) -> Imported:
    name = f"{recorded.service}/{recorded.terms}"
    with write() as session:
        known = set(sightings.by_address(session, document.key, SOURCE))
    fresh = [
        (record, address)
        for record in recorded.records
        if record.blob and (address := f"{place}#{record.commit}:{name}.md") not in known
    ]
    for start in range(0, len(fresh), CHUNK):
        with write() as session:
            for record, address in fresh[start : start + CHUNK]:
                past = _past(document, text(record.blob), address, record.at)
                keep_past(session, document, past, clock.now())
    with write() as session:
        changes = len(chronicle(session, document, clock.now()))
    return Imported(document.key, name, len(recorded.records), len(fresh), changes)


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
