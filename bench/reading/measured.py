"""The figures that the /method page shows, as the file it reads."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from server.cli.evaluate import Measured
from server.core.evaluation import Score
from server.core.reading import ENGINE


@dataclass(frozen=True)
class Streams:
    """What a replay of recorded histories came to."""

    versions: int
    changes: int
    alerts: int
    alerted: int
    sure: int
    """Changes that both labellers call material; `alerted` of them gave an alert."""


def write(path: Path, documents: Measured, transitions: Measured, counts: tuple[int, int], streams: Streams) -> None:
    """The figures of today, with the engine they were measured with, into a file; counts: documents, transitions."""
    on_documents = f"{counts[0]} policies of services that the rules were written with"
    on_transitions = f"{counts[1]} changes of such policies"
    told = [
        *_documents(documents, on_documents),
        *_transitions(transitions, on_transitions),
        *_streams(streams),
    ]
    figures = [{"what": what, "value": value, "on": on} for what, value, on in told]
    data = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "engine": ENGINE, "figures": figures}
    path.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _documents(measured: Measured, on: str) -> list[tuple[str, str, str]]:
    score = {each.field: each for each in measured.scores}
    false = measured.figures["false permits or prohibits on a silent text"]
    return [
        ("Training by the platform: right answer", _share(score["training"].accuracy), on),
        ("Passing on to others: right answer", _share(score["sharing"].accuracy), on),
        ("Rules against scraping for AI: F1", _share(score["anti_scraping"].of("true").f1), on),
        ("AI that runs the service: F1", _share(score["operation"].of("true").f1), on),
        ("The quoted sentence is one that people named too", _share(measured.figures[_EVIDENCE]), on),
        ("A text that says nothing was taken for a rule", _share(false), on),
    ]


_EVIDENCE = "a labelled evidence line among ours"


def _transitions(measured: Measured, on: str) -> list[tuple[str, str, str]]:
    level: Score = next(each for each in measured.scores if each.field == "level")
    material = level.of("material")
    return [
        ("Changes called material that are", _share(material.precision), on),
        ("Material changes that were found", _share(material.recall), on),
        ("Material, notable or noise: right answer", _share(level.accuracy), on),
        ("Better or worse: right on material changes", _share(measured.figures["direction on material"]), on),
    ]


def _streams(told: Streams) -> list[tuple[str, str, str]]:
    on = f"{told.versions:,} recorded versions, {told.changes:,} changes"
    return [
        ("Changes that gave an alert", f"{100 * told.alerts / max(1, told.changes):.1f} %", on),
        ("Material changes, by two readers, that gave an alert", f"{told.alerted} of {told.sure}", on),
    ]


def _share(share: float) -> str:
    return f"{100 * share:.1f} %"
