"""`clausewatch read` and `compare` as real processes: files, standard input, JSON lines, bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

PERMITS = "# Terms\n\nWe may use the recordings that you upload to train our machine learning models.\n"
SILENT = "# Terms\n\nYou keep every right in the recordings that you upload.\n"


def run(*arguments: str, given: str | bytes = "") -> subprocess.CompletedProcess[str]:
    data = given.encode() if isinstance(given, str) else given
    done = subprocess.run([sys.executable, "-m", "server", *arguments], input=data, capture_output=True, timeout=60)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def answers(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_read_a_file_and_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "terms.md"
    file.write_text(PERMITS)
    shown = run("read", str(file))
    assert shown.returncode == 0
    assert "training       permits" in shown.stdout
    assert run("read", "-", given=PERMITS).stdout == shown.stdout


def test_read_answers_each_line_and_goes_on_after_bad_ones() -> None:
    lines = [
        json.dumps({"id": "a", "text": PERMITS, "media_type": "text/markdown"}),
        "{broken",
        json.dumps({"id": "b"}),
        json.dumps({"id": "c", "text": PERMITS, "media_type": "image/png"}),
        json.dumps({"id": "d", "text": 7}),
        json.dumps({"id": "e", "text": SILENT}),
    ]
    found = answers(run("read", "--jsonl", given="\n".join(lines)))
    assert [each["id"] for each in found] == ["a", None, "b", "c", "d", "e"]
    assert found[0]["training"] == "permits"
    assert found[0]["evidence"][0]["line"] == 3
    assert {"line", "text", "rule", "field"} == set(found[0]["evidence"][0])
    assert found[5]["training"] == "silent"
    assert all("error" in found[n] for n in (1, 2, 3, 4))


def test_read_takes_html_and_plain_text() -> None:
    page = (
        "<html><body><main><h1>Terms</h1><p>We may use your recordings to train our AI models.</p></main></body></html>"
    )
    lines = [
        json.dumps({"id": 1, "text": page, "media_type": "text/html"}),
        json.dumps({"id": 2, "text": "We may use your recordings to train our AI models.", "media_type": "text/plain"}),
    ]
    assert [each["training"] for each in answers(run("read", "--jsonl", given="\n".join(lines)))] == ["permits"] * 2


def test_lines_that_are_no_utf8_are_answered_with_an_error() -> None:
    found = answers(
        run(
            "read", "--jsonl", given=b'{"id": 1, "text": "\xff\xfe"}\n' + json.dumps({"id": 2, "text": SILENT}).encode()
        )
    )
    assert "error" in found[0]
    assert found[1]["training"] == "silent"


def test_compare_two_files_and_lines(tmp_path: Path) -> None:
    old, new = tmp_path / "old.md", tmp_path / "new.md"
    old.write_text(SILENT)
    new.write_text(SILENT + "\n" + PERMITS.removeprefix("# Terms\n\n"))
    shown = run("compare", str(old), str(new))
    assert shown.stdout.startswith("material · training · worse\n")
    line = json.dumps({"id": 5, "old": old.read_text(), "new": new.read_text(), "media_type": "text/markdown"})
    (found,) = answers(run("compare", "--jsonl", given=line))
    assert (found["id"], found["level"], found["kind"], found["direction"]) == (5, "material", "training", "worse")
    assert (found["before"]["training"], found["after"]["training"]) == ("silent", "permits")
    assert [edit["op"] for edit in found["edits"]] == ["added"]


def test_bad_input_is_one_clear_line_and_no_traceback(tmp_path: Path) -> None:
    empty = tmp_path / "empty.md"
    empty.write_text("\n\n")
    for arguments, told in (
        (("read", str(tmp_path / "absent.md")), "cannot read"),
        (("read", str(empty)), "no words"),
        (("read", str(tmp_path)), "cannot read"),
        (("read", str(empty), "--media-type", "image/png"), "unknown media type"),
        (("compare", str(empty), str(empty)), "no words"),
    ):
        done = run(*arguments)
        assert done.returncode == 1
        assert told in done.stderr
        assert done.stderr.count("\n") == 1
        assert done.stdout == ""
    assert run("compare", str(empty)).returncode == 2
