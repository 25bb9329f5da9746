"""A few words to a chat and questions about the bot, from any process: for alarms and `doctor`, not for notices."""

from __future__ import annotations

import json
import logging
from typing import Any

import urllib3

from server.core.errors import ClausewatchError

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


def ask(api: str, token: str, method: str) -> dict[str, Any]:
    """What Telegram answers to a question about the bot; raises ClausewatchError, without the token in its words."""
    try:
        answer = urllib3.PoolManager(retries=False, timeout=SECONDS).request("GET", f"{api}/bot{token}/{method}")
        told = json.loads(answer.data)
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as why:
        raise ClausewatchError(
            f"{api} does not answer ({type(why).__name__}). Check the network, or TELEGRAM_API_URL.", permanent=False
        ) from None
    if answer.status in (401, 404):
        raise ClausewatchError("Telegram refuses TELEGRAM_BOT_TOKEN; set the one that @BotFather shows.")
    result = told.get("result") if isinstance(told, dict) else None
    if answer.status != 200 or not isinstance(result, dict):
        raise ClausewatchError(f"{api} answers {method} with status {answer.status}; try again.", permanent=False)
    return result
