"""rediss:// with a certificate that nobody vouches for: refused by default, used when the operator says so."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.instance import ROOT
from tests.e2e.platform import PASSWORD, Valkey, tunery
from tests.e2e.tls import SelfSigned

pytestmark = pytest.mark.e2e


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A Redis behind TLS."""
    with Valkey(tmp_path) as valkey, SelfSigned(valkey.port) as door:
        yield f"rediss://:{PASSWORD}@localhost:{door.port}/0"


def test_all_processes_work_over_tls_without_anybody_s_word(address: str, tmp_path: Path) -> None:
    with tunery(tmp_path, REDIS_URL=address, REDIS_TLS_VERIFY="0") as story:
        story.platform.up("web", "worker", "clock", "bot")
        story.follow()
        story.look()
        story.site.show("terms-after.md")
        story.look(hours=12)
        story.look(hours=25)
        story.hear()
        assert story.platform.get("/readyz")["checks"]["redis"] == "ok"


def test_an_unknown_certificate_is_refused_and_the_remedy_named(address: str, tmp_path: Path) -> None:
    environ = {"PATH": "/usr/bin:/bin", "CLAUSEWATCH_DATA": str(tmp_path), "REDIS_URL": address}
    command = [sys.executable, "-m", "server", "worker", "--burst"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert "REDIS_TLS_VERIFY" in done.stderr and PASSWORD not in done.stderr and len(done.stderr.splitlines()) == 1
