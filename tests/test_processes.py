"""The supervisor: starts in order, revives what dies, gives up on what cannot live, stops in the reverse order."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from server.processes import PERMANENT, ProcessFailed, Program, Supervisor

WRITE_AND_WAIT = """
import pathlib, signal, sys, time
log = pathlib.Path(sys.argv[1])
def stop(*_):
    with log.open("a") as f: f.write(f"{sys.argv[2]} stopped\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
with log.open("a") as f: f.write(f"{sys.argv[2]} started\\n")
while True: time.sleep(0.05)
"""


def _program(log: Path, name: str) -> Program:
    started = f"{name} started"
    return Program(
        name,
        [sys.executable, "-c", WRITE_AND_WAIT, str(log), name],
        ready=lambda: log.exists() and started in log.read_text(),
    )


def _ends(code: int) -> list[str]:
    return [sys.executable, "-c", f"import sys; sys.exit({code})"]


def test_starts_in_order_and_stops_in_reverse(tmp_path: Path) -> None:
    log = tmp_path / "log"
    supervisor = Supervisor([_program(log, "redis"), _program(log, "web"), _program(log, "worker")], os.environ, print)
    supervisor.start()
    supervisor.stop()
    assert log.read_text().split("\n")[:-1] == [
        *("redis started", "web started", "worker started"),
        *("worker stopped", "web stopped", "redis stopped"),
    ]


def test_what_dies_is_started_again(tmp_path: Path) -> None:
    log = tmp_path / "log"
    program = _program(log, "worker")
    supervisor = Supervisor([program], os.environ, print)
    supervisor.start()

    def kill_then_stop() -> None:
        assert program.process
        program.process.kill()
        deadline = time.monotonic() + 20
        while log.read_text().count("started") < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        supervisor.stopping = True

    thread = threading.Thread(target=kill_then_stop)
    thread.start()
    supervisor.watch()
    thread.join()
    supervisor.stop()
    assert log.read_text().count("worker started") == 2


def test_what_keeps_dying_is_given_up() -> None:
    supervisor = Supervisor([Program("worker", _ends(3))], os.environ, print)
    supervisor.start()
    with pytest.raises(ProcessFailed, match=r"worker ended \(status 3\)"):
        supervisor.watch()
    supervisor.stop()


def test_a_bot_that_cannot_work_as_configured_stays_off_and_the_rest_goes_on(tmp_path: Path) -> None:
    said: list[str] = []
    bot = Program("bot", _ends(PERMANENT), essential=False)
    web = _program(tmp_path / "log", "web")
    supervisor = Supervisor([web, bot], os.environ, said.append)
    supervisor.start()

    def stop_later() -> None:
        while not said:
            time.sleep(0.05)
        supervisor.stopping = True

    thread = threading.Thread(target=stop_later)
    thread.start()
    supervisor.watch()
    thread.join()
    assert web.process and web.process.poll() is None
    supervisor.stop()
    assert "bot cannot work as configured" in said[0]


def test_a_program_that_does_not_exist_is_told() -> None:
    supervisor = Supervisor([Program("web", ["/nonexistent/program"])], os.environ, print)
    with pytest.raises(ProcessFailed, match="web cannot be started"):
        supervisor.start()
    supervisor.stop()


def test_stopping_leaves_no_grandchildren(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    parent = (
        "import subprocess, sys, time, pathlib; "
        "deaf = 'import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)'; "
        "p = subprocess.Popen([sys.executable, '-c', deaf]); "
        f"pathlib.Path({str(pids)!r}).write_text(str(p.pid)); time.sleep(60)"
    )
    program = Program("web", [sys.executable, "-c", parent], ready=lambda: pids.exists() and bool(pids.read_text()))
    supervisor = Supervisor([program], os.environ, print)
    supervisor.start()
    supervisor.stop()
    grandchild = int(pids.read_text())
    deadline = time.monotonic() + 10
    while Path(f"/proc/{grandchild}").exists() and time.monotonic() < deadline:
        if "Z" in Path(f"/proc/{grandchild}/stat").read_text().rpartition(")")[2].split()[0]:
            return
        time.sleep(0.05)
    assert not Path(f"/proc/{grandchild}").exists()
