"""Keys: secrets made once, by whichever process needs one first."""

from __future__ import annotations

import secrets

from sqlalchemy.orm import Session

from server.store.inserts import insert_into
from server.store.tables_keys import KeyRow


def ensure(session: Session, name: str) -> str:
    """The key of that name; the first caller makes it, and callers at the same moment get the same one."""
    known = session.get(KeyRow, name)
    if known is not None:
        return known.secret
    row = insert_into(session, KeyRow).values(name=name, secret=secrets.token_urlsafe(48))
    session.execute(row.on_conflict_do_nothing())
    return session.get_one(KeyRow, name, populate_existing=True).secret
