"""Secrets: comparison in constant time that takes whatever comes in a header, passwords and their hashes."""

from __future__ import annotations

import hmac

import pytest

from server.core import passwords, secrets


@pytest.mark.parametrize("given", ["", "a", "secret ", "Secret", "sécret", "secret\x00", "s" * 10_000])
def test_only_the_secret_is_the_secret(given: str) -> None:
    assert not secrets.same(given, "secret")
    assert secrets.same("secret", "secret")
    assert not passwords.fits(given, "secret")
    assert not passwords.fits(given, "")


def test_comparisons_take_the_same_time_wherever_they_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []
    monkeypatch.setattr(hmac, "compare_digest", lambda a, b: bool(compared.append((a, b))) or a == b)
    secrets.same("x", "y")
    passwords.fits("x", "y")
    passwords.fits("x", passwords.hash_of("y"))
    assert len(compared) == 3, "each goes through hmac.compare_digest"


def test_a_hash_tells_nothing_and_fits_its_password_alone() -> None:
    made = passwords.hash_of("correct horse battery")
    assert made != passwords.hash_of("correct horse battery"), "salted"
    assert "horse" not in made and passwords.check(made) == made
    assert passwords.fits("correct horse battery", made)
    assert not passwords.fits("correct horse batterY", made)
    assert not passwords.fits(made, made)


def test_the_webhook_s_secret_depends_on_the_token_and_does_not_hold_it() -> None:
    one, two = secrets.webhook_secret("1:" + "a" * 30), secrets.webhook_secret("1:" + "b" * 30)
    assert one != two and "aaa" not in one
