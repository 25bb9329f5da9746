"""The audit without a network: affected versions are found, their neighbours are not."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PINS = "flask==3.1.3 \\\n    --hash=sha256:00\nRed_Is==8.0.0 ; python_version > '3' \\\n    --hash=sha256:00\n"


def _ranged(name: str, *events: dict[str, str]) -> dict[str, Any]:
    return {"package": {"name": name, "ecosystem": "PyPI"}, "ranges": [{"type": "ECOSYSTEM", "events": list(events)}]}


CASES = [
    (_ranged("Flask", {"introduced": "0"}, {"fixed": "3.2"}), {}, True),
    (_ranged("red-is", {"introduced": "7.9"}, {"last_affected": "8.0.0"}), {}, True),
    (_ranged("flask", {"introduced": "1"}, {"fixed": "2"}, {"introduced": "3.1"}, {"fixed": "3.1.4"}), {}, True),
    ({"package": {"name": "flask"}, "versions": ["3.1.3"]}, {}, True),
    (_ranged("flask", {"introduced": "0"}, {"fixed": "3.1.3"}), {}, False),
    (_ranged("flask", {"introduced": "3.1.4"}), {}, False),
    (_ranged("flask-other", {"introduced": "0"}), {}, False),
    ({"package": {"name": "flask"}, "versions": ["3.1.2"]}, {}, False),
    (_ranged("flask", {"introduced": "0"}), {"withdrawn": "2024-01-01T00:00:00Z"}, False),
]


@pytest.mark.parametrize(("affected", "more", "found"), CASES)
def test_a_hole_is_found(tmp_path: Path, affected: dict[str, Any], more: dict[str, str], found: bool) -> None:
    (tmp_path / "requirements.txt").write_text(PINS)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as dump:
        dump.writestr("X-1.json", json.dumps({"id": "X-1", "summary": "a hole", "affected": [affected], **more}))
    command = [sys.executable, ROOT / ".ci/audit.py", "all.zip", "requirements.txt"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode == 1, "X-1 a hole" in done.stdout) == (found, found), done
    assert "2 packages looked up" in done.stdout
