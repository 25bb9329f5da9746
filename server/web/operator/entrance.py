"""/operator/login and the log-out."""

from __future__ import annotations

from flask import Response, request

from server.web.operator import guard
from server.web.signing import form_page


def login() -> Response:
    """The form."""
    return guard.to(guard.HOME) if guard.is_logged_in() else form_page("operator/login.html", wrong="")


def enter() -> Response:
    """Takes the password."""
    cookie = guard.log_in(request.form.get("password", ""))
    if not cookie:
        return form_page("operator/login.html", status=403, wrong="That is not the password.")
    response = guard.to(guard.HOME)
    response.set_cookie(
        guard.cookie_name(), cookie, max_age=guard.LASTS, secure=guard.is_secure(), httponly=True, samesite="Strict"
    )
    return response


def leave() -> Response:
    """Logs out."""
    guard.log_out()
    response = guard.to("/operator/login")
    response.delete_cookie(guard.cookie_name(), secure=guard.is_secure(), httponly=True, samesite="Strict")
    return response


ROUTES: guard.Routes = [
    ("/login", "login", login, ["GET"]),
    ("/login", "enter", enter, ["POST"]),
    ("/logout", "leave", leave, ["POST"]),
]
