"""Known holes in pinned dependencies, from a downloaded dump of OSV: for machines without a network.

python .ci/audit.py all.zip requirements.txt: exit status 1 when a pinned version is affected.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.M)


def pinned(requirements: Path) -> dict[str, Version]:
    """The pinned version of each package."""
    return {canonicalize_name(name): Version(version) for name, version in _PIN.findall(requirements.read_text())}


def holes(dump: Path, pins: dict[str, Version]) -> Iterator[str]:
    """One line for each hole in a pinned version. Withdrawn records do not count."""
    with zipfile.ZipFile(dump) as records:
        for name in records.namelist():
            record = json.loads(records.read(name))
            if not record.get("withdrawn"):
                yield from _of_record(record, pins)


def _of_record(record: dict[str, Any], pins: dict[str, Version]) -> Iterator[str]:
    for affected in record.get("affected", []):
        name = canonicalize_name(affected.get("package", {}).get("name", ""))
        if name in pins and _is_affected(affected, pins[name]):
            yield f"{name} {pins[name]}: {record['id']} {record.get('summary', '')}".rstrip()


def _is_affected(affected: dict[str, Any], version: Version) -> bool:
    if str(version) in affected.get("versions", []):
        return True
    ranges = [each["events"] for each in affected.get("ranges", []) if each.get("type") == "ECOSYSTEM"]
    return any(_is_within(events, version) for events in ranges)


def _is_within(events: list[dict[str, str]], version: Version) -> bool:
    inside = False
    for event in events:
        ((kind, text),) = event.items()
        try:
            bound = Version(text)
        except InvalidVersion:
            continue
        if kind == "introduced" and version >= bound:
            inside = True
        elif (kind == "fixed" and version >= bound) or (kind == "last_affected" and version > bound):
            inside = False
    return inside


def main() -> int:
    """Prints the holes and how many packages were looked up."""
    dump, requirements = map(Path, sys.argv[1:3])
    pins = pinned(requirements)
    found = sorted(set(holes(dump, pins)))
    print(*found, f"{len(pins)} packages looked up, {len(found)} holes", sep="\n")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
