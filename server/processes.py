"""A supervisor for one machine: starts processes in order, watches them, stops them in the reverse order."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from server.core.errors import ClausewatchError

STOP_SECONDS = 25.0
"""How long a process may take to stop before it is killed."""
TRIES = 5
"""Restarts of one process within MINUTE seconds before the whole is given up."""
MINUTE = 60.0
PERMANENT = 78
"""Exit status of a process that cannot work as configured (EX_CONFIG of sysexits.h): it is not started again."""


class ProcessFailed(ClausewatchError):
    """A process did not start, or ended too often."""


@dataclass(slots=True)
class Program:
    """A process to run: its name, its command, and how to tell that it is up."""

    name: str
    command: Sequence[str]
    ready: Callable[[], bool] | None = None
    ready_seconds: float = 60.0
    essential: bool = True
    """Whether the others make sense without it."""
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)


class Supervisor:
    """Runs programs, each in a session of its own: a Ctrl-C reaches us alone, and we stop them in order."""

    def __init__(
        self,
        programs: Sequence[Program],
        environ: Mapping[str, str],
        say: Callable[[str], None],
        log: Path | None = None,
    ) -> None:
        """`log` takes what the programs print; without it they print where we do."""
        self.log = log
        self.programs = list(programs)
        self.environ = dict(environ)
        self.say = say
        self.stopping = False

    def start(self) -> None:
        """Starts all in order, each once the one before is up. Raises ProcessFailed."""
        for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(signum, self._stop_asked)
        for program in self.programs:
            if self.stopping:
                return
            self._spawn(program)
            self._wait_ready(program)

    def watch(self) -> None:
        """Restarts what ends, until a signal asks to stop. Raises ProcessFailed when something will not stay up."""
        while not self.stopping:
            for program in self.programs:
                if not self.stopping and program.process and program.process.poll() is not None:
                    self._revive(program)
            time.sleep(0.1)

    def stop(self) -> None:
        """Stops all in the reverse order, so that Redis goes last."""
        for program in reversed(self.programs):
            self._end(program)

    def _stop_asked(self, _signum: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _spawn(self, program: Program) -> None:
        program.starts.append(time.monotonic())
        try:
            with self._output() as output:
                program.process = subprocess.Popen(
                    program.command, env=self.environ, start_new_session=True, stdout=output, stderr=output
                )
        except OSError as why:
            raise ProcessFailed(f"{program.name} cannot be started: {why}") from why

    def _output(self) -> AbstractContextManager[IO[bytes] | None]:
        return self.log.open("ab") if self.log else nullcontext()

    def _wait_ready(self, program: Program) -> None:
        if program.ready is None:
            return
        end = time.monotonic() + program.ready_seconds
        while not self.stopping and not program.ready():
            ended = program.process and program.process.poll() is not None
            if ended or time.monotonic() > end:
                raise ProcessFailed(f"{program.name} did not start; its messages above say why.")
            time.sleep(0.05)

    def _revive(self, program: Program) -> None:
        assert program.process is not None
        code = program.process.returncode
        if code == PERMANENT and not program.essential:
            self.say(f"{program.name} cannot work as configured and stays off; its message above says why.")
            program.process = None
            return
        recent = [moment for moment in program.starts if time.monotonic() - moment < MINUTE]
        if code == PERMANENT or len(recent) >= TRIES:
            raise ProcessFailed(f"{program.name} ended (status {code}) and does not stay up; see its messages above.")
        self.say(f"{program.name} ended (status {code}); starting it again.")
        time.sleep(0.2 * len(recent))
        self._spawn(program)
        self._wait_ready(program)

    def _end(self, program: Program) -> None:
        process = program.process
        if process is None:
            return
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.say(f"{program.name} did not stop in {STOP_SECONDS:.0f} s and is killed.")
        if _group_lives(process.pid):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True
