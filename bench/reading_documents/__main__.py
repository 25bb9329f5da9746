"""How well documents are read, overall and in five folds by service: `python -m bench.reading_documents [corpus]`.

The rules are not trained, so a fold shows how much the figures differ between services, not a hold-out; docs/reading.md
tells what was held out while the rules were written.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.core.clauses import cut
from server.core.evaluation import answer
from server.core.model import Reading
from server.core.reading import read

FOLDS = 5
STANCES = ("permits", "opt_out", "opt_in", "prohibits", "silent")


@dataclass(frozen=True)
class Item:
    """A labelled document and what we read in it."""

    label: dict[str, Any]
    told: Reading

    def value(self, field: str) -> str:
        """Our answer, as labels write it."""
        return answer(self.told, field)

    def right(self, field: str) -> bool:
        """Whether ours is the label's."""
        return self.value(field) == str(self.label[field]).lower()


def main() -> None:
    """Print the table."""
    items = load(_corpus())
    print("services        n  training  macro-F1  sharing  scraping-F1  operation-F1  evidence  false p/p  subject")
    print(row("all", items))
    for fold in range(FOLDS):
        print(row(f"fold {fold + 1}", [item for item in items if _fold(item.label["service"]) == fold]))


def load(corpus: Path) -> list[Item]:
    """The labelled documents, read."""
    labels = [json.loads(line) for line in (corpus / "dev/documents.jsonl").read_text(encoding="utf-8").splitlines()]
    with zipfile.ZipFile(corpus / "dev/texts.zip") as texts:
        return [Item(label, read(cut(texts.read(f"{label['blob']}.md").decode()))) for label in labels]


def row(name: str, items: Sequence[Item]) -> str:
    """One line of the table."""
    silent = [item for item in items if item.label["training"] == "silent"]
    false = sum(item.value("training") in ("permits", "prohibits") for item in silent)
    found, wanted = evidence(items)
    return (
        f"{name:12} {len(items):4} {share(items, 'training'):9.3f} {macro_f1(items):9.3f}"
        f" {share(items, 'sharing'):8.3f} {f1(items, 'anti_scraping', 'true'):12.3f}"
        f" {f1(items, 'operation', 'true'):13.3f} {found:4}/{wanted:<4}"
        f" {false:6}/{len(silent):<4} {share(items, 'subject'):7.3f}"
    )


def share(items: Sequence[Item], field: str) -> float:
    """Accuracy."""
    return sum(item.right(field) for item in items) / max(1, len(items))


def f1(items: Sequence[Item], field: str, value: str) -> float:
    """F1 of one value of a field; 1 when neither side has it."""
    pairs = Counter((str(item.label[field]).lower() == value, item.value(field) == value) for item in items)
    both, wrong = pairs[True, True], pairs[True, False] + pairs[False, True]
    return 2 * both / (2 * both + wrong) if both or wrong else 1.0


def macro_f1(items: Sequence[Item]) -> float:
    """Mean F1 over the values of training that occur."""
    values = [value for value in STANCES if any(item.label["training"] == value for item in items)]
    return sum(f1(items, "training", value) for value in values) / max(1, len(values))


def evidence(items: Sequence[Item]) -> tuple[int, int]:
    """(documents with a labelled line among ours, documents with labelled lines)."""
    told = [item for item in items if item.label["evidence_lines"]]
    ours = [{e.line for e in item.told.evidence if e.field in ("training", "sharing")} for item in told]
    return sum(bool(lines & set(item.label["evidence_lines"])) for lines, item in zip(ours, told, strict=True)), len(
        told
    )


def _fold(service: str) -> int:
    return hashlib.sha256(service.casefold().encode()).digest()[0] % FOLDS


def _corpus() -> Path:
    if len(sys.argv) > 1:
        return Path(sys.argv[1])
    beside = Path(__file__).resolve().parents[3] / "shared"
    return Path(os.environ.get("CLAUSEWATCH_SHARED", beside)) / "corpus"


if __name__ == "__main__":
    main()
