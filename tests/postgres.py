"""A throw-away PostgreSQL cluster: unix socket only, no fsync, run as an ordinary user when we are root."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path


def programs() -> Path | None:
    """The folder that holds initdb and postgres, newest first; None when there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    return next((path for path in found if (path / "initdb").exists() and (path / "postgres").exists()), None)


def _as_ordinary_user(folder: str) -> dict[str, object]:
    """Popen arguments that drop root, which initdb and postgres refuse."""
    if os.geteuid() != 0:
        return {"cwd": folder}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"cwd": folder, "user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class Cluster:
    """A fresh cluster that can be stopped and started again. Use it as a context manager."""

    def __init__(self) -> None:
        where = programs()
        if where is None:
            raise RuntimeError("no PostgreSQL programs: install the package postgresql")
        self.where = where
        self.folder = tempfile.mkdtemp(prefix="cwpg-")  # short: a unix socket path is limited to about 107 bytes
        self.user = _as_ordinary_user(self.folder)
        self.environ = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        self.environ.pop("PGDATA", None)
        self.server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its SQLAlchemy address."""
        return f"postgresql+psycopg://test@/postgres?host={self.folder}"

    def __enter__(self) -> Cluster:
        made = [f"{self.where}/initdb", "-D", f"{self.folder}/data", "-U", "test"]
        made += ["-A", "trust", "-E", "UTF8", "--no-sync"]
        try:
            subprocess.run(made, check=True, capture_output=True, env=self.environ, **self.user)  # type: ignore[call-overload]
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self) -> None:
        """Starts it and waits until it answers."""
        options = ["listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        command = [f"{self.where}/postgres", "-D", f"{self.folder}/data", "-k", self.folder]
        command += [word for option in (*options, "max_connections=60") for word in ("-c", option)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.server = subprocess.Popen(command, env=self.environ, **quiet, **self.user)  # type: ignore[call-overload]
        assert self.server is not None
        _wait_until_ready(self.where, self.folder, self.server)

    def stop(self) -> None:
        """Ends it as an update of the package does: connections are cut, what is committed stays."""
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGINT)
            try:
                self.server.wait(10)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """The SQLAlchemy address of a fresh cluster, gone at the end."""
    with Cluster() as made:
        yield made.url


def _wait_until_ready(where: Path, folder: str, server: subprocess.Popen[bytes]) -> None:
    ask = [f"{where}/pg_isready", "-q", "-h", folder, "-U", "test"]
    end = time.monotonic() + 180  # a busy machine may take its time
    while time.monotonic() < end:
        if subprocess.run(ask, check=False).returncode == 0:
            return
        if server.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError("PostgreSQL did not start")
