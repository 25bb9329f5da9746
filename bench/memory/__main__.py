"""Resident memory of a whole instance at rest: `python -m bench.memory [--seconds 20] [--split]`."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path


def children(pid: int) -> list[int]:
    """A process and all that it started, and what those started."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += children(int(child))
    return found


def memory(pid: int) -> tuple[str, int, int]:
    """Its command, RSS and PSS in KiB."""
    sums = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    command = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip()
    return command[-60:], int(sums["Rss"].split()[0]), int(sums["Pss"].split()[0])


def main() -> None:
    """Starts an instance that fetches nothing, lets it rest, and prints a line a process and the sums."""
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=20)
    options.add_argument("--split", action="store_true", help="web, worker and clock instead of --all-in-one")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="cwmem-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        environ = {**os.environ, "CLAUSEWATCH_DATA": folder, "PORT": str(port), "CLAUSEWATCH_BIND": "127.0.0.1"}
        environ |= {"DATABASE_URL": "", "REDIS_URL": "", "TELEGRAM_BOT_TOKEN": "", "CLAUSEWATCH_PLATFORMS": ""}
        command = [sys.executable, "-m", "server", "up", *([] if chosen.split else ["--all-in-one"])]
        process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _rest(process, port, chosen.seconds)
            found = [memory(pid) for pid in children(process.pid)]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
    for command_, rss, pss in sorted(found, key=lambda each: -each[1]):
        print(f"{rss / 1024:7.1f} MiB RSS {pss / 1024:7.1f} MiB PSS  {command_}")
    print(f"{sum(r for _, r, _ in found) / 1024:7.1f} MiB RSS {sum(p for *_, p in found) / 1024:7.1f} MiB PSS  in all")


def _rest(process: subprocess.Popen[bytes], port: int, seconds: float) -> None:
    end = time.monotonic() + 90
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/lookup?host=soundcloud.com", timeout=5).close()
            break
        except OSError:
            time.sleep(0.2)
    time.sleep(seconds)


if __name__ == "__main__":
    main()
