"""kill -9 of sender, worker and Redis at random moments: everybody gets the notice, at most those in flight twice.

CLAUSEWATCH_KILLS=100 makes it longer.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis.exceptions import RedisError
from sqlalchemy import func, insert, select

from server import embedded, queues, settings, wiring
from server.core.errors import QueueError
from server.store import outbox, schema
from server.store.tables_people import ChatRow, DeliveryRow, FollowRow, LeaseRow
from server.wiring import Service
from tests.botapi.server import TOKEN
from tests.store.test_outbox import a_change

KILLS = int(os.environ.get("CLAUSEWATCH_KILLS", "20"))
SUBSCRIBERS = 75 * KILLS
VICTIMS = ("sender", "redis", "worker")
"""In turn; the sender is the worker that holds the lease, the worker is the other one."""


class Rig:
    """Redis, two workers and Telegram as processes, and a database."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / "accepted.jsonl"
        limits = ["--per-second", "0", "--log", str(self.log)]
        self.telegram = subprocess.Popen(
            [sys.executable, "-m", "tests.botapi", *limits], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.telegram.stdout
        self.environ = {
            "PATH": os.environ["PATH"],
            "CLAUSEWATCH_DATA": str(folder),
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.telegram.stdout.readline().strip(),
            "CLAUSEWATCH_SEND_RATE": "60",
            "CLAUSEWATCH_LOG": "error",
        }
        self.commands = {
            "redis": embedded.command(folder),
            "worker one": [sys.executable, "-m", "server", "worker"],
            "worker two": [sys.executable, "-m", "server", "worker"],
        }
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.here: Service = wiring.build(settings.read(self.environ))
        schema.migrate(self.here.engine)

    def tick(self) -> None:
        """What the supervisor and the clock do: start what has ended, queue the job."""
        for name, command in self.commands.items():
            if name not in self.running or self.running[name].poll() is not None:
                quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
                self.running[name] = subprocess.Popen(command, env=self.environ, **quiet)
        with suppress(QueueError, RedisError):
            self.here.queue.enqueue(queues.DELIVER_DUE)

    def kill(self, victim: str) -> int:
        """kill -9; gives how many messages that leaves in doubt."""
        name = victim if victim == "redis" else self._worker(sends=victim == "sender")
        self.running[name].kill()
        self.running[name].wait()
        return 0 if name == "redis" else self.states().get("sending", 0)

    def _worker(self, *, sends: bool) -> str:
        with self.here.read() as session:
            holder = session.scalars(select(LeaseRow.holder).where(LeaseRow.name.startswith("sender:"))).one_or_none()
        workers = ["worker one", "worker two"]
        sending = [name for name in workers if f":{self.running[name].pid}:" in (holder or "")]
        return next((name for name in workers if (name in sending) == sends), workers[0])

    def states(self) -> dict[str, int]:
        """How many deliveries are in which state."""
        with self.here.read() as session:
            query = select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state)
            return {row[0]: row[1] for row in session.execute(query)}

    def stop(self) -> None:
        """Ends every process."""
        for process in [*self.running.values(), self.telegram]:
            process.kill()
            process.communicate()
        self.here.engine.dispose()


@pytest.mark.slow
@pytest.mark.timeout(20 * KILLS)
def test_kills_lose_nobody(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    try:
        now = datetime.now(UTC)
        ids = range(1, SUBSCRIBERS + 1)
        with rig.here.write() as session:
            session.execute(insert(ChatRow), [{"id": i, "kind": "private", "created_at": now} for i in ids])
            wishes = {"scope": "platform:soundcloud", "rank": 0, "created_at": now}
            session.execute(insert(FollowRow), [{"chat_id": i, **wishes} for i in ids])
            outbox.fan_out(session, a_change(session), now)
        chance = random.Random(5)  # the same moments every time, as far as the machine allows
        doubtful = 0
        for number in range(KILLS):
            end = time.monotonic() + chance.uniform(0.5, 3.0)
            while time.monotonic() < end:
                rig.tick()
                time.sleep(0.2)
            assert rig.states() != {"sent": SUBSCRIBERS}, f"all was sent before kill {number}"
            doubtful += rig.kill(VICTIMS[number % len(VICTIMS)])
        end = time.monotonic() + 10 * KILLS
        while rig.states() != {"sent": SUBSCRIBERS}:
            assert time.monotonic() < end, rig.states()
            rig.tick()
            time.sleep(0.5)
    finally:
        rig.stop()
    got = Counter(chat for _, chat, _ in map(json.loads, rig.log.read_text().splitlines()))
    assert set(got) == set(ids)
    assert sum(got.values()) - SUBSCRIBERS <= doubtful, "only what was in flight may come twice"
