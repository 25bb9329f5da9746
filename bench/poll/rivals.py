"""urlwatch and changedetection.io, run as their users run them, with their own best settings for such pages."""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

_TICKS = os.sysconf("SC_CLK_TCK")


class UrlWatch:
    """A run of urlwatch with css and text filters for every round; start-up is measured apart and taken off."""

    name = "urlwatch"

    def __init__(self, python: str, folder: Path, base: str, pages: int) -> None:
        self._folder, self._base, self._pages = folder, base, pages
        self._program = str(Path(python).with_name("urlwatch"))

    def __enter__(self) -> UrlWatch:
        self._folder.mkdir()
        job = "name: p{n}\nurl: {base}/p/{n}\nfilter:\n  - css: article\n  - html2text: re\n"
        jobs = [job.format(n=n, base=self._base) for n in range(self._pages)]
        (self._folder / "urls.yaml").write_text("---\n".join(jobs))
        (self._folder / "none.yaml").write_text(f"name: none\nurl: {self._base}/p/0\n")
        (self._folder / "config.yaml").write_text("report:\n  stdout:\n    enabled: true\n    color: false\n")
        self._start, _, _, _ = self._run("none.yaml", "none.db")
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing runs between rounds."""

    def _run(self, urls: str, cache: str) -> tuple[float, float, float, str]:
        began = time.monotonic()
        out = self._folder / "out.txt"
        with out.open("w") as file:
            process = subprocess.Popen(
                [self._program, "--urls", urls, "--config", "config.yaml", "--cache", cache, "--hooks", "none.py"],
                cwd=self._folder, stdout=file, stderr=subprocess.STDOUT, env=os.environ | {"HOME": str(self._folder)},
            )  # fmt: skip
            _, _, usage = os.wait4(process.pid, 0)
        return usage.ru_utime + usage.ru_stime, time.monotonic() - began, usage.ru_maxrss / 1024, out.read_text()

    def round(self) -> dict[str, Any]:
        """What one run cost and reported."""
        cpu, wall, peak, out = self._run("urls.yaml", "cache.db")
        found = len(set(re.findall(r"^(?:CHANGED|NEW): (p\d+)", out, re.MULTILINE)))
        return {"cpu": cpu - self._start, "wall": wall, "peak": peak, "found": found}


class ChangeDetection:
    """A changedetection.io that runs all the time; a round asks it over REST to check every page."""

    name = "changedetection.io"

    def __init__(self, python: str, folder: Path, base: str, pages: int) -> None:
        self._folder, self._base, self._pages = folder, base, pages
        self._program = str(Path(python).with_name("changedetection.io"))
        self._port = 18_931

    def __enter__(self) -> ChangeDetection:
        self._folder.mkdir()
        environment = os.environ | {
            "FETCH_WORKERS": "5",
            "ALLOW_IANA_RESTRICTED_ADDRESSES": "true",
            "LOGGER_LEVEL": "ERROR",
        }
        self._process = subprocess.Popen(
            [self._program, "-C", "-d", str(self._folder), "-p", str(self._port), "-h", "127.0.0.1"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, cwd=self._folder,
        )  # fmt: skip
        self._key = self._wait_for_key()
        self._watches: list[str] = []
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(30)

    def _wait_for_key(self) -> str:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            for file in (*self._folder.glob("changedetection.json"), *self._folder.glob("url-watches.json")):
                if key := re.search(r'"api_access_token": ?"([^"]+)"', file.read_text()):
                    self._key = key.group(1)
                    try:
                        self._ask("GET", "/api/v1/systeminfo")
                    except (urllib.error.URLError, ConnectionError):
                        break
                    return self._key
            time.sleep(0.25)
        raise SystemExit("changedetection.io did not start")

    def _ask(self, method: str, path: str, data: object = None) -> Any:
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self._port}{path}", data=body, method=method)
        request.add_header("x-api-key", self._key)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")

    def round(self) -> dict[str, Any]:
        """CPU and memory of its process while every page is checked once; `found` counts new versions."""
        cpu, wall, before = self._cpu(), time.monotonic(), self._versions()
        if not self._watches:
            for n in range(self._pages):
                watch = {
                    "url": f"{self._base}/p/{n}",
                    "include_filters": ["article"],
                    "time_between_check": {"weeks": 9},
                }
                self._watches.append(self._ask("POST", "/api/v1/watch", watch)["uuid"])
        else:
            self._ask("GET", "/api/v1/watch?recheck_all=1")
        self._wait_until_all_checked(time.time() - (time.monotonic() - wall))
        wall = time.monotonic() - wall
        found = sum(self._versions().get(watch, 0) > before.get(watch, 0) for watch in self._watches)
        return {"cpu": self._cpu() - cpu, "wall": wall, "peak": self._peak(), "found": found}

    def _wait_until_all_checked(self, since: float) -> None:
        until = time.monotonic() + 600
        while time.monotonic() < until:
            watches = self._ask("GET", "/api/v1/watch")
            if sum(watch.get("last_checked", 0) >= int(since) for watch in watches.values()) >= self._pages:
                return
            time.sleep(2)
        raise SystemExit("changedetection.io did not check all pages within ten minutes")

    def _versions(self) -> dict[str, int]:
        watches = self._ask("GET", "/api/v1/watch")
        return {key: int(watch.get("last_changed", 0)) for key, watch in watches.items()}

    def _cpu(self) -> float:
        parts = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(parts[11]) + int(parts[12])) / _TICKS

    def _peak(self) -> float:
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+)", status)
        return int(found.group(1)) / 1024 if found else resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
