"""Compressed answers into bytes, never more of them than the cap."""

from __future__ import annotations

import zlib

from server.core.errors import Incomplete, SourceError, TooLarge

_STEP = 262_144
_GZIP = b"\x1f\x8b"
_OTHERS = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz"})
"""Packings that we do not ask for. What else stands there (utf-8, none) packs nothing, and is passed over."""


def unpack(body: bytes, codings: str, cap: int) -> bytes:
    """The body without its content codings. TooLarge above the cap, Incomplete when the packing is cut short."""
    for coding in reversed([part.strip().lower() for part in codings.split(",") if part.strip()]):
        if coding in ("gzip", "x-gzip", "deflate"):
            body = _inflate(body, cap)
        elif coding in _OTHERS:
            raise SourceError(f"the answer is packed as {coding}, which was not asked for")
    # Archives replay packed bodies and leave the header out.
    return _inflate(body, cap) if body.startswith(_GZIP) else body


def _inflate(body: bytes, cap: int) -> bytes:
    if not body.startswith(_GZIP) and not _is_zlib(body):
        # Either bare deflate, as some servers send, or no packing at all in spite of the header.
        try:
            return _members(body, -zlib.MAX_WBITS, cap)
        except (zlib.error, Incomplete):
            return body
    try:
        return _members(body, zlib.MAX_WBITS | 32, cap)
    except zlib.error as error:
        raise Incomplete(f"the packed answer is damaged: {error}") from error


def _is_zlib(body: bytes) -> bool:
    return len(body) >= 2 and body[0] & 15 == 8 and (body[0] << 8 | body[1]) % 31 == 0


def _members(body: bytes, window: int, cap: int) -> bytes:
    out = bytearray()
    while body:
        unpacker = zlib.decompressobj(window)
        while not unpacker.eof and body:
            out += unpacker.decompress(body, _STEP)
            body = unpacker.unconsumed_tail
            if len(out) > cap:
                raise TooLarge(f"the answer unpacks to more than {cap:,} bytes")
        if not unpacker.eof:
            raise Incomplete("the packed answer is cut short")
        # Several gzip members may follow each other; anything else after the end is ignored.
        body = unpacker.unused_data if unpacker.unused_data.startswith(_GZIP) and window > 0 else b""
    return bytes(out)
