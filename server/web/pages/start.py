"""/: all platforms with their badges; filter and search by GET."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flask import Blueprint, Response, redirect, request
from pydantic import BaseModel, field_validator

from server.core import hosts
from server.core.model import Level, Stance
from server.core.status import Status
from server.flows.lookup import look_up_all
from server.store import changes
from server.store.changes import Filter
from server.web.api.show import show_change
from server.web.context import context
from server.web.pages.site import page
from server.web.pages.words import CATEGORIES

LATELY = 5
LONGEST = 100
"""Letters of a search; what a link brings beyond is cut off."""


class StartQuery(BaseModel):
    """Which platforms to show. Unknown parameters are ignored: links from elsewhere carry their own."""

    q: str = ""
    category: str = ""
    state: Literal["", "permits", "opt_out", "opt_in", "prohibits", "silent", "unknown"] = ""

    @field_validator("q")
    @classmethod
    def _cut(cls, value: str) -> str:
        return value[:LONGEST]


@dataclass(frozen=True, slots=True)
class Row:
    """One platform in the list."""

    status: Status
    changed_at: datetime | None


def register(blueprint: Blueprint) -> None:
    """Adds the page."""
    blueprint.add_url_rule("/", "start", start)
    blueprint.add_url_rule("/platforms", "platforms", lambda: redirect("/", 308))


def start() -> Response:
    """The start page."""
    query = StartQuery.model_validate(request.args.to_dict())
    here = context()
    listed = sorted(here.catalogue.platforms.values(), key=lambda platform: platform.name.lower())
    with here.read() as session:
        found = look_up_all(session, listed, here.clock.now(), here.settings.stale_after)
        lately = changes.page(session, Filter(level=Level.MATERIAL.value), after=None, limit=LATELY)
        newest = [(here.catalogue.platforms.get(row.platform), show_change(row, here.public_url)) for row in lately]
    rows = [Row(status, changed_at) for status, changed_at in found]
    wanted = _wanted(query.q)
    return page(
        "start.html",
        query=query,
        rows=[row for row in rows if _fits(row, query, wanted)],
        total=len(rows),
        longest=LONGEST,
        counts=Counter(row.status.badge.state for row in rows),
        badges=_one_of_each(rows),
        present=_categories(rows),
        lately=newest,
    )


def _wanted(typed: str) -> list[str]:
    """The words to look for; of a host or an address copied from a browser its platform's first host."""
    return [_host(word) if "." in word or "://" in word else word for word in typed.lower().split()]


def _host(word: str) -> str:
    try:
        host = hosts.normalise(word)
    except ValueError:
        return word
    known = context().catalogue.by_host(host)
    return known.hosts[0] if known else host if "://" in word else word


def _fits(row: Row, query: StartQuery, words: list[str]) -> bool:
    platform = row.status.platform
    text = " ".join([platform.name, platform.id, *platform.hosts]).lower()
    return (
        all(word in text for word in words)
        and query.category in ("", platform.category)
        and query.state in ("", row.status.badge.state)
    )


def _one_of_each(rows: Iterable[Row]) -> list[tuple[str, str, str, str]]:
    """The states that occur, strongest first: (state, shape, letter, label)."""
    seen = {row.status.badge.state: row.status.badge for row in rows}
    ordered = [seen[stance.value] for stance in Stance if stance.value in seen]
    return [(badge.state, badge.shape, badge.letter, badge.label) for badge in ordered]


def _categories(rows: Iterable[Row]) -> list[tuple[str, str]]:
    found = sorted({row.status.platform.category for row in rows})
    return [(name, CATEGORIES.get(name, name.capitalize())) for name in found]
