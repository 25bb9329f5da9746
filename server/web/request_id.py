"""Request ids: taken from X-Request-ID or made, given back, and carried by every line that is logged meanwhile."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from secrets import token_hex
from time import monotonic
from typing import Any

from server import logs

_FIT = re.compile(r"[A-Za-z0-9._:=+/-]{1,128}")
"""What platforms send; anything else could forge lines, and is replaced."""
_log = logging.getLogger(__name__)

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class RequestId:
    """A WSGI application around another one."""

    def __init__(self, application: Wsgi) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """The other application's answer, with the id."""
        given = environ.get("HTTP_X_REQUEST_ID", "")
        name = given if _FIT.fullmatch(given) else token_hex(8)
        began = monotonic()

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            # Without the query: what people look up is not written down.
            took = 1000 * (monotonic() - began)
            _log.debug("%s %s: %s in %.0f ms", environ["REQUEST_METHOD"], environ["PATH_INFO"], status[:3], took)
            return start_response(status, [*headers, ("X-Request-ID", name)], *([exc_info] if exc_info else []))

        with logs.bound(request=name):
            return self._application(environ, start)
