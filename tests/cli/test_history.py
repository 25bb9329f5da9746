"""`clausewatch history` as a real process, on a small git repository made here and on the recorded SoundCloud terms."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

BASE = "# Terms\n\n" + "\n\n".join(
    f"Rule {n} of these terms deals with matter {n * 7} and says how people treat each other there." for n in range(12)
)
TRAINS = BASE + "\n\nWe may use the songs that you upload to train our machine learning models.\n"
ASKS = BASE + "\n\nWe use the songs that you upload to train our machine learning models only with your consent.\n"
START = datetime(2025, 3, 1, 12, tzinfo=UTC)

Version = tuple[float, str | None]


def git(folder: Path, *arguments: str, **extra: str) -> None:
    names = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@a", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@a"}
    subprocess.run(
        ["git", "-C", str(folder), *arguments], check=True, capture_output=True, env={**os.environ, **names, **extra}
    )


def record(
    folder: Path, versions: Sequence[Version], path: str = "Harpcase/Terms of Service.md", branch: str = "main"
) -> Path:
    """A repository with one commit a version, dated in hours after the start; None: withdrawn."""
    if not folder.exists():
        folder.mkdir()
        git(folder, "init", "--quiet", f"--initial-branch={branch}")
    for hours, text in versions:
        file = folder / path
        file.parent.mkdir(exist_ok=True)
        file.unlink() if text is None else file.write_text(text)
        at = (START + timedelta(hours=hours)).isoformat()
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--allow-empty", "-m", "record", GIT_AUTHOR_DATE=at, GIT_COMMITTER_DATE=at)
    return folder


def history(*arguments: str | Path) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "server", "history", "--jsonl", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    *alerts, summary = (json.loads(line) for line in done.stdout.splitlines())
    return alerts, summary


def dates(alerts: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(alert["date"], alert["direction"]) for alert in alerts]


def test_alerts_bear_the_date_and_commit_of_the_first_sighting(tmp_path: Path) -> None:
    folder = record(tmp_path / "r", [(0, BASE), (48, TRAINS), (96, ASKS)])
    alerts, summary = history(folder)
    assert dates(alerts) == [("2025-03-03", "worse"), ("2025-03-05", "better")]
    assert set(alerts[0]) == {"service", "terms", "date", "commit", "level", "kind", "direction", "quote"}
    assert (alerts[0]["service"], alerts[0]["terms"]) == ("Harpcase", "Terms of Service")
    commits = subprocess.run(
        ["git", "-C", str(folder), "log", "--reverse", "--format=%H"], capture_output=True, text=True, check=True
    ).stdout.split()
    assert [alert["commit"] for alert in alerts] == commits[1:]
    assert alerts[0]["quote"] == "We may use the songs that you upload to train our machine learning models."
    del summary["seconds"]
    assert summary == {"versions": 3, "changes": 2, "alerts": 2, "putbacks": 0, "technical": 0}


@pytest.mark.parametrize(
    ("name", "versions", "expected"),
    [
        ("gone within hours", [(0, BASE), (48, TRAINS), (60, BASE)], []),
        ("the last one counts", [(0, BASE), (48, TRAINS)], [("2025-03-03", "worse")]),
        ("flicker", [(0, BASE), *((24 + 10 * n, (TRAINS, BASE)[n % 2]) for n in range(8))], []),
        ("put back for a day", [(0, BASE), (48, TRAINS), (96, BASE), (120, TRAINS)], [("2025-03-03", "worse")]),
        (
            "a reversal that lasts",
            [(0, BASE), (48, TRAINS), (480, BASE), (2000, BASE + "\n\nBye for now, and thanks.\n")],
            [("2025-03-03", "worse"), ("2025-03-21", "better")],
        ),
        ("empty page between", [(0, TRAINS), (48, "Please enable JavaScript."), (400, TRAINS)], []),
        ("withdrawn and back", [(0, TRAINS), (48, None), (400, TRAINS)], []),
        (
            "wording that changes every time does not hide a change of meaning",
            [(0, BASE), *((24 + 10 * n, f"{TRAINS}\n\nSeen by {n} people so far.\n") for n in range(8))],
            [("2025-03-02", "worse")],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_streams(tmp_path: Path, name: str, versions: list[Version], expected: list[tuple[str, str]]) -> None:
    alerts, _ = history(record(tmp_path / "r", versions))
    assert dates(alerts) == expected


def test_the_confirmation_interval_is_a_setting(tmp_path: Path) -> None:
    folder = record(tmp_path / "r", [(0, BASE), (48, TRAINS), (60, ASKS)])
    assert [date for date, _ in dates(history(folder)[0])] == ["2025-03-04"]
    assert [date for date, _ in dates(history(folder, "--confirm-hours", "6")[0])] == ["2025-03-03", "2025-03-04"]


def test_services_can_be_picked_and_bundles_read(tmp_path: Path) -> None:
    folder = record(tmp_path / "r", [(0, BASE), (48, TRAINS)], branch="versions")
    record(folder, [(50, BASE), (100, TRAINS)], path="Other Place/Privacy Policy.md")
    git(folder, "bundle", "create", "--quiet", str(tmp_path / "all.bundle"), "--all")
    assert {alert["service"] for alert in history(tmp_path / "all.bundle")[0]} == {"Harpcase", "Other Place"}
    assert {alert["service"] for alert in history(folder, "--service", "other place")[0]} == {"Other Place"}
    assert history(folder, "--service", "Nobody")[0] == []


def test_what_is_no_history_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file.bundle").write_text("no bundle")
    for path, told in ((tmp_path / "absent", "does not exist"), (tmp_path / "file.bundle", "cannot be read")):
        done = subprocess.run(
            [sys.executable, "-m", "server", "history", str(path)], capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 1
        assert told in done.stderr
        assert done.stderr.count("\n") == 1


def test_soundcloud_gives_exactly_its_two_true_alerts(shared: Path) -> None:
    alerts, summary = history(shared / "corpus" / "bundles" / "soundcloud.bundle")
    assert dates(alerts) == [("2024-02-12", "worse"), ("2025-05-27", "better")]
    assert [alert["level"] for alert in alerts] == ["material"] * 2
    assert summary["versions"] == 8
