"""What forms rest on: a key that all processes share, sessions in signed cookies, tokens against forged forms.

A page without a form sets no cookie and needs no key, so it can be answered while the database is away.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Request, Response, current_app, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect

from server.store import keys
from server.web.context import Context
from server.web.limits import SAFE
from server.web.pages.site import page

KEY = "sessions"
_LARGEST_FORM = 16 << 10


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions, which ask for the key only when there is a session to read or to write."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of the cookie, or an empty one."""
        if not request.cookies.get(self.get_cookie_name(app)):
            return self.session_class()
        ensure_key(app)
        return super().open_session(app, request)


def prepare(app: Flask, here: Context) -> None:
    """Gives the application sessions, and refuses every unsafe request to a page without a token."""
    secure = here.public_url.startswith("https://")
    app.config |= {
        "SESSION_COOKIE_NAME": "__Host-clausewatch" if secure else "clausewatch",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,  # a token ends with its session
        "WTF_CSRF_SSL_STRICT": False,  # our pages send no referrer, so there is none to compare
    }
    app.session_interface = Sessions()
    app.before_request(_before_a_form)
    guard = CSRFProtect(app)
    for name in ("v1", "telegram"):  # machines: JSON that no form can send, and a secret in a header
        guard.exempt(app.blueprints[name])


def ensure_key(app: Flask) -> None:
    """Sets the application's key: the one in the settings, else the one that all processes find in the database."""
    if app.secret_key:
        return
    here: Context = app.extensions["clausewatch"]
    if here.settings.secret_key:
        app.secret_key = here.settings.secret_key
        return
    with here.write() as session:
        app.secret_key = keys.ensure(session, KEY)


def form_page(template: str, *, status: int = 200, **values: Any) -> Response:
    """A page with a form, which must hold `{{ token() }}` of parts.html; no cache may keep it."""
    ensure_key(current_app)
    response = page(template, cache="no-store", **values)
    response.headers.pop("ETag", None)
    response.status_code = status
    return response


def _before_a_form() -> None:
    if request.method in SAFE:
        return
    ensure_key(current_app)
    if request.blueprint == "pages":
        request.max_content_length = _LARGEST_FORM
