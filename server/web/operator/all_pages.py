"""The blueprint with every page of operators on it."""

from __future__ import annotations

from flask import Blueprint

from server.web.limits import EXEMPT
from server.web.operator import broadcast, entrance, overview, queue, review, sources, suggestions
from server.web.operator.guard import for_operators, require_password

_OPEN = {"login", "enter"}


def blueprint() -> Blueprint:
    """The routes under /operator: all but the log-in need it, and those are not counted by the limits."""
    made = Blueprint("operator", __name__)
    made.before_request(require_password)
    for room in (entrance, overview, review, sources, suggestions, broadcast, queue):
        for path, name, view, methods in room.ROUTES:
            made.add_url_rule(path, name, view if name in _OPEN else for_operators(view), methods=methods)
            if name not in _OPEN:
                EXEMPT.add(f"operator.{name}")
    return made
