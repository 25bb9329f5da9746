"""`clausewatch evaluate` as a real process, on labels and texts made here."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

PERMITS = "# Terms\n\nWe may use the recordings that you upload to train our machine learning models.\n"
SILENT = "# Terms\n\nYou keep every right in the recordings that you upload.\n"


def labels(folder: Path) -> list[str]:
    """The options that name a small set of labels, one document of which is labelled wrongly on purpose."""
    with zipfile.ZipFile(folder / "texts.zip", "w") as archive:
        archive.writestr("aa.md", PERMITS)
        archive.writestr("bb.md", SILENT)
    plain = {"sharing": "silent", "anti_scraping": False, "operation": False}
    documents = [
        {"id": "D1", "blob": "aa", "training": "permits", "subject": "content", "evidence_lines": [3], **plain},
        {"id": "D2", "blob": "bb", "training": "permits", "subject": "content", "evidence_lines": [3], **plain},
    ]
    change = {"level": "material", "kind": "training", "direction": "worse"}
    transitions = [{"id": "T1", "old": "bb", "new": "aa", **change}]
    (folder / "d.jsonl").write_text("\n".join(map(json.dumps, documents)))
    (folder / "t.jsonl").write_text("\n".join(map(json.dumps, transitions)))
    files = {"--documents": "d.jsonl", "--transitions": "t.jsonl", "--texts": "texts.zip"}
    return [word for option, name in files.items() for word in (option, str(folder / name))]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "server", "evaluate", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_figures_confusion_and_misses(tmp_path: Path) -> None:
    done = run(*labels(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "documents: training   accuracy 0.500" in done.stdout
    assert "permits → silent 1" in done.stdout
    assert "D2  training: permits, read as silent" in done.stdout
    assert "transitions: level   accuracy 1.000" in done.stdout
    assert "transitions: direction on material 1.000" in done.stdout


def test_the_same_for_programs(tmp_path: Path) -> None:
    found = json.loads(run(*labels(tmp_path), "--json").stdout)
    assert found["documents"]["fields"]["training"]["accuracy"] == 0.5
    assert found["documents"]["figures"]["a labelled evidence line among ours"] == 0.5
    assert found["transitions"]["fields"]["level"]["values"]["material"]["recall"] == 1.0


def test_bad_input_is_one_clear_line(tmp_path: Path) -> None:
    given = labels(tmp_path)
    (tmp_path / "texts.zip").write_text("no zip")
    broken = run(*given)
    assert (broken.returncode, broken.stderr.count("\n")) == (1, 1)
    assert "give a zip file or a folder" in broken.stderr
    lost = run("--documents", given[1], "--texts", str(tmp_path))
    assert (lost.returncode, lost.stderr.count("\n")) == (1, 1)
    assert "lacks the text aa.md" in lost.stderr
    assert run("--texts", str(tmp_path)).returncode == 2
