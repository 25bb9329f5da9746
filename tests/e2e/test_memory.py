"""Resident memory of everything on one machine, at rest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import require
from tests.e2e.instance import ROOT

pytestmark = pytest.mark.e2e
MOST = 400.0
"""MiB of resident memory, shared pages counted once a process."""


def test_all_in_one_is_small() -> None:
    require("/proc", Path("/proc/self/smaps_rollup").exists())
    command = [sys.executable, "-m", "bench.memory", "--seconds", "3"]
    lines = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(lines) == 7, lines
    assert float(lines[-1].split()[0]) <= MOST, lines
