"""Doctor: tries each thing that Clausewatch stands on, and says what to do where one fails."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from server.core.errors import ClausewatchError
from server.flows.alarm import MISSED
from server.settings import Settings
from server.store import heartbeats, schema, session, sources
from server.store.session import Transaction

LEAST_FREE = 200 * 1024 * 1024
"""Bytes of free disk below which evidence may soon not fit."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing tried: ok, a warning, or broken; `says` tells what to do."""

    name: str
    state: str
    says: str


def examine(checks: list[tuple[str, Callable[[], str]]]) -> Iterator[Finding]:
    """Runs each check; a ClausewatchError is what is broken, a text that begins with "!" a warning."""
    for name, check in checks:
        try:
            says = check()
        except ClausewatchError as why:
            yield Finding(name, "broken", str(why))
            continue
        except SQLAlchemyError:
            yield Finding(name, "broken", "The database cannot tell; see database and migrations above.")
            continue
        yield Finding(name, "warning" if says.startswith("!") else "ok", says.removeprefix("!").strip())


def check_migrations(engine: Engine) -> str:
    """Whether the schema is the newest."""
    found = schema.current(engine)
    if found in schema.heads():
        return f"at migration {found}"
    raise ClausewatchError(f"The database is at migration {found}. Run `clausewatch migrate`.")


def check_database(engine: Engine) -> str:
    """Whether the database answers."""
    session.check(engine)
    return engine.url.render_as_string(hide_password=True)


def check_disk(settings: Settings) -> str:
    """Whether the data folder has room."""
    free = shutil.disk_usage(settings.data if settings.data.exists() else ".").free
    shown = f"{free // 2**20} MiB free"
    return shown if free >= LEAST_FREE else f"! only {shown} for {settings.data}: make room, or move CLAUSEWATCH_DATA"


def check_sources(read: Transaction, now: datetime) -> str:
    """Whether the pages are being looked at."""
    with read() as opened:
        pages = sources.of_family(opened, "page")
        broken = [row for row in pages if row.broken_since]
        last = max((row.last_checked_at for row in pages if row.last_checked_at), default=None)
    if not pages:
        return "! nothing is watched yet: run `clausewatch poll`, or start the worker and the clock"
    if last is None or (now - last).total_seconds() > 86400:
        return f"! no page was looked at since {last or 'ever'}: are the worker and the clock running?"
    if len(broken) == len(pages):
        raise ClausewatchError(f"All {len(pages)} pages fail, first: {broken[0].cause}. Is there a network?")
    return f"{len(pages)} watched, {len(broken)} broken" + (
        " (see /operator/sources, or `clausewatch status PLATFORM`)" if broken else ""
    )


def check_clock_drift(date: str) -> str:
    """Whether this machine's clock agrees with another machine's Date header, if that is a date."""
    try:
        drift = abs(parsedate_to_datetime(date).timestamp() - datetime.now(UTC).timestamp())
    except (ValueError, TypeError, OverflowError):
        return "its clock is not known"
    return f"within {drift:.0f} s" if drift < 60 else f"! this clock is {drift:.0f} s off: set up time synchronisation"


def check_processes(read: Transaction, settings: Settings) -> str:
    """Whether each kind of process has shown lately that it lives."""
    with read() as opened:
        newest = heartbeats.newest(opened)
    wanted = ["web", "worker", "clock"] + (["bot"] if settings.telegram_token and not settings.webhook else [])
    patience = timedelta(seconds=MISSED * settings.heartbeat)
    silent = [name for name in wanted if name not in newest or datetime.now(UTC) - newest[name] > patience]
    if not silent:
        return f"{', '.join(wanted)} live"
    return f"! no sign of life from {', '.join(silent)}: start `clausewatch up`, or the processes of the Procfile"


def check_webhook(info: dict[str, Any], wanted: str) -> str:
    """Whether Telegram calls us, by its getWebhookInfo."""
    if info.get("url") != wanted:
        raise ClausewatchError(f"Telegram calls {info.get('url') or 'nobody'}, not {wanted}. Run `python -m bot` once.")
    waiting = int(info.get("pending_update_count") or 0)
    if why := info.get("last_error_message"):
        return f"! set, but Telegram last failed to reach it ({why}); {waiting} updates wait"
    return f"set, {waiting} updates wait"
