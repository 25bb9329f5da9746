"""`clausewatch backfill` as a person and a machine see it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli import main
from tests.flows.test_backfill import NEW, OLD
from tests.sources.archive_server import ArchiveServer, Kept

URL = "https://zoom.us/terms"
KEPT = [Kept(f"20240{n}01000000", body, url=URL) for n, body in enumerate((OLD, OLD, NEW, NEW), 1)]


@pytest.fixture
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAUSEWATCH_DATA", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("REDIS_URL", "")
    monkeypatch.setenv("CLAUSEWATCH_ALLOW_PRIVATE", "1")
    monkeypatch.setenv("CLAUSEWATCH_ARCHIVE_REPLAYS", "60000")


@pytest.mark.usefixtures("own_data")
def test_an_interval_for_people_and_the_same_for_machines() -> None:
    with ArchiveServer(KEPT) as server:
        words = ["backfill", "zoom", "--document", "terms", "--archive", server.url]
        shown = CliRunner().invoke(main, words)
        assert "between 2024-02-01 and 2024-03-01  material" in shown.output
        told = json.loads(CliRunner().invoke(main, [*words, "--json"]).stdout)
    assert [change["after"] for change in told["changes"]] == ["2024-02-01T00:00:00+00:00"]
    assert (told["requests"], told["outcome"]) == (1, "complete")


@pytest.mark.usefixtures("own_data")
@pytest.mark.parametrize("dialect", ["ia", "pywb", "memento"])
def test_a_dialect_is_named_as_it_is_documented(dialect: str) -> None:
    with ArchiveServer(KEPT, dialect) as server:
        words = ["backfill", "zoom", "--document", "terms", "--archive", server.url, "--dialect", dialect]
        done = CliRunner().invoke(main, words)
        assert "between 2024-02-01 and 2024-03-01  material" in done.output
        assert not any("/cdx/search/" in path for path in server.log if dialect != "ia"), "no other one was tried"


@pytest.mark.usefixtures("own_data")
@pytest.mark.parametrize(
    "wrong",
    [
        ["--dialect", "IA"],
        ["--since", "soon"],
        ["--since", "2022-13"],
        ["--since", "2022-02-30"],
        ["--archive", "ftp://x"],
        ["--archive", "http://"],
        ["--archive", "https://archive.example:99999"],
        ["--archive", "https://me:secret@archive.example"],
        ["--budget", "0"],
    ],
)
def test_wrong_options_say_what_to_write(wrong: list[str]) -> None:
    done = CliRunner().invoke(main, ["backfill", "zoom", *wrong])
    assert done.exit_code == 2


@pytest.mark.usefixtures("own_data")
def test_an_archive_that_cannot_be_asked_ends_the_run_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    with ArchiveServer([]) as server:
        server.answers = [(403, {}, b"")] * 99
        done = CliRunner().invoke(main, ["backfill", "soundcloud", "--archive", server.url, "--dialect", "ia"])
        assert (done.exit_code, len(server.log)) == (1, 3)
    assert "look at the network" in done.output
