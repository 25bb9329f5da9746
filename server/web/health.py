"""Health: alive, and ready to answer."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from server.core.errors import ClausewatchError
from server.web.context import context
from server.web.errors import problem


def blueprint() -> Blueprint:
    """/healthz: the process lives. /readyz: so does all it stands on."""
    health = Blueprint("health", __name__)
    health.add_url_rule("/healthz", view_func=_alive, endpoint="alive")
    health.add_url_rule("/readyz", view_func=_ready, endpoint="ready")
    return health


def _alive() -> Response:
    response = jsonify(status="ok", checks={})
    response.headers["Cache-Control"] = "no-store"
    return response


def _ready() -> Response:
    for name, check in context().checks:
        try:
            check()
        except ClausewatchError as why:
            return problem(503, f"{name}: {why}", headers=[("Retry-After", "5")])
    response = jsonify(status="ok", checks={name: "ok" for name, _ in context().checks})
    response.headers["Cache-Control"] = "no-store"
    return response
