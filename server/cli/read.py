"""`clausewatch read`: what one policy text allows."""

from __future__ import annotations

import json

import click

from server.cli import shown, texts
from server.core.reading import read as read_clauses


@click.command()
@click.argument("source", default="-", metavar="[FILE|-]")
@click.option("--media-type", help="text/markdown, text/html or text/plain; by default what the file's ending says.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--jsonl", is_flag=True, help='Answer JSON lines on standard input: {"id", "text", "media_type"}.')
def read(source: str, media_type: str | None, as_json: bool, jsonl: bool) -> None:
    """Read a policy text from FILE, or from standard input."""
    if jsonl:
        texts.answer_lines(lambda record: _answer(record, media_type))
        return
    clauses = texts.clauses(texts.load(source), texts.media_type(media_type, source))
    reading = read_clauses(clauses)
    if as_json:
        click.echo(json.dumps(shown.reading_json(reading), ensure_ascii=False))
        return
    for line in shown.reading_lines(reading):
        click.echo(line)


def _answer(record: texts.Record, media_type: str | None) -> texts.Record:
    kind = texts.media_type(record.get("media_type") or media_type)
    return shown.reading_json(read_clauses(texts.clauses(texts.wanted_text(record, "text"), kind)))
