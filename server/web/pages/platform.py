"""/platforms/<id>: everything that is known of one platform."""

from __future__ import annotations

from flask import Blueprint, Response

from server.core.model import Platform
from server.flows.lookup import look_up
from server.store import changes
from server.store.changes import Filter
from server.web.api.show import show_change, show_platform
from server.web.context import Context, context
from server.web.pages.site import page
from server.web.pages.years import lanes
from server.web.timeline import draw

SHOWN_CHANGES = 20


def register(blueprint: Blueprint) -> None:
    """Adds the page."""
    blueprint.add_url_rule("/platforms/<id>", "platform", platform)


def platform(id: str) -> Response:
    """The page of one platform."""
    here = context()
    known = here.catalogue.platform(id)
    with here.read() as session:
        found = look_up(session, known, here.clock.now(), here.settings.stale_after)
        answer = show_platform(found, known.hosts[0], here)
        rows = changes.page(session, Filter(platform=id, noise=True), after=None, limit=SHOWN_CHANGES + 1)
        today = here.clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        picture = draw(lanes(session, found.status, today), today)
        listed = [show_change(row, here.public_url) for row in rows[:SHOWN_CHANGES]]
    return page(
        "platform.html",
        platform=known,
        answer=answer,
        changes=listed,
        more=len(rows) > SHOWN_CHANGES,
        timeline=picture,
        passes_on=_named(here, known.delivers_to),
        receives_from=_named(here, _sources_of(here, id)),
    )


def _named(here: Context, ids: tuple[str, ...]) -> list[tuple[str, str]]:
    """(id, name) of each; the id is empty when the platform is not watched here."""
    known = here.catalogue.platforms
    return [(id if id in known else "", known[id].name if id in known else id) for id in ids]


def _sources_of(here: Context, id: str) -> tuple[str, ...]:
    others: list[Platform] = sorted(here.catalogue.platforms.values(), key=lambda other: other.name.lower())
    return tuple(other.id for other in others if id in other.delivers_to)
