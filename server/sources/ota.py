"""Collections of Open Terms Archive: a local repository or bundle, or the address of one, cloned for a while.

Their database is under ODC-By 1.0: whoever shows what was imported from it names "Open Terms Archive".
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.core.errors import Refused, SourceError
from server.core.model import Document, Platform
from server.sources import addresses
from server.sources.recorded import History, RecordedDocument

_WORD = re.compile(r"[a-z0-9]+")
CLONE_SECONDS = 3600
"""The largest collection is more than a gigabyte."""


@contextmanager
def opened(place: str, *, allow_private: bool = False) -> Iterator[History]:
    """The history at a path or an https address of a git repository. Raises SourceError with the remedy."""
    if "://" not in place:
        with History(Path(place)) as history:
            yield history
        return
    schemes = {"https", "http"} if allow_private else {"https"}
    if place.partition("://")[0] not in schemes:
        raise Refused(f"{place} is not cloned: give an https address, or the path of a clone or bundle.")
    addresses.reach(addresses.parse(place, allow_private).host, allow_private=allow_private)
    with tempfile.TemporaryDirectory(prefix="clausewatch-ota-") as folder:
        _clone(place, folder, ":".join(sorted(schemes)))
        with History(Path(folder)) as history:
            yield history


def named(place: str) -> str:
    """The place as everybody may know it: an address, or the name of a file or folder without those around it."""
    return place.rstrip("/") if "://" in place else Path(place).resolve().name


def _clone(address: str, folder: str, protocols: str) -> None:
    """A bare clone. Git may use no other transport, ask for no password and read no configuration of the user's."""
    environ = {
        **os.environ,
        "GIT_ALLOW_PROTOCOL": protocols,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    command = ["git", "clone", "--quiet", "--bare", "--single-branch", "--", address, folder]
    try:
        done = subprocess.run(command, env=environ, capture_output=True, timeout=CLONE_SECONDS, check=False)
    except FileNotFoundError as why:
        raise SourceError("git is not installed: importing needs it.", permanent=True) from why
    except subprocess.TimeoutExpired as why:
        raise SourceError(f"{address} was not cloned within an hour: clone it yourself and give the path.") from why
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise SourceError(f"{address} cannot be cloned: {said[-1] if said else 'git failed'}")


def belongs_to(document: Document, platform: Platform, recorded: RecordedDocument, collection: str) -> bool:
    """Whether a recorded history is that of this document: by the aliases of the catalogue, else by name and type.

    An alias may be for one collection only, "pga:Tunery/Terms of Service": another may keep another region's wording
    under the same name. That of a region belongs to a document by alias alone.
    """
    name = f"{recorded.service}/{recorded.terms}".casefold()
    words = set(_WORD.findall(collection.casefold()))
    if document.aliases or document.region:
        asked = [alias.casefold().rpartition(":") for alias in document.aliases]
        return any(name == alias.strip() and (not of or of.strip() in words) for of, _, alias in asked)
    return name == f"{platform.name}/{document.type}".casefold()
