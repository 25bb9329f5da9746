"""The replay rig as a process: recorded policies as live pages, with a movable clock and faults."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any


class Rig:
    """`replay.py` on a free port. Use it as a context manager."""

    def __init__(self, shared: Path, at: datetime, bundles: Sequence[str], *options: str) -> None:
        data = [word for name in bundles for word in ("--data", str(shared / "corpus" / "bundles" / name))]
        program = str(shared / "tools" / "replay" / "replay.py")
        self.command = [sys.executable, program, *data, "--at", at.isoformat(), "--port", "0", *options]
        self.url = ""
        self.process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Rig:
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        for line in self.process.stdout:
            if "http://" in line:
                self.url = line[line.index("http://") :].split()[0].rstrip("/")
                return self
        raise AssertionError("the replay rig did not start")

    def __exit__(self, *_: object) -> None:
        assert self.process
        self.process.terminate()
        self.process.wait(20)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One request to the rig's own endpoints."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def set_clock(self, at: datetime) -> None:
        """Moves the rig's clock."""
        self.call("PUT", "/_clock", {"at": at.strftime("%Y-%m-%dT%H:%M:%SZ")})

    def fail(self, *rules: dict[str, Any]) -> None:
        """Replaces the faults."""
        self.call("PUT", "/_faults", list(rules))
