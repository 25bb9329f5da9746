"""A broadcast to many subscribers over a local Bot API server that enforces Telegram's limits.

    python -m bench.broadcast                        100,000 subscribers, 25/s for 5 minutes, then without a limit
    python -m bench.broadcast --seconds 30           the same, shorter
    python -m bench.broadcast --faults               with blocked, moved, limited, failing, cut and silent calls

Prints one JSON line a phase. Ends with status 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from bench.broadcast.sender import service
from server.store import outbox, schema
from server.store.tables import ChangeRow, VersionRow
from server.store.tables_people import ChatRow, DeliveryRow, FollowRow

FAULTS = [
    {"do": "blocked", "every": 100},
    {"do": "migrated", "every": 101},
    {"do": "limited", "calls": 400, "retry_after": 3},
    {"do": "500", "calls": 211},
    {"do": "html", "calls": 223},
    {"do": "cut", "calls": 227},
    {"do": "silent", "calls": 229, "seconds": 10},
]


def main() -> int:
    """Runs the phases; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--subscribers", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=300.0, help="of the phase with a limit")
    parser.add_argument("--unlimited-seconds", type=float, default=20.0)
    parser.add_argument("--rate", type=int, default=25)
    parser.add_argument("--database", default="", help="an empty database; else SQLite in a temporary folder")
    parser.add_argument("--faults", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.database or f"sqlite:///{folder}/bench.db"
        filled = fill(url, options.subscribers)
        report(phase="enqueue", goal=filled["seconds"] <= 5, **filled)
        fine = filled["seconds"] <= 5
        if options.seconds:
            fine &= phase(url, folder, options, options.rate, options.seconds)
        if options.unlimited_seconds:
            fine &= phase(url, folder, options, 0, options.unlimited_seconds)
    return 0 if fine else 1


def report(**figures: Any) -> None:
    """One line a phase."""
    print(json.dumps(figures), flush=True)


def fill(url: str, many: int) -> dict[str, Any]:
    """Subscribers, then a change in their platform: how long its notices take to be queued."""
    here = service(url, "http://127.0.0.1:1", 25)
    schema.migrate(here.engine)
    now = datetime.now(UTC)
    with here.write() as session:
        for first in range(1, many + 1, 10_000):
            ids = range(first, min(first + 10_000, many + 1))
            session.execute(insert(ChatRow), [{"id": i, "kind": "private", "created_at": now} for i in ids])
            wishes = {"scope": "platform:soundcloud", "rank": 0, "created_at": now}
            session.execute(insert(FollowRow), [{"chat_id": i, **wishes} for i in ids])
    with here.write() as session:
        change = a_change(session, now)
        began = time.perf_counter()
        number = outbox.fan_out(session, change, now)
    seconds = time.perf_counter() - began
    here.engine.dispose()
    return {"subscribers": many, "queued": number, "seconds": round(seconds, 2)}


def a_change(session: Any, now: datetime) -> ChangeRow:
    """A change with a sentence."""
    versions = [
        VersionRow(document="soundcloud/terms", wording=f"w{n}", text="t", first_seen=now, last_seen=now)
        for n in (1, 2)
    ]
    session.add_all(versions)
    session.flush()
    about = {"platform": "soundcloud", "document": "soundcloud/terms", "level": "material", "kind": "training"}
    row = ChangeRow(key="k", before_id=versions[0].id, after_id=versions[1].id, direction="worse", **about)
    row.happened_to = row.found_at = now
    row.quote_after = "You agree that what you upload may be used to train artificial intelligence."
    row.origin, row.state, row.before, row.after = "live", "published", {"training": "silent"}, {"training": "permits"}
    session.add(row)
    session.flush()
    return row


def phase(url: str, folder: str, options: argparse.Namespace, rate: int, seconds: float) -> bool:
    """Sends for a while at a rate (0: without a limit); whether the goals are met."""
    limits = ["--per-second", "30" if rate else "0", "--per-chat", "3" if rate else "0"]
    log = Path(folder) / f"accepted-{rate}.jsonl"
    command = [sys.executable, "-m", "tests.botapi", "--log", str(log), *limits]
    command += ["--faults", json.dumps(FAULTS if options.faults else [])]
    api = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert api.stdin and api.stdout
    address = api.stdout.readline().strip()
    work = [sys.executable, "-m", "bench.broadcast.sender", url, address, str(rate), str(seconds)]
    memory = watch(subprocess.Popen(work))
    api.stdin.close()
    api.wait()
    return judge(url, log, rate, memory, options.faults)


def watch(process: subprocess.Popen[bytes]) -> list[int]:
    """Resident MiB of the process, every second, until it ends."""
    found = []
    while process.poll() is None:
        pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
        found.append(pages * 4096 >> 20)
        time.sleep(1.0)
    return found


def judge(url: str, log: Path, rate: int, memory: list[int], faults: bool) -> bool:
    """Figures of a phase, and whether they meet the goals."""
    accepted = [json.loads(line) for line in log.read_text().splitlines()]
    times = [at for at, _, _ in accepted]
    took = (times[-1] - times[0]) if len(times) > 1 else 0.0
    speed = (len(times) - 1) / took if took else 0.0
    twice = sum(number - 1 for number in Counter(chat for _, chat, _ in accepted).values())
    fine = max(memory) <= 150 and (faults or speed >= (0.97 * rate if rate else 600))
    with service(url, "http://127.0.0.1:1", rate).read() as session:
        query = select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state)
        states = {row[0]: row[1] for row in session.execute(query)}
    half = memory[len(memory) // 4] if memory else 0
    report(
        phase=f"{rate}/s" if rate else "unlimited",
        goal=fine,
        sent=len(times),
        seconds=round(took, 1),
        per_second=round(speed, 2),
        twice=twice,
        memory_mib_early=half,
        memory_mib_most=max(memory),
        states=states,
    )
    return fine


if __name__ == "__main__":
    sys.exit(main())
