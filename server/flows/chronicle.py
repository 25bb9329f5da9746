"""Chronicle: make the changes of the past out of everything that was seen of a document before we watched it.

It can be run again after every new find: changes keep their identity while their interval narrows, and one that turns
out to be two is withdrawn in their favour. None of them is ever sent as news.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from sqlalchemy.orm import Session

from server.core.model import Document
from server.core.timeline import Seen, Step, steps
from server.flows.keep import reading_of, record_change
from server.store import sightings, versions
from server.store.changes import BACKFILL, PUBLISHED, SUPERSEDED, WITHDRAWN
from server.store.sightings import Sighting
from server.store.tables import ChangeRow

TELLS_CHANGES = ("prior", "ota")
"""Sources that record a wording once and mean that it stood until their next record."""
DROPPED = "dropped"


def chronicle(session: Session, document: Document, now: datetime) -> list[ChangeRow]:
    """The changes before live watching began, oldest first, brought up to date in the database."""
    seen = _before_we_watched(sightings.of_document(session, document.key))
    found = steps(_told(seen))
    _settle_states(session, document, seen, found, now)
    known = list(sightings.backfilled_changes(session, document.key))
    kept = [row for step in found if (row := _recorded(session, document, step, known, now))]
    for row in known:  # what no step claims any more: a wording was found in between, or a passing one dropped out
        if row.state != WITHDRAWN:
            row.state, row.origin = WITHDRAWN, SUPERSEDED
    session.flush()
    return [row for row in kept if row.state != WITHDRAWN]


def _before_we_watched(seen: Sequence[Sighting]) -> list[Sighting]:
    """Everything up to the first live sighting, and that one: from there on the live stream has the word."""
    first_live = next((one.at for one in seen if one.source == "live"), None)
    past = [one for one in seen if one.source != "live" and (first_live is None or one.at < first_live)]
    return past + [one for one in seen if one.source == "live"][:1]


def _told(seen: Sequence[Sighting]) -> list[Seen]:
    """The sightings as the rules of the timeline take them."""
    until: dict[Sighting, datetime] = {}
    for source in TELLS_CHANGES:
        until |= {one: after.at for one, after in pairwise(one for one in seen if one.source == source)}
    return [Seen(one.at, one.wording, one.size, one.source, until.get(one)) for one in seen]


def _settle_states(
    session: Session, document: Document, seen: Sequence[Sighting], found: Sequence[Step], now: datetime
) -> None:
    """Wordings that were in force are confirmed and read; passing ones are dropped. Live ones are not touched."""
    live = {one.wording for one in seen if one.source == "live"}
    in_force = {step.before for step in found} | {step.after for step in found}
    if not found and seen:
        in_force = {seen[0].wording}
    for wording in {one.wording for one in seen} - live:
        row = versions.find(session, document.key, wording)
        if row is None or "live" in row.sources.split(","):
            continue
        if wording in in_force:
            row.state, row.confirmed_at = versions.CONFIRMED, row.confirmed_at or now
            reading_of(session, row, now)
        else:
            row.state = DROPPED


def _recorded(
    session: Session, document: Document, step: Step, known: list[ChangeRow], now: datetime
) -> ChangeRow | None:
    """The change of a step: the row it had before, with its interval narrowed, or a new one.

    One that was withdrawn here is back when a step claims it again; one that a person withdrew stays so.
    """
    before = versions.find(session, document.key, step.before)
    after = versions.find(session, document.key, step.after)
    assert before is not None and after is not None, "a wording that was seen has been stored"
    row = next(
        (one for one in known if (one.before_id, one.after_id) == (before.id, after.id) and _same(one, step)), None
    )
    if row is not None:
        known.remove(row)
        row.happened_to = step.first_after
        if row.origin == SUPERSEDED:
            row.state, row.origin = PUBLISHED, BACKFILL
    else:
        row = record_change(session, before, after, since=step.first_after, now=now, origin=BACKFILL)
    if row is not None:
        row.happened_from = step.last_before
    return row


def _same(row: ChangeRow, step: Step) -> bool:
    """Whether the stored interval and the step's overlap: then they speak of one change."""
    starts = row.happened_from or row.happened_to
    return starts <= step.first_after and step.last_before <= row.happened_to
