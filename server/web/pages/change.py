"""/changes and /changes/<id>: what changed, word by word, with its evidence."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, abort, request
from pydantic import ConfigDict, Field

from server.core.announcements import is_over
from server.web.api.changes import ChangesQuery, find_change, list_changes, why_not
from server.web.api.models import EditAnswer
from server.web.context import context
from server.web.pages.passages import Passage, shorten
from server.web.pages.site import page
from server.web.pages.words import archived

LONGEST = 40_000
"""Letters of the passages on one page; the API has them all."""


class PageQuery(ChangesQuery):
    """Which changes to show. Unknown parameters are ignored: links from elsewhere carry their own."""

    model_config = ConfigDict(extra="ignore")

    platform: str = Field("", max_length=60)


_HEAD = 100
"""What a passage takes beside its letters."""


def register(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/changes", "changes", changes)
    blueprint.add_url_rule("/changes/<int:id>", "change", change)


def changes() -> Response:
    """The list of changes of all platforms, or of one."""
    query = PageQuery.model_validate(request.args.to_dict())
    catalogue = context().catalogue
    about = catalogue.platform(query.platform) if query.platform else None
    answer = list_changes(query, query.platform)
    kept = {key: value for key, value in request.args.items() if key != "cursor" and value}
    older = f"?{urlencode(kept | {'cursor': answer.next})}" if answer.next else ""
    names = {id: platform.name for id, platform in catalogue.platforms.items()}
    return page("changes.html", query=query, platform=about, changes=answer.changes, older=older, names=names)


def change(id: int) -> Response:
    """The page of one change."""
    found = find_change(id)
    if found is None:
        abort(404, why_not(id))
    here = context()
    known = here.catalogue.platforms.get(found.platform)
    passages = _passages(found.edits)
    document = next((one for one in known.documents if one.id == found.document), None) if known else None
    archive = here.settings.archive_url.rstrip("/")
    return page(
        "change.html",
        about=found.platform,
        change=found,
        own_feeds=bool(known and known.feeds),
        over=is_over(found.happened_to, here.clock.now()),
        name=known.name if known else found.platform,
        watched=known is not None,
        document=(document.title or document.type) if document else found.document,
        passages=passages,
        more=len(found.edits) - len(passages),
        sides=[
            (label, side, archived(archive, side.capture_url, side.first_seen) if side.capture_url else "")
            for label, side in (("Before", found.before), ("After", found.after))
        ],
    )


def _passages(edits: list[EditAnswer]) -> list[Passage]:
    """As many as fit on a page, and the first in any case."""
    shown: list[Passage] = []
    room = LONGEST
    for passage in map(shorten, edits):
        room -= _HEAD + sum(len(run.text) for run in passage.runs)
        if shown and room < 0:
            break
        shown.append(passage)
    return shown
