"""The values that pass between the stages. The words are those of docs/architecture.md."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Stance(StrEnum):
    """What a text says about a use of what people upload (docs/reading.md has the codebook)."""

    PERMITS = "permits"
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    PROHIBITS = "prohibits"
    SILENT = "silent"
    UNKNOWN = "unknown"
    """Never read, or not readable (another language, a page that could not be fetched). Not the same as silent."""

    @property
    def takes(self) -> bool:
        """Whether nobody is asked first: it is permitted, or permitted until one objects."""
        return self in (Stance.PERMITS, Stance.OPT_OUT)


class Subject(StrEnum):
    """What training and sharing speak of: works and posts, personal or usage data, or both."""

    CONTENT = "content"
    DATA = "data"
    BOTH = "both"
    NONE = "none"


class Models(StrEnum):
    """Which models a rule on training speaks of."""

    GENERATIVE = "generative"
    UNSPECIFIED = "unspecified"
    FEATURES = "features"
    """Limited to operating features: recommendation, search, safety."""
    NONE = "none"


class Level(StrEnum):
    """How loudly a subscriber hears of a change."""

    MATERIAL = "material"
    NOTABLE = "notable"
    NOISE = "noise"


class Kind(StrEnum):
    """What a change is about: the heaviest that applies, in this order."""

    TRAINING = "training"
    SHARING = "sharing"
    ANTI_SCRAPING = "anti_scraping"
    OPERATION = "operation"
    AI_FEATURES = "ai_features"
    CONDUCT = "conduct"
    WORDING = "wording"
    TECHNICAL = "technical"


class Direction(StrEnum):
    """For what users provide: more permission or less choice is worse."""

    WORSE = "worse"
    BETTER = "better"
    NEUTRAL = "neutral"


class CaptureKind(StrEnum):
    """What the bytes of a capture are. Only a policy can become a version."""

    POLICY = "policy"
    WALL = "wall"
    """A bot challenge, consent or cookie page, whatever its status says."""
    ERROR = "error"
    REDIRECT = "redirect"
    INCOMPLETE = "incomplete"
    """Cut short, or so much shorter than the last wording that it cannot be whole."""
    NEAR_EMPTY = "near_empty"
    NOT_TEXT = "not_text"
    OTHER_PAGE = "other_page"
    OTHER_LANGUAGE = "other_language"
    NEEDS_BROWSER = "needs_browser"


class MediaType(StrEnum):
    """The media types that the core can turn into text."""

    MARKDOWN = "text/markdown"
    HTML = "text/html"
    PLAIN = "text/plain"


class Clause(NamedTuple):
    """A passage of a version. `id` is the hash of its normalised words, so moving or re-wrapping keeps it.

    A text has hundreds: a tuple is made in a third of the time of a frozen dataclass.
    """

    id: str
    text: str
    """One paragraph, heading, list item or table row, mark-up and link targets taken off."""
    line: int
    """1-based line of the text where the passage starts."""
    heading: str = ""
    """The nearest heading above, for context; empty at the top."""
    lead: str = ""
    """For a list item: the sentence that introduces the list ("You may not:")."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence that a reading rests on, the field it decides, and the rule that fired."""

    line: int
    text: str
    rule: str
    field: str
    stance: str = ""
    """The value this sentence argues for: a Stance, or "true" for anti_scraping and operation."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text allows. Every value other than silent, false and none is backed by evidence."""

    training: Stance = Stance.SILENT
    sharing: Stance = Stance.SILENT
    subject: Subject = Subject.NONE
    models: Models = Models.NONE
    anti_scraping: bool = False
    operation: bool = False
    evidence: tuple[Evidence, ...] = ()
    confidence: str = "high"
    """high, medium or low."""
    language: str = "en"
    reason: str = ""
    """Why the reading is unknown, in plain words; empty otherwise."""

    @property
    def known(self) -> bool:
        """Whether the text could be read at all."""
        return self.training is not Stance.UNKNOWN


@dataclass(frozen=True, slots=True)
class Edit:
    """One passage that differs between two versions."""

    op: str
    """added, removed, changed or moved."""
    old: str = ""
    new: str = ""
    old_line: int = 0
    new_line: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """The judged transition between two versions of a document."""

    level: Level
    kind: Kind
    direction: Direction
    before: Reading
    after: Reading
    explanation: str = ""
    """One line: what it means for a creator."""
    quote_before: str = ""
    quote_after: str = ""
    """The sentences that carry the change; one of them is empty when a rule was only added or dropped."""
    confidence: str = "high"


@dataclass(frozen=True, slots=True)
class Document:
    """One policy text of a platform in one region and language, at one or more addresses."""

    platform: str
    id: str
    """Unique within the platform: "terms", "privacy", "ai-policy"."""
    type: str
    urls: tuple[str, ...]
    title: str = ""
    binding: bool = True
    """False for help pages and blog posts, which explain but do not bind."""
    region: str = ""
    language: str = "en"
    select: tuple[str, ...] = ()
    """CSS selectors of the policy text; when empty, its root is found."""
    remove: tuple[str, ...] = ()
    prior_versions: str = ""
    """Address pattern of the platform's own earlier wordings, with {YYYY}, {MM} and {DD} for the date."""
    browser: bool = False
    """Whether the page is known to draw its text with scripts. The plain page is tried first all the same."""
    verified: bool = False
    """Whether a good source shows this address in use; not whether it answers today."""
    aliases: tuple[str, ...] = ()
    """Names under which public collections keep it: "SoundCloud/Terms of Service"."""
    source: str = ""
    checked: str = ""

    @property
    def key(self) -> str:
        """The name under which everything is stored: "soundcloud/terms"."""
        return f"{self.platform}/{self.id}"


@dataclass(frozen=True, slots=True)
class Statement:
    """What the company said in public, in our own words."""

    date: str
    speaker: str
    says: str
    source: str
    claims: dict[str, str] = field(default_factory=dict)
    """The stance the words amount to, by field: {"training": "prohibits"}."""
    checked: str = ""
    certainty: str = "sure"
    """sure (read at the source, or several independent reports), likely (one report) or unverified."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened around a platform's policy, with its source."""

    date: str
    what: str
    source: str
    certainty: str = "sure"
    checked: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A way for people to object or to consent."""

    kind: str
    """opt_out or opt_in."""
    scope: str
    steps: tuple[str, ...]
    url: str = ""
    source: str = ""
    checked: str = ""
    certainty: str = "sure"


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that may announce a change: a newsroom, a policy blog, a change log."""

    url: str
    title: str = ""
    kind: str = "newsroom"
    """newsroom, blog, changelog, archive (recorded wordings, not announcements) or news (the press)."""
    verified: bool = False
    source: str = ""
    checked: str = ""


@dataclass(frozen=True, slots=True)
class Platform:
    """A service that creators upload to, as the catalogue describes it."""

    id: str
    name: str
    category: str
    hosts: tuple[str, ...]
    documents: tuple[Document, ...]
    homepage: str = ""
    sample_page: str = ""
    """A public page of somebody's work: where promised tags for crawlers are looked for. The home page when empty."""
    feeds: tuple[Feed, ...] = ()
    statements: tuple[Statement, ...] = ()
    events: tuple[Event, ...] = ()
    choices: tuple[Choice, ...] = ()
    promised_signals: tuple[str, ...] = ()
    """Signals that the company says its pages carry: {"noai"}."""
    delivers_to: tuple[str, ...] = ()
    """Platforms that a distributor passes uploads on to."""
    delivery_source: str = ""
    """Where `delivers_to` was read."""
    badge_in_page: bool = False
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A wording seen at a moment: what the stability rules decide upon."""

    at: datetime
    wording: str
    """Hash of the normalised words."""
    kind: CaptureKind = CaptureKind.POLICY
    source: str = "live"
