"""The fast look-up: `/v1/lookup?host=` and `/v1/hosts` answered from memory, before Flask is asked.

Flask makes each answer once; its very bytes and headers are kept until the platform's stamp grows or the answer's time
is over. Stamps are read at most once a second, so an answer is at most a second old.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from server.core.errors import ClausewatchError
from server.store import stamps
from server.web.context import Context
from server.web.limits import LISTED

CHECK_EVERY = 1.0
"""Seconds between two looks at the stamps."""

_EVERYTHING = "*"
_ENTITY = {"allow", "content-length", "content-type", "content-encoding", "content-language", "content-range"}

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Any], Iterable[bytes]]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as the server wants it, and the headers of the 304 that stands for it."""

    platform: str
    etag: str
    headers: list[tuple[str, str]]
    body: list[bytes]
    unchanged: list[tuple[str, str]]
    until: datetime | None


class Hot:
    """A WSGI application before another one."""

    def __init__(self, application: Wsgi, context: Context, timer: Callable[[], float] = monotonic):
        self._application, self._context, self._timer = application, context, timer
        self._platforms = {("/v1/lookup", f"host={host}"): id for host, id in context.catalogue.hosts.items()}
        self._platforms["/v1/hosts", ""] = _EVERYTHING
        self._kept: dict[tuple[str, str], Kept] = {}
        self._stamps: Mapping[str, int] | None = None
        self._next_check = 0.0
        self._checking = Lock()

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """The kept answer, or the application's own. The way of a kept answer is short: threads wait for each other."""
        kept = self._kept.get((environ["PATH_INFO"], environ.get("QUERY_STRING", "")))
        if (
            kept is None
            or environ["REQUEST_METHOD"] != "GET"
            or "HTTP_IF_NONE_MATCH" in environ
            or "HTTP_IF_MATCH" in environ
            or self._timer() >= self._next_check
        ):
            return self._answer(environ, start_response)
        start_response("200 OK", kept.headers[:])
        return kept.body

    def _answer(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        key = (environ["PATH_INFO"], environ.get("QUERY_STRING", ""))
        if key not in self._platforms or environ["REQUEST_METHOD"] != "GET" or "HTTP_IF_MATCH" in environ:
            return self._application(environ, start_response)
        if self._timer() >= self._next_check:
            self._check()
        kept = self._kept.get(key)
        if kept is None:
            return self._keep(key, {**environ, LISTED: True}, start_response)
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known is None:
            start_response("200 OK", kept.headers[:])
            return kept.body
        if known == kept.etag:
            start_response("304 NOT MODIFIED", kept.unchanged[:])
            return []
        return self._application({**environ, LISTED: True}, start_response)

    def _check(self) -> None:
        """Forgets what has changed or is over. One thread looks while the others go on with what they have."""
        if not self._checking.acquire(blocking=False):
            return
        try:
            with self._context.read() as session:
                found = stamps.read(session)
            self._forget(found, self._context.clock.now())
            self._stamps = found
        except (SQLAlchemyError, ClausewatchError) as why:
            _log.warning("the stamps cannot be read; answers are given as last known: %s", why)
        finally:
            self._next_check = self._timer() + CHECK_EVERY
            self._checking.release()

    def _forget(self, found: Mapping[str, int], now: datetime) -> None:
        before = self._stamps or {}
        changed = {id for id in found if found[id] != before.get(id)}
        for key, kept in list(self._kept.items()):
            everything = kept.platform == _EVERYTHING and changed
            over = kept.until is not None and kept.until <= now
            if everything or over or kept.platform in changed or stamps.ALL in changed:
                self._kept.pop(key, None)

    def _keep(self, key: tuple[str, str], environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Asks the application and keeps a 200, unless a stamp grew in the meantime."""
        known = environ.pop("HTTP_IF_NONE_MATCH", None)
        before = self._stamps
        status, headers, body = _answer(self._application, environ)
        etag = next((value for name, value in headers if name.lower() == "etag"), "")
        if before is not None and before == self._stamps and status == "200 OK" and etag:
            until = _until(body, self._context.settings.stale_after)
            self._kept[key] = _kept(self._platforms[key], etag, headers, body, until)
        if known is None:
            start_response(status, headers)
            return [body]
        return self._application({**environ, "HTTP_IF_NONE_MATCH": known}, start_response)


def _answer(application: Wsgi, environ: Environ) -> tuple[str, list[tuple[str, str]], bytes]:
    told: list[Any] = []
    answer = application(environ, lambda status, headers, exc_info=None: told.extend((status, headers)))
    try:
        body = b"".join(answer)
    finally:
        getattr(answer, "close", lambda: None)()
    return told[0], told[1], body


def _kept(platform: str, etag: str, headers: list[tuple[str, str]], body: bytes, until: datetime | None) -> Kept:
    """Without Date, which the server writes, and without the id of the request that happened to be the first."""
    lasting = [(name, value) for name, value in headers if name.lower() not in {"date", "x-request-id"}]
    unchanged = [(name, value) for name, value in lasting if name.lower() not in _ENTITY]
    return Kept(platform, etag, lasting, [body], unchanged, until)


def _until(body: bytes, stale_after: timedelta) -> datetime | None:
    """When time alone changes the answer: the list is dated by the minute, a status grows stale."""
    told = json.loads(body)
    if "generated_at" in told:
        return datetime.fromisoformat(told["generated_at"]) + timedelta(minutes=1)
    if told["stale"] or not told["checked_at"]:
        return None
    return datetime.fromisoformat(told["checked_at"]) + stale_after
