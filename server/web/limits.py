"""How often one address may ask for what no cache can answer: searches, exports, and everything that writes.

Counted in Redis for all web processes together; while Redis is away each process counts for itself.
"""

from __future__ import annotations

import ipaddress
from time import time
from typing import Any

from flask import Flask, Response, request
from flask_limiter import Limiter, RequestLimit
from werkzeug.middleware.proxy_fix import ProxyFix

from server.web.context import Context, context
from server.web.errors import problem

LISTED = "clausewatch.listed"
"""Set in the WSGI environment of a look-up that is kept in memory from then on: it is never refused."""

EXEMPT: set[str] = {"telegram.receive"}
"""Endpoints that have a better guard of their own."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_PATIENCE = 0.5
"""Seconds that a Redis which hangs may hold up a request."""


def prepare(app: Flask, here: Context) -> None:
    """Counts requests, by the address that the trusted proxies tell."""
    if proxies := here.settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    Limiter(
        _address,
        app=app,
        application_limits=[_limit],
        application_limits_exempt_when=_is_free,
        on_breach=_refuse,
        in_memory_fallback_enabled=here.redis is not None,
        swallow_errors=True,
        storage_uri="memory://" if here.redis is None else here.settings.redis.replace("unix://", "redis+unix://", 1),
        storage_options=_options(here),
    )


def _options(here: Context) -> dict[str, Any]:
    if here.redis is None:
        return {}
    unverified = (
        {"ssl_cert_reqs": None}
        if here.settings.redis.startswith("rediss://") and not here.settings.redis_verify
        else {}
    )
    return {"socket_connect_timeout": _PATIENCE, "socket_timeout": _PATIENCE, **unverified}


def _refuse(limit: RequestLimit) -> Response:
    """Counts are told to nobody else: answers that caches keep must be the same for all."""
    wait = max(1, int(limit.reset_at - time()))
    return problem(429, f"Too many requests from your address. Wait {wait} s.", headers=[("Retry-After", str(wait))])


def _address() -> str:
    """The asker's address; of IPv6 the network, since one machine has billions of addresses there."""
    try:
        found = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def _limit() -> str:
    config = context().settings
    if request.method in SAFE:
        return f"{config.reads_a_minute} per minute"
    return f"{config.writes_a_minute} per minute; {6 * config.writes_a_minute} per hour"


def _is_free() -> bool:
    """Whether a request costs nothing that a cache would not have saved."""
    config = context().settings
    if request.environ.get(LISTED) or request.endpoint in EXEMPT:
        return True
    if request.method not in SAFE:
        return config.writes_a_minute == 0
    return config.reads_a_minute == 0 or not (request.query_string or request.path.startswith("/export/"))
