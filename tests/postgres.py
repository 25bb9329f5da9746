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


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """The SQLAlchemy address of a fresh cluster, gone at the end."""
    where = programs()
    if where is None:
        raise RuntimeError("no PostgreSQL programs: install the package postgresql")
    folder = tempfile.mkdtemp(prefix="cwpg-")  # short: a unix socket path is limited to about 107 bytes
    user = _as_ordinary_user(folder)
    environ = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    environ.pop("PGDATA", None)
    server: subprocess.Popen[bytes] | None = None
    try:
        made = [f"{where}/initdb", "-D", f"{folder}/data", "-U", "test", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(made, check=True, capture_output=True, env=environ, **user)  # type: ignore[call-overload]
        options = [
            "listen_addresses=",
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "max_connections=60",
        ]
        command = [f"{where}/postgres", "-D", f"{folder}/data", "-k", folder, *(w for o in options for w in ("-c", o))]
        server = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **user)  # type: ignore[call-overload]
        _wait_until_ready(where, folder, server)
        yield f"postgresql+psycopg://test@/postgres?host={folder}"
    finally:
        if server and server.poll() is None:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        shutil.rmtree(folder, ignore_errors=True)


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
