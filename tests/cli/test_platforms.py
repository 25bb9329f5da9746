"""`clausewatch platforms` as a person and as a program use it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.catalogue import load
from server.cli.platforms import platforms
from server.core.errors import CatalogueError, UnknownPlatform


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.delenv("CLAUSEWATCH_CATALOGUE", raising=False)
    return CliRunner(catch_exceptions=False)


def test_the_list_has_a_line_for_each_platform(run: CliRunner) -> None:
    lines = run.invoke(platforms).stdout.splitlines()
    assert [line.split()[0] for line in lines[:-1]] == [
        one.id for one in sorted(load().platforms.values(), key=lambda one: (one.category, one.id))
    ]
    assert lines[-1].startswith(f"{len(load().platforms)} platforms.")


def test_json_carries_everything(run: CliRunner) -> None:
    found = json.loads(run.invoke(platforms, ["--json"]).stdout)
    soundcloud = next(one for one in found if one["id"] == "soundcloud")
    assert soundcloud["documents"][0]["urls"] == ["https://soundcloud.com/terms-of-use"]
    assert soundcloud["statements"][0]["claims"] == {"training": "prohibits"}
    assert len(found) == len(load().platforms)


def test_one_platform_is_shown_with_what_is_not_verified(run: CliRunner) -> None:
    shown = run.invoke(platforms, ["discogs"]).stdout
    assert "discogs/terms" in shown and "(address not verified)" in shown
    assert "soundcloud" not in shown


def test_an_unknown_name_is_an_error_that_helps(run: CliRunner) -> None:
    with pytest.raises(UnknownPlatform, match="did you mean soundcloud"):
        run.invoke(platforms, ["sound-cloud"])


def test_the_overlay_of_the_settings_counts(run: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAUSEWATCH_CATALOGUE", str(tmp_path))
    (tmp_path / "bandcamp.toml").write_text('name = "Bandcamp as we see it"', encoding="utf-8")
    assert "Bandcamp as we see it" in run.invoke(platforms, ["bandcamp"]).stdout
    (tmp_path / "bandcamp.toml").write_text("name = 7", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"bandcamp\.toml: name must be text"):
        run.invoke(platforms)
