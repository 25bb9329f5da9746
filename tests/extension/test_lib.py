"""Runs the extension's own tests (node --test) and Mozilla's linter within the one test command."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from tests.conftest import ROOT, require


def test_the_pure_parts() -> None:
    node = shutil.which("node")
    require("node", node is not None)
    done = subprocess.run(
        [str(node), "--test", "tests/extension/"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_the_manifest_names_no_more_than_it_needs() -> None:
    manifest = json.loads((ROOT / "extension" / "manifest.json").read_text())
    assert set(manifest["permissions"]) == {"storage", "alarms", "activeTab", "scripting", "notifications"}
    assert all("soundcloud.com" in pattern for pattern in manifest["host_permissions"])
    explained = (ROOT / "docs" / "extension.md").read_text()
    for permission in [*manifest["permissions"], *manifest["optional_permissions"]]:
        assert f"`{permission}`" in explained, f"docs/extension.md does not explain {permission}"


def test_nothing_is_loaded_from_elsewhere() -> None:
    for file in (ROOT / "extension").rglob("*"):
        if file.suffix in {".html", ".css"}:
            text = file.read_text()
            assert "http://" not in text, file
            assert "https://" not in text, file


def test_server_text_never_becomes_markup() -> None:
    for file in Path(ROOT / "extension").rglob("*.js"):
        text = file.read_text()
        for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "DOMParser"):
            assert way not in text, f"{file}: {way}"
