"""The tables of a platform file, and how each becomes a value of the core."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from server.catalogue.fields import (
    Category,
    Certainty,
    Claim,
    ClaimField,
    Day,
    FeedKind,
    Host,
    PromisedSignal,
    Slug,
    SomeDate,
    Text,
    Url,
    VersionPattern,
)
from server.core.model import Choice, Document, Event, Feed, Platform, Statement


class Table(BaseModel):
    """Any table of a catalogue file: unknown keys and wrong types are errors."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class DocumentTable(Table):
    """`[documents.ID]`"""

    type: Text
    urls: list[Url] = Field(min_length=1)
    title: Text = ""
    binding: bool = True
    region: Text = ""
    language: Text = "en"
    select: list[Text] = []
    remove: list[Text] = []
    prior_versions: VersionPattern = ""
    browser: bool = False
    verified: bool = False
    aliases: list[Text] = []
    source: Text = ""
    checked: Day = ""

    def value(self, platform: str, id: str, checked: str) -> Document:
        """The document under its platform and id."""
        fields = _tuples(self, checked)
        return Document(platform=platform, id=id, **fields)


class FeedTable(Table):
    """`[feeds.ID]`"""

    url: Url
    title: Text = ""
    kind: FeedKind = "newsroom"
    verified: bool = False
    source: Text = ""
    checked: Day = ""

    def value(self, checked: str) -> Feed:
        """The feed."""
        return Feed(**_tuples(self, checked))


class StatementTable(Table):
    """`[[statements]]`"""

    date: SomeDate
    speaker: Text
    says: Text
    source: Text
    claims: dict[ClaimField, Claim] = {}
    certainty: Certainty = "sure"
    checked: Day = ""

    def value(self, checked: str) -> Statement:
        """The statement."""
        return Statement(**_tuples(self, checked))


class EventTable(Table):
    """`[[events]]`"""

    date: SomeDate
    what: Text
    source: Text
    certainty: Certainty = "sure"
    checked: Day = ""

    def value(self, checked: str) -> Event:
        """The event."""
        return Event(**_tuples(self, checked))


class ChoiceTable(Table):
    """`[[choices]]`"""

    kind: Literal["opt_out", "opt_in"]
    scope: Text
    steps: list[Text] = Field(min_length=1)
    url: Url = ""
    source: Text
    certainty: Certainty = "sure"
    checked: Day = ""

    def value(self, checked: str) -> Choice:
        """The choice."""
        return Choice(**_tuples(self, checked))


class PlatformFile(Table):
    """A whole file; its name is the platform's id."""

    name: Text
    category: Category
    hosts: list[Host] = Field(min_length=1)
    homepage: Url = ""
    sample_page: Url = ""
    checked: Day
    badge_in_page: bool = False
    promised_signals: list[PromisedSignal] = []
    delivers_to: list[Slug] = []
    delivery_source: Text = ""
    notes: Text = ""
    documents: dict[Slug, DocumentTable] = {}
    feeds: dict[Slug, FeedTable] = {}
    statements: list[StatementTable] = []
    events: list[EventTable] = []
    choices: list[ChoiceTable] = []

    def value(self, id: str) -> Platform:
        """The platform; `checked` of the file stands wherever a fact has no date of its own."""
        plain = {"name", "category", "homepage", "sample_page", "badge_in_page", "delivery_source", "notes"}
        return Platform(
            id=id,
            hosts=tuple(self.hosts),
            documents=tuple(table.value(id, key, self.checked) for key, table in self.documents.items()),
            feeds=tuple(table.value(self.checked) for table in self.feeds.values()),
            statements=tuple(table.value(self.checked) for table in self.statements),
            events=tuple(table.value(self.checked) for table in self.events),
            choices=tuple(table.value(self.checked) for table in self.choices),
            promised_signals=tuple(self.promised_signals),
            delivers_to=tuple(self.delivers_to),
            **self.model_dump(include=plain),
        )


class NewsFile(Table):
    """news.toml: feeds that speak of many platforms."""

    checked: Day
    feeds: dict[Slug, FeedTable] = {}

    def value(self) -> tuple[Feed, ...]:
        """The feeds, in the order of the file."""
        return tuple(table.value(self.checked) for table in self.feeds.values())


def _tuples(table: Table, checked: str) -> dict[str, Any]:
    """The fields as the frozen values take them: lists as tuples, and a date of checking in every one."""
    fields = {key: tuple(value) if isinstance(value, list) else value for key, value in table.model_dump().items()}
    return fields | {"checked": fields["checked"] or checked}
