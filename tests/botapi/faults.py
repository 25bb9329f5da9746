"""Scripted faults: which calls fail, how, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ANSWERS: dict[str, tuple[int, str]] = {
    "blocked": (403, "Forbidden: bot was blocked by the user"),
    "kicked": (403, "Forbidden: bot was kicked from the supergroup chat"),
    "gone": (400, "Bad Request: chat not found"),
    "migrated": (400, "Bad Request: group chat was upgraded to a supergroup chat"),
    "markup": (400, "Bad Request: can't parse entities"),
    "limited": (429, "Too Many Requests: retry after {retry_after}"),
    "500": (500, "Internal Server Error"),
}
"""Faults that are an answer. Others: "html" (a proxy's 502 page), "silly" (200 that is no answer),
"cut" (accepted, then the connection is cut), "silent" (accepted, answered only after `seconds`),
"reset" (cut before it is accepted)."""


@dataclass
class Fault:
    """One rule; the first that matches a call decides."""

    do: str
    method: str = "sendMessage"
    chat: int | None = None
    every: int = 0
    """Each n-th chat, by its number: the same chats every time."""
    calls: int = 0
    """Each n-th call."""
    times: int = -1
    """How often it still happens; -1: always."""
    after: int = 0
    """Calls that pass before it begins."""
    retry_after: int = 1
    seconds: float = 10.0
    seen: int = 0

    def strikes(self, method: str, chat: int) -> bool:
        """Whether this call fails; counts it."""
        if method != self.method or not self.times or self.chat not in (None, chat):
            return False
        if self.every and abs(chat) % self.every:
            return False
        self.seen += 1
        if self.seen <= self.after or (self.calls and self.seen % self.calls):
            return False
        self.times -= 1 if self.times > 0 else 0
        return True

    def answer(self, chat: int) -> tuple[int, dict[str, Any]]:
        """Status and body of the refusal."""
        status, words = ANSWERS[self.do]
        body: dict[str, Any] = {"ok": False, "error_code": status}
        body["description"] = words.format(retry_after=self.retry_after)
        if self.do == "limited":
            body["parameters"] = {"retry_after": self.retry_after}
        if self.do == "migrated":
            body["parameters"] = {"migrate_to_chat_id": supergroup(chat)}
        return status, body


def supergroup(chat: int) -> int:
    """The id that a group gets when it becomes a supergroup."""
    return -1_000_000_000_000 - abs(chat)
