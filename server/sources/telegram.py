"""A few words to a chat, from whichever process has something to say: for alarms, not for notices."""

from __future__ import annotations

import logging

import urllib3

log = logging.getLogger(__name__)

SECONDS = 10.0


class Speaker:
    """Says words as a bot; without a token nobody hears them."""

    def __init__(self, api: str, token: str) -> None:
        self._url = f"{api}/bot{token}/sendMessage" if token else ""
        self._pool = urllib3.PoolManager(maxsize=1, retries=False, timeout=SECONDS)

    def __call__(self, chat: int, text: str) -> bool:
        """Sends `text`; False when Telegram was not there or asks to wait, so that another try makes sense."""
        if not self._url:
            return True
        try:
            body = {"chat_id": chat, "text": text}
            answer = self._pool.request("POST", self._url, json=body, redirect=False)
        except (urllib3.exceptions.HTTPError, OSError) as why:
            log.warning("chat %s could not be told: %s", chat, type(why).__name__)  # its words hold the token
            return False
        if answer.status >= 400:
            log.warning("chat %s could not be told: status %d", chat, answer.status)
        return answer.status < 500 and answer.status != 429
