"""Secrets made from others, so that there is one thing less to set."""

from __future__ import annotations

import hashlib
import hmac


def webhook_secret(token: str) -> str:
    """What Telegram sends along with each update, to prove that it is Telegram: made from the bot's token."""
    return hmac.new(token.encode(), b"clausewatch webhook", hashlib.sha256).hexdigest()


def same(given: str, wanted: str) -> bool:
    """Whether two secrets are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(given.encode(), wanted.encode())
