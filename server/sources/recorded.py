"""Recorded histories of policy texts: git repositories and bundles in the layout of Open Terms Archive."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from server.core.errors import ClausewatchError

GIT_SECONDS = 300
"""Longest time that one git command may take."""
LARGEST_TEXT = 20_000_000
"""Bytes; a larger record is not a policy text and reads as empty."""


@dataclass(frozen=True, slots=True)
class Record:
    """One recorded version: when, in which commit, and the git id of its text (empty: withdrawn)."""

    at: datetime
    commit: str
    blob: str


@dataclass(slots=True)
class RecordedDocument:
    """All records of one text of one service, oldest first; equal successive records count once."""

    service: str
    terms: str
    records: list[Record] = field(default_factory=list)

    def add(self, record: Record) -> None:
        """Append a record, unless it repeats the last one."""
        if not self.records or self.records[-1].blob != record.blob:
            self.records.append(record)


class History:
    """The first-parent history of one repository or bundle; use it in a `with` block."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self._reader: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> History:
        if not self.path.exists():
            raise ClausewatchError(f"{self.path} does not exist: give a git repository or a .bundle file")
        if self.path.is_file():
            self._scratch = tempfile.TemporaryDirectory(prefix="clausewatch-")
            _git(["clone", "--quiet", "--bare", str(self.path), self._scratch.name], self.path)
            self.path = Path(self._scratch.name)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._reader:
            self._reader.kill()
            self._reader.communicate()
        if self._scratch:
            self._scratch.cleanup()

    def documents(self, services: Sequence[str] = ()) -> list[RecordedDocument]:
        """Every recorded document, or those of the named services, sorted by name."""
        found: dict[str, RecordedDocument] = {}
        wanted = {name.casefold() for name in services}
        for record, path in self._log():
            service, _, rest = path.partition("/")
            if not rest.endswith(".md") or "/" in rest or (wanted and service.casefold() not in wanted):
                continue
            found.setdefault(path, RecordedDocument(service, rest[:-3])).add(record)
        return [found[path] for path in sorted(found)]

    def text(self, blob: str) -> str:
        """The recorded Markdown; empty when the record is far too large to be a policy."""
        reader = self._reader = self._reader or self._start()
        assert reader.stdin and reader.stdout
        reader.stdin.write(blob.encode() + b"\n")
        reader.stdin.flush()
        head = reader.stdout.readline().split()
        if len(head) != 3:
            raise ClausewatchError(f"{self.path} lacks the object {blob}: run `git fsck` on it")
        data = reader.stdout.read(int(head[2]) + 1)
        return data[:-1].decode("utf-8", "replace") if len(data) <= LARGEST_TEXT else ""

    def holds(self, commit: str) -> bool:
        """Whether a commit is in this repository: whether something was recorded in it."""
        done = subprocess.run(
            ["git", "-c", "safe.directory=*", "-C", str(self.path), "cat-file", "-e", f"{commit}^{{commit}}"],
            capture_output=True,
            timeout=GIT_SECONDS,
            check=False,
        )
        return done.returncode == 0

    def _log(self) -> Iterator[tuple[Record, str]]:
        shape = ["--reverse", "--raw", "-z", "--no-abbrev", "--no-renames", "-m", "--first-parent"]
        out = self._run("log", *shape, "--format=%x01%H %ct", self._branch(), "--")
        at, commit = datetime.min.replace(tzinfo=UTC), ""
        tokens = iter(out.split("\0"))
        for token in map(str.strip, tokens):
            if token.startswith("\x01"):
                commit, seconds = token[1:].split()
                at = max(at, datetime.fromtimestamp(int(seconds), UTC))
            elif token.startswith(":"):
                blob = token.split()[3]
                yield Record(at, commit, "" if set(blob) == {"0"} else blob), next(tokens)

    def _branch(self) -> str:
        heads = self._run("for-each-ref", "--format=%(refname)", "refs/heads").split()
        if not heads:
            raise ClausewatchError(f"{self.path} has no branch: give a repository with at least one commit")
        wanted = [f"refs/heads/{name}" for name in ("main", "master")]
        return next((name for name in wanted if name in heads), heads[0])

    def _run(self, *arguments: str) -> str:
        return _git(["-c", "safe.directory=*", "-C", str(self.path), *arguments], self.path)

    def _start(self) -> subprocess.Popen[bytes]:
        command = ["git", "-c", "safe.directory=*", "-C", str(self.path), "cat-file", "--batch"]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def _git(arguments: Sequence[str], path: Path) -> str:
    """What a git command prints; raises ClausewatchError with the remedy."""
    # A folder in somebody else's repository is none: git would go up and read that one.
    environ = {**os.environ, "GIT_CEILING_DIRECTORIES": str(path.resolve().parent)}
    try:
        done = subprocess.run(["git", *arguments], env=environ, capture_output=True, timeout=GIT_SECONDS, check=False)
    except FileNotFoundError as error:
        raise ClausewatchError("git is not installed: reading recorded histories needs it") from error
    except subprocess.TimeoutExpired as error:
        raise ClausewatchError(f"git took more than {GIT_SECONDS} s on {path}: try a local copy") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["git failed"]
        why = next((line for line in said if line.startswith("fatal:")), said[-1])
        raise ClausewatchError(f"{path} cannot be read as a git repository or bundle: {why}")
    return done.stdout.decode("utf-8", "replace")
