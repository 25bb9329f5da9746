"""The rooms: imports point inward, the core is pure, job names exist."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from server import queues

ROOT = Path(__file__).resolve().parent.parent
JOBS = sorted(
    value for name, value in vars(queues).items() if name.isupper() and isinstance(value, str) and ".tasks." in value
)


def test_imports_point_inward() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("job", JOBS)
def test_a_queued_name_is_a_function(job: str) -> None:
    module, _, name = job.rpartition(".")
    assert callable(getattr(importlib.import_module(module), name))
