"""The lean way to Telegram for bulk messages: plain HTTP, one JSON answer. Why: docs/decisions, on bulk messages.

Safe to use from many threads. The answer is judged here once, by what the Bot API documents.
"""

from __future__ import annotations

import json
from typing import Any

import urllib3

from server.flows.deliver import Outcome

CONNECT, READ = 3.0, 5.0
"""Seconds. Silence is doubt: the message may have been accepted."""
LARGEST = 1 << 18
"""Bytes of an answer that are read."""
_UNREACHABLE = (
    "chat not found",
    "user is deactivated",
    "peer_id_invalid",
    "not enough rights",
    "have no rights to send",
    "need administrator rights",
    "chat_write_forbidden",
    "group chat was deactivated",
    "chat_restricted",
    "channel_private",
    "chat_admin_required",
)
_CLOSED = ("message thread not found", "topic_closed", "topic_deleted")


class Wire:
    """Calls methods of one bot."""

    def __init__(self, api: str, token: str, connections: int) -> None:
        self._base = f"{api}/bot{token}/"
        self._pool = urllib3.PoolManager(maxsize=connections, block=True, retries=False)

    def send(self, payload: dict[str, Any]) -> Outcome:
        """Sends one message; whatever happens becomes an outcome."""
        body = json.dumps(payload).encode()
        try:
            answer = self._pool.request(
                "POST",
                self._base + "sendMessage",
                body=body,
                headers={"Content-Type": "application/json"},
                timeout=urllib3.Timeout(connect=CONNECT, read=READ),
                preload_content=False,
                redirect=False,
            )
            data = answer.read(LARGEST)
            answer.drain_conn()
            answer.release_conn()
        except (urllib3.exceptions.HTTPError, OSError) as why:
            return Outcome("doubt", words=type(why).__name__)  # its words would hold the address, and so the token
        return judge(answer.status, data)


def judge(status: int, data: bytes) -> Outcome:
    """What an answer means for the message."""
    try:
        body = json.loads(data)
        accepted, words = body["ok"], str(body.get("description", ""))
        parameters = body.get("parameters") or {}
        if accepted:
            return Outcome("sent", message_id=int(body["result"]["message_id"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Outcome("doubt", words=f"status {status} without an answer")
    if status == 429:
        return Outcome("limited", seconds=float(parameters.get("retry_after", 1)), words=words)
    if "migrate_to_chat_id" in parameters:
        return Outcome("migrated", chat=int(parameters["migrate_to_chat_id"]), words=words)
    return Outcome(_refusal(status, words.lower()), words=words)


def _refusal(status: int, words: str) -> str:
    if status == 403 or (status == 400 and any(sign in words for sign in _UNREACHABLE)):
        return "blocked"
    if status in (401, 404):
        return "denied"
    if status == 400 and any(sign in words for sign in _CLOSED):
        return "closed"
    return "refused" if 400 <= status < 500 and status != 409 else "doubt"
