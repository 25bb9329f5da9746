"""The blueprint with every page on it."""

from __future__ import annotations

from flask import Blueprint

from server.web import atom, badges, cards, export
from server.web.pages import change, docs, files, method, outbox, platform, start, suggest
from server.web.pages.site import make_blueprint


def blueprint() -> Blueprint:
    """The routes of the public pages."""
    made = make_blueprint()
    for each in (start, platform, change, outbox, suggest, method, docs, files, atom, badges, cards, export):
        each.register(made)
    return made
