"""/outbox: the newest notices, whether or not a bot sends them."""

from __future__ import annotations

from flask import Blueprint, Response

from server.store import outbox as stored
from server.web.context import context
from server.web.pages.site import page


def register(blueprint: Blueprint) -> None:
    """Adds the page."""
    blueprint.add_url_rule("/outbox", "outbox", outbox)


def outbox() -> Response:
    """The outbox page."""
    here = context()
    with here.read() as session:
        notices = [notice for notice in stored.progress(session) if notice["state"] != stored.DRAFT]
    return page("outbox.html", cache="public, max-age=15", notices=notices, bot=here.settings.telegram_username)
