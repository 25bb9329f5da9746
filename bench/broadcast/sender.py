"""The sender's process of the benchmark: one job after the other, as the queue runs them."""

from __future__ import annotations

import sys
import time

from bot import delivery
from server import settings, wiring
from server.flows.deliver import deliver
from server.wiring import Service
from tests.botapi.server import TOKEN


def service(url: str, api: str, rate: int) -> Service:
    """A service as a worker has it."""
    environ = {"DATABASE_URL": url, "TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": api}
    return wiring.build(
        settings.read(environ | {"CLAUSEWATCH_SEND_RATE": str(rate), "REDIS_URL": "redis://127.0.0.1:1"})
    )


def main(url: str, api: str, rate: int, seconds: float) -> None:
    """Sends for a while."""
    sender = delivery.sender(service(url, api, rate))
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        wait = deliver(sender, min(4.0, left))
        if wait is None:
            return
        time.sleep(min(wait, max(0.0, end - time.monotonic())))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
