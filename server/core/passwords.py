"""Passwords: a scrypt hash to put where a password would stand, and the comparison, in constant time."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

PREFIX = "scrypt:"
LEAST = 12
"""Characters of a password that is set as it is."""
_COST = {"n": 2**14, "r": 8, "p": 1}


def hash_of(password: str, salt: bytes = b"") -> str:
    """What may stand in the environment in place of the password."""
    salt = salt or secrets.token_bytes(16)
    made = hashlib.scrypt(password.encode(), salt=salt, **_COST)
    return PREFIX + base64.b64encode(salt + made).decode()


def fits(given: str, wanted: str) -> bool:
    """Whether `given` is the password, `wanted` being the password or its hash; False when nothing is wanted."""
    if not wanted:
        return False
    if not wanted.startswith(PREFIX):
        return hmac.compare_digest(given.encode(), wanted.encode())
    raw = base64.b64decode(wanted.removeprefix(PREFIX))
    return hmac.compare_digest(hash_of(given, raw[:16]), wanted)


def check(value: str) -> str:
    """The setting as it is. Raises ValueError when it is too weak, or no hash of ours."""
    value = value.strip()
    if value.startswith(PREFIX):
        try:
            whole = len(base64.b64decode(value.removeprefix(PREFIX), validate=True)) == 16 + 64
        except ValueError:
            whole = False
        if not whole:
            raise ValueError("write the whole hash that `clausewatch password` prints")
    elif value and len(value) < LEAST:
        raise ValueError(f"write at least {LEAST} characters, or a hash from `clausewatch password`")
    return value
