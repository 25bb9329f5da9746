"""Makes the store packages in dist/: Chrome gets the folder as it is, Firefox one without the service worker."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE, DIST = ROOT / "extension", ROOT / "dist"
TOOLS = Path(__file__).resolve().parent
LINTER = TOOLS / "node_modules" / ".bin" / "web-ext"


def main() -> int:
    """Writes dist/clausewatch-{chrome,firefox}.zip and lints Firefox's; the linter's exit status."""
    DIST.mkdir(exist_ok=True)
    _zip(SOURCE, DIST / "clausewatch-chrome.zip")
    folder = DIST / "firefox"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SOURCE, folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    del manifest["background"]["service_worker"], manifest["minimum_chrome_version"]
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    _zip(folder, DIST / "clausewatch-firefox.zip")
    if not LINTER.exists() and (npm := shutil.which("npm")):
        subprocess.run([npm, "install", "--silent"], cwd=TOOLS, check=False)
    if not LINTER.exists():
        print("web-ext is missing and could not be installed: the packages are made, but not linted")
        return int(os.environ.get("CI") == "true")
    lint = [str(LINTER), "lint", "--source-dir", str(folder), "--no-config-discovery", "--warnings-as-errors"]
    return subprocess.run(lint, check=False).returncode


def _zip(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.write(file, file.relative_to(folder))


if __name__ == "__main__":
    sys.exit(main())
