"""/operator/broadcast: words to every chat, shown first with the number of chats, then sent or forgotten."""

from __future__ import annotations

from datetime import datetime
from secrets import token_hex

from flask import Response, request
from sqlalchemy.orm import Session

from server.core.errors import ClausewatchError
from server.flows import announce
from server.store import chats, outbox
from server.web.context import context
from server.web.operator.guard import Routes, do
from server.web.signing import form_page

LONGEST = 3500
"""Characters: a message of Telegram holds 4,096 with what is written around the words."""


def broadcast() -> Response:
    """The form, drafts with their dry run, and how earlier ones went."""
    with context().read() as session:
        many = chats.reachable(session)
        found = [notice for notice in outbox.progress(session, 50) if notice["kind"] == "broadcast"]
        return form_page("operator/broadcast.html", notices=found, many=many, draft=outbox.DRAFT, longest=LONGEST)


def write() -> Response:
    """Keeps the words as a draft: nothing is sent."""
    text = request.form.get("text", "").replace("\r\n", "\n").strip()

    def work(session: Session, now: datetime) -> str:
        if not 0 < len(text) <= LONGEST:
            raise ClausewatchError(f"Write 1 to {LONGEST} characters.")
        notice = outbox.draft(session, token_hex(8), text, now)
        session.flush()
        return f"№ {notice.id} is a draft. Read it below, then send it or forget it."

    return do("broadcast draft", text, work, "/operator/broadcast")


def settle(number: int) -> Response:
    """Sends a draft, or forgets it."""
    verb = request.form.get("verb", "")

    def work(session: Session, now: datetime) -> str:
        many = announce.settle_draft(session, number, now, send=verb == "send")
        return f"№ {number} is queued for {many} chats." if verb == "send" else f"№ {number} is forgotten."

    return do(f"broadcast {verb}"[:40], f"№ {number}", work, "/operator/broadcast", wake=verb == "send")


ROUTES: Routes = [
    ("/broadcast", "broadcast", broadcast, ["GET"]),
    ("/broadcast", "broadcast_write", write, ["POST"]),
    ("/broadcast/<int:number>", "broadcast_settle", settle, ["POST"]),
]
