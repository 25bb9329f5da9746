"""TLS in front of a Redis, with a certificate that nobody vouches for, as some platforms give one."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
from typing import Any

import trustme


class SelfSigned:
    """Takes TLS on a port of its own and hands what comes to another port. Use it as a context manager."""

    def __init__(self, behind: int) -> None:
        self.behind, self.port = behind, 0
        self._loop = asyncio.new_event_loop()
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        trustme.CA().issue_cert("elsewhere.example").configure_cert(self._context)

    def __enter__(self) -> SelfSigned:
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._context))
        self.port = server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def _serve(self, reader: Any, writer: Any) -> None:
        with contextlib.suppress(OSError):
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self.behind)
            await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))


async def _pump(reader: Any, writer: Any) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    writer.close()
