"""Leases: what only one process may do at a time, each holder with a number larger than the one before."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.core.errors import Busy
from server.store.inserts import insert_into
from server.store.tables_people import LeaseRow

_BORN = secrets.token_hex(4)


def this_process() -> str:
    """This process, as a holder: a container that starts anew has the same name and number."""
    return f"{socket.gethostname()}:{os.getpid()}:{_BORN}"


@dataclass(frozen=True, slots=True)
class Lease:
    """What a holder needs to prove that it still is one."""

    name: str
    holder: str
    fence: int


def ensure(session: Session, name: str, now: datetime) -> None:
    """Makes the row of that lease, once."""
    values = {"name": name, "holder": "", "fence": 0, "until": now, "reason": ""}
    session.execute(insert_into(session, LeaseRow).values(values).on_conflict_do_nothing())


def take(session: Session, name: str, holder: str, now: datetime, lasts: timedelta) -> Lease:
    """The lease for `holder`, with a new number unless it holds it already; raises Busy while another one does."""
    ensure(session, name, now)
    row = session.execute(select(LeaseRow).where(LeaseRow.name == name).with_for_update()).scalar_one()
    mine = row.holder == holder
    if row.holder and not mine and row.until > now:
        wait = (row.until - now).total_seconds()
        raise Busy(f"{name} is in use by {row.holder}; it is free in {wait:.0f} s at the latest.", retry_after=wait)
    row.holder, row.until = holder, now + lasts
    row.fence += 0 if mine else 1
    return Lease(name, holder, row.fence)


def hold(session: Session, lease: Lease) -> LeaseRow:
    """The row of a lease that is still ours, locked until the transaction ends; raises Busy when it was lost."""
    query = select(LeaseRow).where(LeaseRow.name == lease.name).with_for_update()
    row = session.execute(query.execution_options(populate_existing=True)).scalar_one()
    if row.fence != lease.fence or row.holder != lease.holder:
        raise Busy(f"{lease.name} was taken over by {row.holder}.")
    return row


def renew(session: Session, lease: Lease, now: datetime, lasts: timedelta) -> None:
    """Keeps the lease for longer; raises Busy when it was lost."""
    hold(session, lease).until = now + lasts


def release(session: Session, lease: Lease) -> None:
    """Gives the lease back, so that the next one need not wait."""
    mine = (LeaseRow.name == lease.name, LeaseRow.fence == lease.fence)
    session.execute(update(LeaseRow).where(*mine).values(holder=""))


def pause(session: Session, name: str, until: datetime, reason: str) -> None:
    """Nobody acts under this lease before `until`; a longer pause already in force stays."""
    row = session.execute(select(LeaseRow).where(LeaseRow.name == name).with_for_update()).scalar_one()
    if row.paused_until is None or row.paused_until < until:
        row.paused_until, row.reason = until, reason


def paused_until(session: Session, name: str) -> tuple[datetime | None, str]:
    """Until when the lease is paused, and why."""
    row = session.get(LeaseRow, name)
    return (row.paused_until, row.reason) if row else (None, "")
