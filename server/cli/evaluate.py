"""`clausewatch evaluate`: the reader and the change judge, measured on labelled texts."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from textwrap import shorten
from typing import Any

import click

from server.cli.shown import QUOTE
from server.core.changes import judge
from server.core.clauses import cut
from server.core.errors import ClausewatchError
from server.core.evaluation import Score, answer, score
from server.core.model import Change, Reading
from server.core.reading import read

FIELDS = ("training", "sharing", "subject", "anti_scraping", "operation")
CHANGE_FIELDS = ("level", "kind", "direction")

Label = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """The scores of one kind of labels, the figures that belong to no field, and the misses in words."""

    scores: list[Score]
    figures: dict[str, float]
    misses: list[str]


@click.command()
@click.option("--documents", type=click.Path(path_type=Path), help="JSON lines: blob, and a label for each field.")
@click.option("--transitions", type=click.Path(path_type=Path), help="JSON lines: old, new, level, kind, direction.")
@click.option(
    "--texts", type=click.Path(path_type=Path), required=True, help="Zip file or folder with <blob>.md files."
)
@click.option("--misses/--no-misses", default=True, help="List what was answered wrongly, with quotes.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def evaluate(documents: Path | None, transitions: Path | None, texts: Path, misses: bool, as_json: bool) -> None:
    """Measure the reader on DOCUMENTS and the change judge on TRANSITIONS."""
    if documents is None and transitions is None:
        raise click.UsageError("give --documents, --transitions or both")
    with Texts(texts) as text:
        measured = {}
        if documents:
            measured["documents"] = measure_documents(load(documents), text)
        if transitions:
            measured["transitions"] = measure_transitions(load(transitions), text)
    if as_json:
        click.echo(json.dumps({name: _json(each) for name, each in measured.items()}, ensure_ascii=False))
        return
    for name, each in measured.items():
        for line in _lines(name, each, misses):
            click.echo(line)


def load(path: Path) -> list[Label]:
    """The labels in a file of JSON lines; raises ClausewatchError when it cannot be read."""
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise ClausewatchError(f"cannot read labels from {path}: {error}") from error


class Texts:
    """The texts by blob id, from a zip file or a folder; use it in a `with` block."""

    def __init__(self, path: Path) -> None:
        self.path, self._stack = path, ExitStack()

    def __enter__(self) -> Callable[[str], str]:
        if self.path.is_dir():
            return lambda blob: self._text(blob, (self.path / f"{blob}.md").read_bytes)
        try:
            archive = self._stack.enter_context(zipfile.ZipFile(self.path))
        except (OSError, zipfile.BadZipFile) as error:
            raise ClausewatchError(f"cannot read texts from {self.path}: give a zip file or a folder") from error
        names = {Path(name).stem: name for name in archive.namelist()}
        return lambda blob: self._text(blob, lambda: archive.read(names[blob]))

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _text(self, blob: str, data: Callable[[], bytes]) -> str:
        try:
            return data().decode("utf-8", "replace")
        except (OSError, KeyError) as error:
            raise ClausewatchError(f"{self.path} lacks the text {blob}.md") from error


def measure_documents(labels: list[Label], text: Callable[[str], str]) -> Measured:
    """How well documents are read."""
    answers = [(label, read(cut(text(label["blob"])))) for label in labels]
    scores = [score(field, [(_word(x[field]), answer(got, field)) for x, got in answers]) for field in FIELDS]
    misses = [line for label, got in answers for line in _document_misses(label, got)]
    return Measured(scores, _document_figures(answers), misses)


def measure_transitions(labels: list[Label], text: Callable[[str], str]) -> Measured:
    """How well changes are judged."""
    clauses = lru_cache(maxsize=64)(lambda blob: cut(text(blob)))
    answers = [(label, judge(clauses(label["old"]), clauses(label["new"]))) for label in labels]
    scores = [score(field, [(x[field], str(getattr(got, field))) for x, got in answers]) for field in CHANGE_FIELDS]
    both = [(x, got) for x, got in answers if x["level"] == "material" == got.level]
    right = sum(x["direction"] == got.direction for x, got in both)
    figures = {"direction on material": right / len(both) if both else 1.0}
    return Measured(scores, figures, [_change_miss(x, got) for x, got in answers if x["level"] != got.level])


def _document_figures(answers: list[tuple[Label, Reading]]) -> dict[str, float]:
    told = [(x, got) for x, got in answers if x.get("evidence_lines")]
    found = sum(bool(set(x["evidence_lines"]) & {e.line for e in got.evidence}) for x, got in told)
    silent = [got for x, got in answers if x["training"] == x["sharing"] == "silent"]
    loud = sum(got.training in ("permits", "prohibits") or got.sharing in ("permits", "prohibits") for got in silent)
    return {
        "a labelled evidence line among ours": found / len(told) if told else 1.0,
        "false permits or prohibits on a silent text": loud / len(silent) if silent else 0.0,
    }


def _document_misses(label: Label, got: Reading) -> Iterator[str]:
    for field in FIELDS:
        if _word(label[field]) != answer(got, field):
            quote = next((e.text for e in got.evidence if e.field == field), "")
            told = f"{_word(label[field])}, read as {answer(got, field)}"
            yield f"{label.get('id', '')} {label.get('service', '')} {field}: {told}: “{shorten(quote, QUOTE)}”"


def _change_miss(label: Label, got: Change) -> str:
    what = f"{label['level']}/{label['kind']}, judged {got.level}/{got.kind}"
    quotes = f"“{shorten(got.quote_before, QUOTE)}” → “{shorten(got.quote_after, QUOTE)}”"
    return f"{label.get('id', '')} {label.get('service', '')}: {what}: {quotes}"


def _word(value: Any) -> str:
    return str(value).lower()


def _lines(name: str, measured: Measured, misses: bool) -> Iterator[str]:
    for each in measured.scores:
        yield f"\n{name}: {each.field}   accuracy {each.accuracy:.3f}   macro-F1 {each.macro_f1:.3f}"
        yield f"  {'value':14} precision  recall      F1  labelled"
        for value in each.values:
            yield f"  {value.value:14} {value.precision:9.3f} {value.recall:7.3f} {value.f1:7.3f} {value.labelled:9}"
        yield "  labelled → answered: " + ", ".join(
            f"{label} → {answer} {count}" for (label, answer), count in sorted(each.confusion.items())
        )
    for figure, number in measured.figures.items():
        yield f"\n{name}: {figure} {number:.3f}"
    if misses:
        yield f"\n{name}: {len(measured.misses)} misses"
        yield from (f"  {miss}" for miss in measured.misses)


def _json(measured: Measured) -> dict[str, Any]:
    return {
        "fields": {
            each.field: {
                "accuracy": each.accuracy,
                "macro_f1": each.macro_f1,
                "values": {
                    v.value: {"precision": v.precision, "recall": v.recall, "f1": v.f1, "labelled": v.labelled}
                    for v in each.values
                },
                "confusion": [[label, answer, count] for (label, answer), count in sorted(each.confusion.items())],
            }
            for each in measured.scores
        },
        "figures": measured.figures,
        "misses": measured.misses,
    }
