"""Prints the figures of docs/reading.md: documents, transitions, both by service in folds, and streams."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from bench.reading import measured
from bench.reading.measured import Streams
from server.cli.evaluate import Measured, Texts, load, measure_documents, measure_transitions
from server.core.evaluation import folds, spread
from server.flows.replay import Alert, Tally, replay
from server.sources.recorded import History, RecordedDocument

NEAR_DAYS = 3
"""An alert within so many days of a labelled change is that change: a meaning may have been seen a little earlier."""

Label = dict[str, Any]


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path), default=Path("../shared/corpus"), show_default=True)
@click.option("--folds", "count", default=5, show_default=True, help="How many groups the services are dealt into.")
@click.option("--streams/--no-streams", default=True, help="Replay the four recorded histories too (a minute or two).")
@click.option(
    "--write", type=click.Path(path_type=Path), help="Write what /method shows: server/web/pages/measured.json."
)
def main(corpus: Path, count: int, streams: bool, write: Path | None) -> None:
    """Measure on the recorded policies in CORPUS."""
    if write and not streams:
        raise click.UsageError("--write needs the streams too")
    documents, transitions = (load(corpus / "dev" / f"{name}.jsonl") for name in ("documents", "transitions"))
    with Texts(corpus / "dev" / "texts.zip") as text:
        found, told = measure_documents(documents, text), measure_transitions(transitions, text)
        _print("documents", found)
        _print("transitions", told)
        groups = folds([label["service"] for label in documents + transitions], count)
        read = [measure_documents(_of(documents, group), text) for group in groups]
        judged = [measure_transitions(_of(transitions, group), text) for group in groups]
    click.echo(f"\nby service, in {count} groups that share none (lowest to highest)")
    _spread("documents: training accuracy", [_score(each, "training").accuracy for each in read])
    _spread("documents: anti_scraping F1", [_score(each, "anti_scraping").of("true").f1 for each in read])
    _spread("transitions: three-level accuracy", [_score(each, "level").accuracy for each in judged])
    _spread("transitions: material precision", [_score(each, "level").of("material").precision for each in judged])
    _spread("transitions: material recall", [_score(each, "level").of("material").recall for each in judged])
    _spread("transitions: direction on material", [each.figures["direction on material"] for each in judged])
    replayed = _streams(corpus, transitions) if streams else None
    if write and replayed:
        measured.write(write, found, told, (len(documents), len(transitions)), replayed)


def _of(labels: Sequence[Label], services: frozenset[str]) -> list[Label]:
    return [label for label in labels if label["service"] in services]


def _score(measured: Measured, field: str) -> Any:
    return next(each for each in measured.scores if each.field == field)


def _print(name: str, measured: Measured) -> None:
    for each in measured.scores:
        click.echo(f"{name}: {each.field:14} accuracy {each.accuracy:.3f}  macro-F1 {each.macro_f1:.3f}")
        for value in each.values:
            told = f"precision {value.precision:.3f}  recall {value.recall:.3f}  F1 {value.f1:.3f}  of {value.labelled}"
            click.echo(f"    {value.value:14} {told}")
    for figure, number in measured.figures.items():
        click.echo(f"{name}: {figure} {number:.3f}")


def _spread(name: str, figures: Sequence[float]) -> None:
    low, high = spread(figures)
    click.echo(f"  {name:38} {low:.3f} to {high:.3f}")


def _streams(corpus: Path, transitions: Sequence[Label]) -> Streams:
    paths = sorted((corpus / "bundles").glob("dev-*.bundle"))
    start, tally, alerts = time.monotonic(), Tally(), list[Alert]()
    for _, told in replay(paths):
        tally.add(told.tally)
        alerts += told.alerts
    click.echo(f"\nstreams: {tally.versions} versions, {tally.changes} changes, {tally.putbacks} put-backs")
    click.echo(f"streams: {tally.alerts} material alerts, {100 * tally.alerts / tally.changes:.2f} % of the changes")
    click.echo(f"streams: {time.monotonic() - start:.0f} s")
    sure = [x for x in transitions if x["level"] == "material" == x["second_level"]]
    recorded = _recorded(corpus, {label["repo"] for label in sure})
    missed = [x for x in sure if not _alerted(x, alerts, recorded[x["repo"], x["service"], x["terms"]])]
    click.echo(
        f"streams: {len(sure) - len(missed)} of {len(sure)} changes that both labellers call material are alerted"
    )
    for label in missed:
        click.echo(f"    missed: {label['id']} {label['service']}, {label['terms']}, {label['date']}")
    return Streams(tally.versions, tally.changes, tally.alerts, len(sure) - len(missed), len(sure))


def _recorded(corpus: Path, names: set[str]) -> dict[tuple[str, str, str], RecordedDocument]:
    """The documents of some recorded histories, by history, service and terms."""
    found = {}
    for name in names:
        with History(corpus / "bundles" / f"dev-{name}.bundle") as history:
            found.update({(name, each.service, each.terms): each for each in history.documents()})
    return found


def _alerted(label: Label, alerts: Sequence[Alert], document: RecordedDocument) -> bool:
    """Whether the labelled change gave an alert, or was the return of an earlier text."""
    records = document.records
    at = next(n for n, r in enumerate(records) if n and (records[n - 1].blob, r.blob) == (label["old"], label["new"]))
    if label["new"] in {record.blob for record in records[:at]}:
        return True
    mine = (alert for alert in alerts if (alert.service, alert.terms) == (document.service, document.terms))
    return any(abs((alert.date - records[at].at).days) <= NEAR_DAYS for alert in mine)


if __name__ == "__main__":
    main()
