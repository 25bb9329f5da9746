"""The answers of API v1. Fields are only ever added within v1 (docs/api.md)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

State = Literal["permits", "opt_out", "opt_in", "prohibits", "silent", "unknown"]
Moment = Annotated[datetime, Field(description="UTC")]


class BadgeAnswer(BaseModel):
    """The badge: a letter and a shape, never colour alone."""

    state: State
    letter: str
    shape: str
    label: str
    sentence: str
    stale: bool


class QuestionAnswer(BaseModel):
    """What the terms say on one question, and the sentence it rests on."""

    stance: State = Field(description="What the terms say of it; of uploads only where subject is not data: see badge")
    subject: str = Field(description="What it may be done with: content, data, both or none")
    models: str = Field(description="Which models: generative, features, unspecified or none")
    quote: str
    rule: str
    document: str
    source_url: str
    fragment_url: str
    first_seen: Moment | None
    note: str


class StatementAnswer(BaseModel):
    """What the company said in public, in our words."""

    date: str
    speaker: str
    says: str
    source: str


class ContradictionAnswer(BaseModel):
    """The company says one thing, its terms allow another."""

    field: str
    says: StatementAnswer
    may: State
    text: str


class SignalAnswer(BaseModel):
    """What the site tells crawlers, by one family of signals."""

    family: str
    use: str
    verdict: Literal["reserved", "allowed", "silent", "unreadable"]
    evidence: str
    line: int
    url: str
    checked_at: Moment


class BrokenPromiseAnswer(BaseModel):
    """The company says that its pages carry a signal; the page that was looked at does not."""

    family: str
    page: str
    text: str


class ChoiceAnswer(BaseModel):
    """A way to object or to consent."""

    kind: str
    scope: str
    steps: list[str]
    url: str


class ChangeAnswer(BaseModel):
    """A confirmed change, without its passages."""

    id: int
    platform: str
    document: str
    level: Literal["material", "notable", "noise"]
    kind: str
    direction: Literal["worse", "better", "neutral"]
    explanation: str
    quote_before: str
    quote_after: str
    happened_from: Moment | None = Field(description="Last moment at which the old wording was seen")
    happened_to: Moment = Field(description="First moment at which the new wording was seen")
    found_at: Moment
    quiet: bool | None = Field(
        description="No announcement found within 30 days; null while it is too early to say, or when no feed was read"
    )
    url: str


class DocumentAnswer(BaseModel):
    """One policy text and how we are doing with it."""

    id: str
    type: str
    title: str
    url: str
    binding: bool
    region: str
    language: str
    training: State
    on_uploads: State = Field(description="As the badge counts training: silent where use or features are meant")
    sharing: State
    checked_at: Moment | None
    unchanged_since: Moment | None
    health: str


class Links(BaseModel):
    """Where to read on."""

    page: str
    changes: str
    telegram: str


class PlatformAnswer(BaseModel):
    """A platform's status."""

    platform: str
    name: str
    host: str
    badge: BadgeAnswer
    training: QuestionAnswer
    sharing: QuestionAnswer
    anti_scraping: bool
    operation: bool
    contradictions: list[ContradictionAnswer]
    statements: list[StatementAnswer]
    signals: list[SignalAnswer]
    broken_promises: list[BrokenPromiseAnswer]
    choices: list[ChoiceAnswer]
    last_change: ChangeAnswer | None
    documents: list[DocumentAnswer]
    checked_at: Moment | None
    changed_at: Moment | None
    stale: bool
    links: Links


class HostPlatform(BaseModel):
    """What the extension needs to draw a badge without asking again."""

    name: str
    category: str
    in_page: bool
    badge: BadgeAnswer
    changed_at: Moment | None
    checked_at: Moment | None


class HostsAnswer(BaseModel):
    """Every host that is watched: the extension caches it and matches locally."""

    generated_at: Moment
    hosts: dict[str, str]
    platforms: dict[str, HostPlatform]


class PlatformEntry(BaseModel):
    """One platform in the list."""

    platform: str
    name: str
    category: str
    hosts: list[str]
    badge: BadgeAnswer
    changed_at: Moment | None
    checked_at: Moment | None
    url: str


class PlatformsAnswer(BaseModel):
    """All platforms, in order of name."""

    platforms: list[PlatformEntry]


class ChangesAnswer(BaseModel):
    """One page of changes, newest first; `next` is the cursor of the following page."""

    changes: list[ChangeAnswer]
    next: str | None


class Span(BaseModel):
    """A run of words in a diff."""

    op: Literal["same", "removed", "added"]
    text: str


class EditAnswer(BaseModel):
    """One passage that differs."""

    op: str
    old_line: int
    new_line: int
    words: list[Span]


class Wording(BaseModel):
    """One side of a change."""

    training: State
    sharing: State
    anti_scraping: bool
    first_seen: Moment
    last_seen: Moment
    capture_url: str = Field(description="Where the evidence was captured")
    sha256: str = Field(description="Hash of the bytes captured; empty when none are kept")


class ChangeDetailAnswer(ChangeAnswer):
    """A confirmed change with its passages and both readings."""

    before: Wording
    after: Wording
    edits: list[EditAnswer]
    announcement: str = Field(description="Address of the announcement; empty when none was found")
    effective: str | None = Field(description="Day on which the new text takes effect, as it says itself")
    days_left: int | None = Field(description="Days until then; null when the day has come or none is stated")
