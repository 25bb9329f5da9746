"""`python -m bench.backfill`: how much of recorded histories a backfill finds, for how many requests.

Needs the replay rig (CLAUSEWATCH_SHARED or ../shared). Truth is read from the recordings themselves, as in
tests/flows/test_backfill_rig.py.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from server.flows.backfill import backfill
from server.store import schema, session
from tests.conftest import shared_folder
from tests.e2e.rig import Rig
from tests.flows.test_backfill_rig import AT, BUNDLES, DOCUMENTS, document, found, parts, recorded

HEAD = f"{'document':28} {'archive':8} {'requests':>8} {'wordings':>10} {'spurious':>8} {'material':>9} {'seconds':>8}"


def main(budget: int) -> None:
    """Prints one line a document, with a plain archive and with one whose pages differ in every request."""
    shared = shared_folder()
    if shared is None:
        sys.exit("The replay rig is not here: set CLAUSEWATCH_SHARED.")
    print(HEAD)
    for options in ((), ("--noise",)):
        with Rig(shared, AT, BUNDLES, "--services", "SoundCloud,Zoom,Reddit", *options) as rig:
            for name in DOCUMENTS:
                print(measured(rig, shared, name, budget, "noise" if options else "plain"), flush=True)


def measured(rig: Rig, shared: Path, name: str, budget: int, archive: str) -> str:
    """One line: requests, wordings found of those recorded, spurious ones, material changes, seconds."""
    truth = recorded(shared, name)
    with tempfile.TemporaryDirectory() as folder:
        engine = session.open_engine(f"sqlite:///{folder}/history.db")
        schema.migrate(engine)
        write = session.transactions(engine)
        began = time.monotonic()
        result = backfill(parts(rig, write), document(name), budget=budget)
        seconds = time.monotonic() - began
        wordings, material = found(write)
        engine.dispose()
    right = f"{len(wordings & truth.wordings)}/{len(truth.wordings)}"
    told = f"{len(material & truth.material)}/{len(truth.material)}"
    return (
        f"{name:28} {archive:8} {result.requests:8} {right:>10} {len(wordings - truth.wordings):8} "
        f"{told:>9} {seconds:8.1f}"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 120)
