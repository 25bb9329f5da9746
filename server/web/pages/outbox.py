"""/outbox: the newest notices, whether or not a bot sends them."""

from __future__ import annotations

from flask import Blueprint, Response

from server.catalogue import Catalogue
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
        notices = [
            notice | {"text": named(notice["text"], here.catalogue)}
            for notice in stored.progress(session)
            if notice["state"] != stored.DRAFT
        ]
    return page("outbox.html", cache="public, max-age=15", notices=notices, bot=here.settings.telegram_username)


def named(text: str, catalogue: Catalogue) -> str:
    """A notice's text with the platform's name where it begins with its id, as that of a change does."""
    id, colon, rest = text.partition(": ")
    platform = catalogue.platforms.get(id)
    return f"{platform.name}{colon}{rest}" if platform and colon else text
