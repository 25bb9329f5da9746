"""The server as a process: prints its address, then writes one line a message; reads faults as JSON on stdin."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, TextIO

from tests.botapi.faults import Fault
from tests.botapi.server import TOKEN, BotApi


def main() -> None:
    """Serves until stdin ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path, help="file that gets one JSON line for each accepted message")
    parser.add_argument("--per-second", type=int, default=30)
    parser.add_argument("--per-chat", type=int, default=3)
    parser.add_argument("--faults", default="[]", help="JSON list of faults")
    options = parser.parse_args()
    api = BotApi(TOKEN, options.port)
    api.faults = [Fault(**fault) for fault in json.loads(options.faults)]
    api.world.limits.per_second, api.world.limits.per_chat = options.per_second, options.per_chat
    api.world.keep = False
    if options.log:
        api.world.on_message = _logger(options.log.open("a", buffering=1))
    with api:
        print(api.url, flush=True)
        for line in sys.stdin:
            if line.startswith("["):
                api.fail(*(Fault(**fault) for fault in json.loads(line)))
            print(json.dumps({"accepted": api.world.accepted, "refused": api.world.limits.refused}), flush=True)


def _logger(file: TextIO) -> Any:
    def note(message: dict[str, Any]) -> None:
        file.write(json.dumps([round(message["at"], 4), message["chat"], message["plain"]]) + "\n")

    return note


if __name__ == "__main__":
    main()
