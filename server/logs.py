"""Logs: one line an event, JSON for machines or plain for a terminal, with request and job, without secrets."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from server.core.errors import SettingsError
from server.core.redaction import Redactor
from server.core.secrets import webhook_secret
from server.settings import Settings

log = logging.getLogger("clausewatch")

_BOUND: ContextVar[dict[str, str] | None] = ContextVar("bound", default=None)
_NOISY = ("alembic", "httpx", "httpcore", "redis", "rq.cron", "rq.queue", "telegram", "urllib3")
"""Below WARNING their lines say nothing to an operator; those of httpx hold the token of the bot."""


@contextmanager
def bound(**names: str) -> Iterator[None]:
    """Within it, every line of this thread carries these names: request="…" or job="…"."""
    token = _BOUND.set({**(_BOUND.get() or {}), **names})
    try:
        yield
    finally:
        _BOUND.reset(token)


def start(config: Settings, process: str) -> None:
    """From here on this process logs as the settings say. Raises SettingsError when Sentry is set and absent."""
    redactor = redactor_of(config)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json(process, redactor) if _as_json(config) else _Plain(process, redactor))
    logging.basicConfig(level=config.log_level.upper(), handlers=[handler], force=True)
    for name in _NOISY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.root.level))
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    if config.sentry_dsn:
        _start_sentry(config, process, redactor)
    log.debug("begins")


def redactor_of(config: Settings) -> Redactor:
    """Knows every secret of these settings, and the one that is made from the token."""
    found = [getattr(config, spec.name) for spec in fields(Settings) if spec.metadata["secret"]]
    return Redactor([*filter(None, found), webhook_secret(config.telegram_token)])


def _as_json(config: Settings) -> bool:
    return config.log_format == "json" or (config.log_format == "auto" and not sys.stderr.isatty())


class _Json(JsonFormatter):
    def __init__(self, process: str, redactor: Redactor) -> None:
        super().__init__(json_ensure_ascii=False)
        self._process, self._redactor = process, redactor

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        log_data["time"] = self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03d}Z"
        log_data |= {"level": record.levelname.lower(), "process": self._process, "pid": record.process}
        log_data |= {"logger": record.name, "message": record.message, **(_BOUND.get() or {})}
        for name in ("exc_info", "stack_info"):
            if name in message_dict:
                log_data[name] = message_dict[name]

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        return dict(self._redactor.tree(log_data))


class _Plain(logging.Formatter):
    def __init__(self, process: str, redactor: Redactor) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(who)s: %(message)s%(where)s", "%H:%M:%S")
        self._process, self._redactor = process, redactor

    def format(self, record: logging.LogRecord) -> str:
        record.who = self._process
        record.where = "".join(f" [{name} {value}]" for name, value in (_BOUND.get() or {}).items())
        return self._redactor.text(super().format(record))


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    log.critical("uncaught: %s", error, exc_info=(kind, error, trace))


def _uncaught_in_thread(found: threading.ExceptHookArgs) -> None:
    if found.exc_value is not None:
        _uncaught(found.exc_type, found.exc_value, found.exc_traceback)


def _start_sentry(config: Settings, process: str, redactor: Redactor) -> None:
    try:
        import sentry_sdk
    except ImportError:
        raise SettingsError(
            "SENTRY_DSN is set, but sentry-sdk is not installed: pip install 'clausewatch[sentry]', or unset it."
        ) from None
    sentry_sdk.init(
        config.sentry_dsn,
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        server_name=process,
        before_send=lambda event, hint: redactor.tree(event),
        before_breadcrumb=lambda crumb, hint: redactor.tree(crumb),
    )
