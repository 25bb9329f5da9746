"""Stamps grow with what faces show, in the same transaction, and with nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from server.core.model import Reading
from server.store import readings, session, sources, stamps, suggestions, versions
from server.store.tables import ChangeRow, SourceRow, VersionRow

NOW = datetime(2025, 1, 1, tzinfo=UTC)


def ensure(opened: Session) -> SourceRow:
    """A source of SoundCloud."""
    return sources.ensure(opened, "page:soundcloud/terms", family="page", platform="soundcloud", url="x", now=NOW)


def version(opened: Session) -> VersionRow:
    """A version of SoundCloud's terms, seen once more."""
    row = versions.find(opened, "soundcloud/terms", "w") or versions.add(
        opened, document="soundcloud/terms", wording="w", text="t", language="en", at=NOW, source="live"
    )
    versions.note_sighting(row, NOW, "live")
    opened.flush()
    return row


def claim(opened: Session) -> None:
    ensure(opened).next_check_at = NOW + timedelta(hours=1)


def check(opened: Session) -> None:
    sources.note_success(ensure(opened), NOW + timedelta(hours=1), timedelta(hours=6))


def fail(opened: Session) -> None:
    sources.note_failure(ensure(opened), NOW + timedelta(hours=1), timedelta(hours=6), "gone", None)


def read_again(opened: Session) -> None:
    readings.keep(opened, version(opened).id, "engine 2", Reading(), NOW)


def read_only(opened: Session) -> None:
    opened.add(readings.ReadingRow(version_id=1, engine="engine 3", made_at=NOW, data={}))


def sweep(opened: Session) -> None:
    opened.execute(update(ChangeRow).values(quiet=True))


def suggest(opened: Session) -> None:
    suggestions.add(opened, "example.com", NOW)


@pytest.mark.parametrize(
    ("what", "grown"),
    [
        (check, {"soundcloud"}),
        (fail, {"soundcloud"}),
        (version, {"soundcloud"}),
        (read_again, {"soundcloud"}),
        (read_only, {"soundcloud"}),
        (sweep, {stamps.ALL}),
        (claim, set()),
        (suggest, set()),
        (lambda opened: None, set()),
    ],
)
def test_what_is_shown_is_stamped(engine: Engine, what: Callable[[Session], object], grown: set[str]) -> None:
    write, read = session.transactions(engine), session.snapshots(engine)
    with write() as opened:
        ensure(opened)
        version(opened)
    with read() as opened:
        before = stamps.read(opened)
    with write() as opened:
        what(opened)
    with read() as opened:
        after = stamps.read(opened)
    assert {id for id in after if after[id] != before.get(id)} == grown


def test_what_is_rolled_back_is_not_stamped(engine: Engine) -> None:
    write, read = session.transactions(engine), session.snapshots(engine)
    with pytest.raises(RuntimeError), write() as opened:
        version(opened)
        raise RuntimeError
    with read() as opened:
        assert stamps.read(opened) == {}
