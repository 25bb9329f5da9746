"""The Flask application: API v1, public pages, health."""

from __future__ import annotations

from typing import cast

from flask import Flask, Response, current_app, request
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException

from server.core.errors import ClausewatchError
from server.web import errors, health, limits, metrics, signing
from server.web.api import telegram, v1
from server.web.context import Context
from server.web.operator import all_pages as operator
from server.web.pages import all_pages, site
from server.web.pages.problems import for_readers

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
}

LARGEST = 1 << 20
"""Bytes of a request; forms and the API take far less."""

_FOR_ALL_PAGES = ("/v1/", "/healthz", "/readyz", "/badge/", "/feeds/", "/export/", "/cards/")
"""What scripts of any web page may read."""


def create_app(context: Context) -> Flask:
    """The application that answers with what `context` holds."""
    app = Flask("server.web", static_folder=None)
    app.extensions["clausewatch"] = context
    app.config["MAX_CONTENT_LENGTH"] = LARGEST
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.register_blueprint(v1.blueprint(), url_prefix="/v1")
    app.register_blueprint(health.blueprint())
    app.register_blueprint(telegram.blueprint())
    app.register_blueprint(metrics.blueprint())
    site.prepare(app)
    limits.prepare(app, context)
    signing.prepare(app, context)
    app.register_blueprint(all_pages.blueprint())
    app.register_blueprint(operator.blueprint(), url_prefix="/operator")
    app.register_error_handler(HTTPException, for_readers(errors.of_http))
    app.register_error_handler(ValidationError, for_readers(errors.of_validation))
    app.register_error_handler(ClausewatchError, for_readers(errors.of_ours))
    for away in (OperationalError, TimeoutError):
        app.register_error_handler(away, for_readers(_without_database))
    app.register_error_handler(Exception, for_readers(_unexpected))
    app.after_request(_finish)
    return app


def _unexpected(error: Exception) -> Response:
    current_app.logger.exception("a request failed", exc_info=error)
    return errors.problem(500, "Something broke on our side; it has been logged.")


def _without_database(error: Exception) -> Response:
    current_app.logger.error("the database does not answer", exc_info=error)
    return errors.problem(503, "The database does not answer. Try again in a moment.", headers=[("Retry-After", "10")])


def _surrogate_key() -> str:
    """By what a CDN may drop an answer: all, its platform, or `lists` when it shows several platforms."""
    parts = request.view_args or {}
    id = str(parts.get("platform", parts.get("id", "")))
    known = cast(Context, current_app.extensions["clausewatch"]).catalogue.platforms
    return f"all {id}" if id in known else "all lists"


def _open_to_scripts(response: Response) -> None:
    response.headers.setdefault("Access-Control-Allow-Origin", "*")
    response.headers.setdefault("Access-Control-Expose-Headers", "ETag, Retry-After")
    if request.method == "OPTIONS" and "GET" in response.headers.get("Allow", ""):
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
        response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"


def _finish(response: Response) -> Response:
    here: Context = current_app.extensions["clausewatch"]
    if request.is_secure or here.public_url.startswith("https://"):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith(_FOR_ALL_PAGES):
        _open_to_scripts(response)
    if response.status_code in {200, 304} and "s-maxage" in response.headers.get("Cache-Control", ""):
        response.headers.setdefault("Surrogate-Key", _surrogate_key())
    return response
