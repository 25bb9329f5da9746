"""A platform's answer now: its documents' readings combined, beside what the company says and what its signals say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import quote

from server.core.badge import Badge, badge
from server.core.model import Document, Evidence, Platform, Reading, Stance, Statement, Subject


@dataclass(frozen=True, slots=True)
class DocumentState:
    """One document as last seen. `reading` is None as long as no wording of it has been confirmed."""

    document: Document
    reading: Reading | None = None
    checked_at: datetime | None = None
    unchanged_since: datetime | None = None
    health: str = "never looked at"
    """"ok", or in plain words why the last looks failed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the terms say on one question, and the sentence it rests on."""

    stance: Stance
    reading: Reading
    document: Document | None = None
    evidence: Evidence | None = None
    first_seen: datetime | None = None

    @property
    def quote(self) -> str:
        """The deciding sentence; empty when there is none."""
        return self.evidence.text if self.evidence else ""

    @property
    def source_url(self) -> str:
        """Where the deciding document lives; empty when there is none."""
        return self.document.urls[0] if self.document else ""

    @property
    def fragment_url(self) -> str:
        """The source, scrolled to the sentence (https://wicg.github.io/scroll-to-text-fragment/)."""
        return text_fragment(self.source_url, self.quote) if self.quote else self.source_url


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The company says one thing, its terms allow another: a result of its own."""

    field: str
    statement: Statement
    may: Stance
    text: str


@dataclass(frozen=True, slots=True)
class Status:
    """A platform's answer now. Terms, statements and signals stay three columns: none is folded into another."""

    platform: Platform
    badge: Badge
    training: Answer
    sharing: Answer
    anti_scraping: bool
    operation: bool
    contradictions: tuple[Contradiction, ...]
    documents: tuple[DocumentState, ...]
    checked_at: datetime | None
    stale: bool


UNREAD = Reading(
    training=Stance.UNKNOWN, sharing=Stance.UNKNOWN, confidence="low", reason="No document has been read yet."
)

# A rule on the stronger side outweighs the weaker one when two documents of equal rank speak.
_BREADTH = [Stance.PERMITS, Stance.OPT_OUT, Stance.OPT_IN, Stance.PROHIBITS, Stance.SILENT, Stance.UNKNOWN]


def combine(platform: Platform, states: Sequence[DocumentState], now: datetime, stale_after: timedelta) -> Status:
    """The status of `platform` at `now`. Region variants are kept in `documents` and do not decide the answer."""
    training = _answer(states, "training")
    sharing = _answer(states, "sharing")
    read = [state.reading for state in states if state.reading and state.reading.known]
    checked = max((state.checked_at for state in states if state.checked_at), default=None)
    stale = checked is None or now - checked > stale_after
    overall = replace(training.reading, training=training.stance, sharing=sharing.stance)
    return Status(
        platform=platform,
        badge=badge(platform.name, overall, stale=stale),
        training=training,
        sharing=sharing,
        anti_scraping=any(reading.anti_scraping for reading in read),
        operation=any(reading.operation for reading in read),
        contradictions=contradictions(platform.statements, _of_works(training), sharing.stance),
        documents=tuple(states),
        checked_at=checked,
        stale=stale,
    )


def _of_works(training: Answer) -> Stance:
    """What it says of training on works: who promises nothing on data about use breaks no promise with it."""
    return Stance.SILENT if training.reading.subject is Subject.DATA else training.stance


def _answer(states: Sequence[DocumentState], field: str) -> Answer:
    """Binding terms before help pages, the main region before variants, content before data, the widest rule first."""
    read = [state for state in states if state.reading]
    main = [state for state in read if not state.document.region] or read
    speaking = [state for state in main if _stance(state, field) not in {Stance.SILENT, Stance.UNKNOWN}]
    if speaking:
        chosen = min(speaking, key=lambda state: _rank(state, field))
    elif main:
        chosen = min(main, key=lambda state: _BREADTH.index(_stance(state, field)))
    else:
        return Answer(Stance.UNKNOWN, UNREAD)
    assert chosen.reading is not None
    return Answer(
        _stance(chosen, field),
        chosen.reading,
        chosen.document,
        _deciding(chosen.reading, field),
        chosen.unchanged_since,
    )


def _stance(state: DocumentState, field: str) -> Stance:
    assert state.reading is not None
    stance: Stance = getattr(state.reading, field)
    return stance


def _rank(state: DocumentState, field: str) -> tuple[bool, bool, int]:
    assert state.reading is not None
    data_only = field == "training" and state.reading.subject is Subject.DATA
    return (not state.document.binding, data_only, _BREADTH.index(_stance(state, field)))


def _deciding(reading: Reading, field: str) -> Evidence | None:
    stance = getattr(reading, field)
    mine = [evidence for evidence in reading.evidence if evidence.field == field]
    return next((evidence for evidence in mine if evidence.stance == stance), mine[0] if mine else None)


_CLAIMS_TOO_MUCH = {
    ("prohibits", Stance.PERMITS): "The company says it does not; its terms allow it to.",
    ("prohibits", Stance.OPT_OUT): "The company says it does not; its terms allow it unless you object.",
    ("opt_in", Stance.PERMITS): "The company promises to ask first; its terms do not require that.",
    ("opt_in", Stance.OPT_OUT): "The company promises to ask first; its terms allow it unless you object.",
    ("opt_out", Stance.PERMITS): "The company points to a choice; its terms do not offer one.",
}


def contradictions(statements: Sequence[Statement], training: Stance, sharing: Stance) -> tuple[Contradiction, ...]:
    """Where the newest statement on a question promises more than the terms keep."""
    found = []
    for field, stance in (("training", training), ("sharing", sharing)):
        newest = max((s for s in statements if field in s.claims), key=lambda s: s.date, default=None)
        if newest and (text := _CLAIMS_TOO_MUCH.get((newest.claims[field], stance))):
            found.append(Contradiction(field, newest, stance, text))
    return tuple(found)


def text_fragment(url: str, sentence: str) -> str:
    """`url` with a text fragment of the first and last words of `sentence`: edits in between do not break it."""
    words = sentence.split()
    if not url or not words:
        return url
    start, end = " ".join(words[:6]), " ".join(words[-4:]) if len(words) > 12 else ""
    spec = quote(start, safe="") + (f",{quote(end, safe='')}" if end else "")
    return f"{url.split('#', 1)[0]}#:~:text={spec.replace('-', '%2D')}"
