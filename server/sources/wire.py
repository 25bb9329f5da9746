"""Connections to checked addresses on which nothing, not even a drip of bytes, outlasts the deadline."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from server.core.errors import Deadline, SourceError
from server.sources.addresses import Target

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

IDLE = 30.0
"""Seconds for which an unused connection is kept."""
KEPT = 8
"""Connections kept at most."""
_TRIES = 4
"""Addresses of a host tried at most."""


class _FinalResponse(http.client.HTTPResponse):
    """The final answer: interim ones before it (103 Early Hints) are passed over.

    http.client takes them for the answer, and the answer itself for that to the next question.
    """

    def _read_status(self) -> tuple[str, int, str]:
        while True:
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if not 101 < status < 200:
                return version, status, reason
            http.client.parse_headers(self.fp)


class Wire:
    """One connection and one exchange at a time over it."""

    def __init__(self, sock: socket.socket, host: str, port: int, until: float) -> None:
        self._sock, self.until, self.received = sock, until, 0
        self._client = http.client.HTTPConnection(host, port)
        self._client.auto_open = 0
        self._client.response_class = _FinalResponse
        self._client.sock = self

    def ask(self, path: str, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        """Sends a GET and reads the head of the answer."""
        self.received = 0
        self._client.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            self._client.putheader(name, value)
        self._client.endheaders()
        return self._client.getresponse()

    def _remaining(self) -> float:
        remaining = self.until - time.monotonic()
        if remaining <= 0:
            raise TimeoutError("the deadline is over")
        return remaining

    def receive(self, buffer: memoryview) -> int:
        """Bytes read into the buffer; TimeoutError when the deadline comes first."""
        self._sock.settimeout(self._remaining())
        count = self._sock.recv_into(buffer)
        self.received += count
        return count

    def sendall(self, data: bytes) -> None:
        """Sends all; the socket's timeout bounds the whole of it. Called by http.client."""
        self._sock.settimeout(self._remaining())
        self._sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """What http.client reads answers from."""
        return io.BufferedReader(_TimedReader(self), 65536)

    def close(self) -> None:
        """Nothing: http.client calls this while the answer is still to be read."""

    def end(self) -> None:
        """Ends the connection."""
        self._sock.close()


class _TimedReader(io.RawIOBase):
    """Reads until a moment, not for a time per read: a drip of bytes ends as well."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Buffer) -> int:
        """Bytes read into the buffer."""
        return self._wire.receive(memoryview(buffer))


class Wires:
    """Opens connections, and keeps those that can be used again."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        self._tls = tls
        self._idle: dict[tuple[str, str, int], tuple[Wire, float]] = {}

    def kept(self, target: Target, until: float) -> Wire | None:
        """A connection that served this origin a moment ago."""
        wire, since = self._idle.pop(target.origin, (None, 0.0))
        if wire is None:
            return None
        if time.monotonic() - since > IDLE:
            wire.end()
            return None
        wire.until = until
        return wire

    def keep(self, target: Target, wire: Wire) -> None:
        """Takes a connection whose answer was read to its end."""
        for origin in [target.origin, *list(self._idle)[: max(0, len(self._idle) - KEPT + 1)]]:
            self._drop(origin)
        self._idle[target.origin] = (wire, time.monotonic())

    def _drop(self, origin: tuple[str, str, int]) -> None:
        wire, _ = self._idle.pop(origin, (None, 0.0))
        if wire is not None:
            wire.end()

    def close(self) -> None:
        """Ends all kept connections."""
        for origin in list(self._idle):
            self._drop(origin)

    def open(self, target: Target, addresses: Sequence[str], until: float) -> Wire:
        """A new connection to one of the addresses, with the certificate checked for the host's name."""
        sock = _connect(target, addresses, until)
        return Wire(
            self._secure(sock, target, until) if target.scheme == "https" else sock, target.host, target.port, until
        )

    def _secure(self, sock: socket.socket, target: Target, until: float) -> ssl.SSLSocket:
        try:
            sock.settimeout(max(until - time.monotonic(), 0.001))
            return self._tls.wrap_socket(sock, server_hostname=target.host)
        except TimeoutError as why:
            sock.close()
            raise Deadline(f"{target.host} does not finish the TLS handshake in time.") from why
        except (OSError, ValueError) as why:
            sock.close()
            raise SourceError(f"{target.host} shows a certificate or TLS that does not hold ({why}).") from why


def _connect(target: Target, addresses: Sequence[str], until: float) -> socket.socket:
    problem: Exception | None = None
    for address in addresses[:_TRIES]:
        remaining = until - time.monotonic()
        if remaining <= 0:
            break
        try:
            sock = socket.create_connection((address, target.port), timeout=remaining)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as why:
            problem = why
            continue
        return sock
    if problem is None or isinstance(problem, TimeoutError):
        raise Deadline(f"{target.host} does not take connections in time.")
    raise SourceError(f"{target.host} cannot be reached ({problem}).") from problem
