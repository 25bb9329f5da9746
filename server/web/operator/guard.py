"""The operator's log-in: a random cookie whose hash, bound to the password, is in the database."""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from secrets import token_urlsafe
from typing import Any

from flask import Response, flash, redirect, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from server import queues
from server.core.errors import ClausewatchError, QueueError
from server.core.passwords import fits
from server.store import operators
from server.web.context import Context, context

log = logging.getLogger(__name__)

LASTS = timedelta(hours=12)
HOME = "/operator"

View = Callable[..., Response]
Routes = list[tuple[str, str, View, list[str]]]
"""Path, name, view and methods of each page."""


def require_password() -> None:
    """404 for everything here when no password is set."""
    if not context().settings.operator_password:
        raise NotFound


def for_operators(view: View) -> View:
    """`view` for whoever is logged in; others are sent to the log-in."""

    @wraps(view)
    def shown(*args: Any, **values: Any) -> Response:
        return view(*args, **values) if is_logged_in() else to("/operator/login")

    return shown


def log_in(given: str) -> str:
    """The cookie of a new session; empty when the password is wrong."""
    here = context()
    if not fits(given, here.settings.operator_password):
        log.warning("a log-in to the operator's pages was refused")
        return ""
    cookie = token_urlsafe(32)
    with here.write() as session:
        operators.begin(session, hash_of(cookie, here), _now(), LASTS)
        operators.note(session, hash_of(cookie, here), "log-in", "", _now())
    return cookie


def is_logged_in() -> bool:
    """Whether the request carries the cookie of an open session."""
    cookie, here = request.cookies.get(cookie_name(), ""), context()
    if not cookie:
        return False
    with here.read() as session:
        return operators.is_open(session, hash_of(cookie, here), _now())


def log_out() -> None:
    """Ends the session of this request, for good."""
    here = context()
    with here.write() as session:
        operators.note(session, session_hash(), "log-out", "", _now())
        operators.end(session, session_hash())


def hash_of(cookie: str, here: Context) -> str:
    """What the database knows a session by; a new password ends all sessions."""
    return hmac.new(here.settings.operator_password.encode(), cookie.encode(), hashlib.sha256).hexdigest()


def session_hash() -> str:
    """The hash of this request's session."""
    return hash_of(request.cookies.get(cookie_name(), ""), context())


def cookie_name() -> str:
    """With https the browser keeps it from other hosts and paths."""
    return "__Host-operator" if is_secure() else "operator"


def is_secure() -> bool:
    """Whether people reach this server by https."""
    return context().public_url.startswith("https://")


def do(
    action: str, detail: str, work: Callable[[Session, datetime], str], back: str, *, wake: bool = False
) -> Response:
    """Does something in one transaction with its note in the audit log, says what came of it, and leads back."""
    here = context()
    try:
        with here.write() as session:
            said = work(session, here.clock.now())
            operators.note(session, session_hash(), action, f"{detail} → {said}", _now())
    except ClausewatchError as why:
        said, wake = str(why), False
    flash(said)
    if wake:
        try:
            here.queue.enqueue(queues.DELIVER_DUE)
        except QueueError as why:
            log.warning("notices wait for the next tick: %s", why)
    return to(back)


def to(address: str) -> Response:
    """A redirect after a form."""
    return redirect(address, 303)  # type: ignore[return-value]


def _now() -> datetime:
    return datetime.now(UTC)
