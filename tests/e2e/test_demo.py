"""`clausewatch demo` tells its story to the end, with real processes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.e2e


def test_the_demo_finds_the_quiet_change() -> None:
    environ = {**os.environ, "DATABASE_URL": "sqlite:////nonexistent/never-used.db", "REDIS_URL": ""}
    done = subprocess.run(
        [sys.executable, "-m", "server", "demo", "--leave"],
        cwd=ROOT, env=environ, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    before, _, after = done.stdout.partition("the badge turns")
    assert "badge [–]" in before
    assert "badge [YES]" in after
    assert "says against may" in after
    assert "│ № 1" in after
    assert "Traceback" not in done.stdout + done.stderr
