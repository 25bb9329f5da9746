"""`clausewatch suggest`: queued, watched already, or refused with what to write."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from server import settings, wiring
from server.cli import main
from server.core.errors import ClausewatchError, Unusable
from server.store import suggestions

NAMES = {"newtunes.com": "93.184.216.34", "inside.com": "10.0.0.7"}


@pytest.fixture(autouse=True)
def _names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty data folder, and a name server of the foreign internet."""

    def answer(host: str, port: int, **_: Any) -> list[Any]:
        if host == "later.com":
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        if host not in NAMES:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (NAMES[host], port))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    monkeypatch.setenv("CLAUSEWATCH_DATA", str(tmp_path))
    for variable in ("DATABASE_URL", "CLAUSEWATCH_ALLOW_PRIVATE", "CLAUSEWATCH_PLATFORMS", "CLAUSEWATCH_CATALOGUE"):
        monkeypatch.delenv(variable, raising=False)


def suggest(url: str) -> str:
    """What the command prints; raises what it raises."""
    return CliRunner().invoke(main, ["suggest", "--", url], catch_exceptions=False, standalone_mode=False).output


def test_a_suggestion_is_queued_once_and_counted() -> None:
    assert suggest("https://newtunes.com/terms") == "newtunes.com is queued for the operator.\n"
    suggest("newtunes.com")
    with wiring.build(settings.read()).read() as session:
        assert [(row.name, row.times) for row in suggestions.most_wanted(session)] == [("newtunes.com", 2)]


def test_a_watched_platform_is_named() -> None:
    assert suggest("soundcloud.com") == "soundcloud.com is watched already: clausewatch status soundcloud\n"


@pytest.mark.parametrize("url", ["http://127.0.0.1:6379/", "javascript:alert(1)", "inside.com", "nowhere.com"])
def test_what_is_not_public_is_refused(url: str) -> None:
    with pytest.raises(Unusable):
        suggest(url)


def test_without_a_name_server_nothing_is_said_about_the_site() -> None:
    with pytest.raises(ClausewatchError, match="try again") as why:
        suggest("later.com")
    assert not why.value.permanent
