"""From a capture to a version to a change: what every source goes through, live page or archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.core import clauses, effective, stability, wholeness
from server.core.changes import judge
from server.core.language import language, language_after
from server.core.model import CaptureKind, Document, Reading, Sighting
from server.core.reading import ENGINE, read
from server.core.stability import Verdict
from server.store import captures, changes, outbox, readings, versions
from server.store.captures import Capture
from server.store.tables import ChangeRow, VersionRow


@dataclass(frozen=True, slots=True)
class Shown:
    """What a capture turned out to show: its kind, why, and its text when it is a policy."""

    kind: CaptureKind
    reason: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the stability rules and the outbox need to know."""

    confirm_after: timedelta = timedelta(hours=24)
    categories: Mapping[str, str] = field(default_factory=dict)
    """Platform → its category, for those who follow a whole category."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of one sighting."""

    verdict: Verdict
    change: ChangeRow | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Prose:
    """A text, the hash of its words, and the language it is in."""

    text: str
    wording: str
    language: str

    @classmethod
    def of(cls, text: str, wording: str, known: VersionRow | None, before: VersionRow | None = None) -> _Prose:
        """That of a known version is not looked at again; one that was edited `before` has the language of that."""
        if known:
            return cls(text, wording, known.language)
        return cls(text, wording, language_after(text, before.text, before.language) if before else language(text))


def keep_text(
    session: Session, document: Document, capture: Capture, shown: Shown, rules: Rules, now: datetime
) -> Kept:
    """Takes a live capture into the document's stream. A confirmed change and its notices are stored in `session`."""
    standing = versions.lock_stream(session, document.key)
    wording = clauses.wording(clauses.cut(shown.text)) if shown.kind is CaptureKind.POLICY else ""
    wordings = (wording, standing.confirmed)
    known, before = versions.find_whole(session, document.key, *wordings) if wording else (None, None)
    prose = _Prose.of(shown.text, wording, known, before)
    kind, reason = _beside_known(shown, prose, before)
    lasting = kind in stability.LASTING
    sighting = Sighting(at=capture.captured_at, wording=wording if lasting else "", kind=kind, source=capture.source)
    if lasting:
        known = _sighted(session, document, prose, sighting, known)
    captures.tell(session, capture, kind, reason, known.id if known and lasting else None)
    return _see(session, standing, sighting, before, known, rules, now, reason)


def keep_unchanged(session: Session, document: Document, at: datetime, rules: Rules, now: datetime) -> Kept:
    """A 304, or an answer that reads the same: one more sighting of what the last full answer showed."""
    standing = versions.lock_stream(session, document.key)
    kind = CaptureKind(standing.last_kind)
    wording, confirmed = standing.last_wording, standing.confirmed
    # Their texts, too: it may be confirmed now.
    version, before = versions.find_whole(session, document.key, wording, confirmed) if wording else (None, None)
    if version is not None:
        versions.note_sighting(version, at, "live")
    sighting = Sighting(at=at, wording=wording, kind=kind, source="live")
    return _see(session, standing, sighting, before, version, rules, now, "")


_REASONS = {
    CaptureKind.NEAR_EMPTY: "has next to no text",
    CaptureKind.INCOMPLETE: "is cut, or another page: much of the text is missing",
    CaptureKind.OTHER_PAGE: "shows another text altogether",
    CaptureKind.OTHER_LANGUAGE: "is in another language than before",
}


def _beside_known(shown: Shown, prose: _Prose, before: VersionRow | None) -> tuple[CaptureKind, str]:
    """The page's own kind, or what its text is beside the wording in force: cut, in another language."""
    if shown.kind is not CaptureKind.POLICY:
        return shown.kind, shown.reason
    if before is None or prose.wording == before.wording:
        return CaptureKind.POLICY, ""
    kind = stability.classify(len(prose.text), prose.language, len(before.text), before.language)
    if kind is CaptureKind.POLICY:
        old, new = clauses.cut(before.text), clauses.cut(prose.text)
        if wholeness.broken_off(old, new):
            kind = CaptureKind.INCOMPLETE
        elif wholeness.other_page(old, new):
            kind = CaptureKind.OTHER_PAGE
    return kind, _REASONS.get(kind, "")


def keep_version(
    session: Session, document: Document, text: str, wording: str, at: datetime, source: str
) -> VersionRow:
    """The version of that wording, with one more sighting and the dates that its text states."""
    known = versions.find(session, document.key, wording)
    sighting = Sighting(at=at, wording=wording, kind=CaptureKind.POLICY, source=source)
    version = _sighted(session, document, _Prose.of(text, wording, known), sighting, known)
    session.flush()
    return version


def _sighted(
    session: Session, document: Document, prose: _Prose, sighting: Sighting, known: VersionRow | None
) -> VersionRow:
    """The known version, sighted once more, or a new one."""
    at, source = sighting.at, sighting.source
    if known is None:
        return versions.add(
            session,
            document=document.key,
            wording=prose.wording,
            text=prose.text,
            language=prose.language,
            at=at,
            source=source,
            stated=effective.dates(prose.text),
        )
    versions.note_sighting(known, at, source)
    return known


def reading_of(session: Session, version: VersionRow, now: datetime) -> Reading:
    """What the engine in force reads in a version; an operator's correction goes first."""
    return _readings_of(session, [version], now)[0]


def _readings_of(session: Session, rows: Sequence[VersionRow], now: datetime) -> list[Reading]:
    known = readings.in_force(session, [row.id for row in rows], ENGINE)
    for row in rows:
        if row.id not in known:
            known[row.id] = read(clauses.cut(row.text), language=row.language)
            readings.keep(session, row.id, ENGINE, known[row.id], now)
    return [known[row.id] for row in rows]


def _see(
    session: Session,
    standing: versions.Standing,
    sighting: Sighting,
    before: VersionRow | None,
    seen: VersionRow | None,
    rules: Rules,
    now: datetime,
    reason: str,
) -> Kept:
    stream = versions.load_stream(standing, stability.Stream(interval=rules.confirm_after), seen)
    verdict = stream.see(sighting, lasts=_lasts(session, standing, sighting, before, seen))
    versions.save_stream(session, standing.document, stream, sighting)
    change = None
    if verdict is Verdict.CONFIRMED:
        assert stream.since is not None and seen is not None, "a wording that is confirmed has just been seen"
        change = _confirm(session, before, seen, stream.since.at, rules, now)
    return Kept(verdict, change, reason)


def _lasts(
    session: Session,
    standing: versions.Standing,
    sighting: Sighting,
    before: VersionRow | None,
    seen: VersionRow | None,
) -> bool:
    """Whether a page that reads otherwise at each look still shows what was new when its candidate was first seen."""
    waits = standing.candidate not in ("", sighting.wording) and sighting.wording != standing.confirmed
    if not waits or sighting.kind is not CaptureKind.POLICY or before is None or seen is None:
        return False
    first = versions.find(session, standing.document, standing.candidate)
    return first is not None and stability.lasts(*map(_clauses, (before, first, seen)))


def _clauses(version: VersionRow) -> set[str]:
    return {one.id for one in clauses.cut(version.text)}


def _confirm(
    session: Session, before: VersionRow | None, after: VersionRow, since: datetime, rules: Rules, now: datetime
) -> ChangeRow | None:
    """The new version is in force from now on; when there was one before, their difference is a change."""
    after.state, after.confirmed_at = versions.CONFIRMED, after.confirmed_at or now
    if before is None:
        reading_of(session, after, now)
        return None
    row = record_change(session, before, after, since=since, now=now, origin="live")
    if row is not None:
        outbox.fan_out(session, row, now, rules.categories.get(row.platform, ""))
    return row


def record_change(
    session: Session, before: VersionRow, after: VersionRow, *, since: datetime, now: datetime, origin: str
) -> ChangeRow | None:
    """Judges two versions and stores the change; None when it was known already."""
    was, said = _readings_of(session, [before, after], now)
    judged = judge(clauses.cut(before.text), clauses.cut(after.text), before=was, after=said)
    return changes.record(
        session,
        judged,
        before=before,
        after=after,
        happened_from=before.last_seen if before.last_seen <= since else None,
        happened_to=since,
        found_at=now,
        origin=origin,
    )
