"""The values of signal reading: what was fetched, and what it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """What a site says to crawlers about a use. Silent is never allowed, and unreadable is neither."""

    RESERVED = "reserved"
    ALLOWED = "allowed"
    SILENT = "silent"
    UNREADABLE = "unreadable"


class Use(StrEnum):
    """What a machine may want content for."""

    AI_TRAIN = "ai-train"
    AI_INPUT = "ai-input"
    SEARCH = "search"
    TDM = "tdm"
    """Text and data mining, as the EU's directive on copyright has it; training is part of it."""
    NONE = "none"
    """The signal speaks of no use; only its presence is shown."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One machine-readable statement, or its absence, with the line it rests on."""

    family: str
    use: Use
    verdict: Verdict
    evidence: str = ""
    """The line, header or tag as it stands; for unreadable, why."""
    line: int = 0
    """Of the file or page, from 1; 0 for headers and absences."""
    url: str = ""
    agent: str = ""
    """The crawler it is addressed to, `*` for the robots.txt group for all; empty when it is for everyone."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one address answered. Headers stay a list: joining two of them can change what they say."""

    url: str
    status: int
    """0 when no answer came."""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    trouble: str = ""
    """Why no answer came, in a few words."""

    def header(self, name: str) -> list[str]:
        """All values of a header, in order, not joined."""
        return [value for key, value in self.headers if key.lower() == name]


@dataclass(frozen=True, slots=True)
class File:
    """A small text file of a site: its text, or nothing because it is missing or cannot be read."""

    url: str
    text: str = ""
    missing: bool = True
    trouble: str = ""
    """Why it cannot be read; empty when it can, or when it is plainly not there."""


@dataclass(frozen=True, slots=True)
class Meta:
    """A `<meta name=… content=…>` of a page, its name in lower case."""

    name: str
    content: str
    line: int


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence found in a page: the address it links to, or its text when it stands in the page."""

    href: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Page:
    """What a page's headers and mark-up tell crawlers."""

    url: str
    headers: tuple[tuple[str, str], ...] = ()
    metas: tuple[Meta, ...] = ()
    licences: tuple[Licence, ...] = ()
    trouble: str = ""

    def header(self, name: str) -> list[str]:
        """All values of a header, in order, not joined."""
        return [value for key, value in self.headers if key.lower() == name]


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that the families read: one site, seen through one of its public pages."""

    page: Page
    robots: File
    tdmrep: File
    llms: File = field(default_factory=lambda: File(""))
    ai: File = field(default_factory=lambda: File(""))
    licences: tuple[File, ...] = ()
