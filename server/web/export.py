"""/export: readings and changes as JSON Lines, with quotes only: the texts belong to their owners."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from server.store import exports
from server.store.tables import ChangeRow, ReadingRow, VersionRow
from server.web.api.show import show_change
from server.web.context import Context, context
from server.web.pages.site import page

NOTE = (
    "Readings, changes and explanations are facts and words of this project: use them freely (CC0 1.0). "
    "Quotes are single sentences of policies, shown as evidence (short quotation): they remain their owners', "
    "and CC0 does not cover them."
)
CACHE = "public, max-age=3600, s-maxage=3600, stale-while-revalidate=86400"

Lines = Callable[[Session, Context], Iterator[dict[str, Any]]]


def register(blueprint: Blueprint) -> None:
    """Adds the page that explains the files, and the files."""
    blueprint.add_url_rule("/export", "export", lambda: page("export.html", note=NOTE))
    blueprint.add_url_rule("/export/changes.jsonl", "export_changes", lambda: _file(_changes))
    blueprint.add_url_rule("/export/readings.jsonl", "export_readings", lambda: _file(_readings))


def _file(lines: Lines) -> Response:
    """The first line is the licence note, each other line one thing; sent as it is read."""
    here = context()

    def stream() -> Iterator[str]:
        yield _line({"note": NOTE, "source": here.public_url, "generated_at": here.clock.now().isoformat()})
        with here.read() as session:
            for values in lines(session, here):
                yield _line(values)

    response = Response(stream(), mimetype="application/jsonl")
    response.headers["Cache-Control"] = CACHE
    return response


def _line(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False).translate(_BREAKS) + "\n"


_BREAKS = {ord(each): f"\\u{ord(each):04x}" for each in "\x85\u2028\u2029"}
"""Ends of lines to some readers, which JSON leaves as they are."""


def _changes(session: Session, here: Context) -> Iterator[dict[str, Any]]:
    for row in exports.every_change(session):
        yield _change(row, here)


def _change(row: ChangeRow, here: Context) -> dict[str, Any]:
    shown = show_change(row, here.public_url).model_dump(mode="json")
    return shown | {"before": _reading(row.before), "after": _reading(row.after), "origin": row.origin}


def _readings(session: Session, here: Context) -> Iterator[dict[str, Any]]:
    for version, reading in exports.every_reading(session):
        yield _version(version, reading)


def _version(version: VersionRow, reading: ReadingRow) -> dict[str, Any]:
    platform, _, document = version.document.partition("/")
    return {
        "platform": platform,
        "document": document,
        "wording": version.wording,
        "first_seen": version.first_seen.isoformat(),
        "last_seen": version.last_seen.isoformat(),
        "engine": reading.engine,
        **_reading(reading.data),
    }


def _reading(data: dict[str, Any]) -> dict[str, Any]:
    kept = ("training", "sharing", "subject", "models", "anti_scraping", "operation", "confidence", "language")
    quotes = [{key: item[key] for key in ("field", "stance", "rule", "text")} for item in data["evidence"]]
    return {key: data[key] for key in kept} | {"evidence": quotes}
