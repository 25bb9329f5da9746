"""The lines of every process through a whole story with faults: one JSON object each, jobs named, no secret."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest

from server import queues
from server.core.secrets import webhook_secret
from tests.e2e.platform import PASSWORD, TOKEN, Valkey, tunery

pytestmark = pytest.mark.e2e
KEY = "signs-the-sessions"
ALL = ("web", "worker", "clock", "bot")


def test_every_process_logs_json_and_no_secret(tmp_path: Path) -> None:
    environ = {"SECRET_KEY": KEY, "CLAUSEWATCH_LOG": "debug", "CLAUSEWATCH_OPERATORS": "1"}
    with Valkey(tmp_path) as valkey, tunery(tmp_path, REDIS_URL=valkey.url, **environ) as story:
        story.platform.up(*ALL)
        story.live_through_the_change()
        asked = urllib.request.Request(f"{story.platform.url}/changes/1", headers={"X-Request-ID": "from-outside"})
        with urllib.request.urlopen(asked, timeout=20) as answer:
            assert answer.headers["X-Request-ID"] == "from-outside"
        valkey.kill()
        story.platform.wait(lambda: "Redis" in story.platform.log(), "somebody to miss Redis")
        valkey.start()
        story.platform.kick(queues.SWEEP)
        story.look(hours=7)
        story.platform.term()
        lines = story.platform.log().splitlines()
    told = [json.loads(line) for line in lines]
    assert {line["process"] for line in told} == set(ALL)
    assert any(line.get("request") == "from-outside" for line in told)
    assert any(line.get("job") for line in told if line["process"] == "worker")
    whole = "\n".join(lines)
    secrets = (TOKEN, TOKEN.partition(":")[2], webhook_secret(TOKEN), PASSWORD, KEY)
    assert [secret for secret in secrets if secret in whole] == []
