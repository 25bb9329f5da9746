"""The pulse of a process: a thread that shows that it lives and watches over the others (flows/alarm.py)."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from server.core.errors import ClausewatchError
from server.flows.alarm import Watch, look
from server.settings import Settings
from server.sources.clock import FileClock, SystemClock
from server.sources.telegram import Speaker
from server.store import leases, session

log = logging.getLogger(__name__)


def start(config: Settings, process: str) -> None:
    """Beats for as long as this process lives. It opens a connection of its own: nothing that hangs holds it up."""
    watch = watch_of(config, process)
    threading.Thread(target=_beat_for_ever, args=(watch,), name="pulse", daemon=True).start()


def watch_of(config: Settings, process: str) -> Watch:
    """What this process watches, and how it speaks."""
    bot = ["bot"] if config.telegram_token and not config.webhook else []
    return Watch(
        process=process,
        instance=leases.this_process(),
        write=session.transactions(session.open_engine(config.database)),
        clock=FileClock(config.clock_file) if config.clock_file else SystemClock(),
        speak=Speaker(config.telegram_api, config.telegram_token),
        expected=["web", "worker", "clock", *bot],
        operators=[int(chat) for chat in config.operators],
        poll_every=config.poll_every,
        beat_every=timedelta(seconds=config.heartbeat),
    )


def _beat_for_ever(watch: Watch) -> None:
    pause = threading.Event()
    while True:
        try:
            look(watch)
        except (SQLAlchemyError, ClausewatchError) as why:
            log.warning("no heartbeat: %s", str(why).splitlines()[0])
        pause.wait(watch.beat_every.total_seconds())
