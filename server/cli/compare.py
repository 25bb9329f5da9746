"""`clausewatch compare`: what a change from one text to another means."""

from __future__ import annotations

import json

import click

from server.cli import shown, texts
from server.core.changes import judge
from server.core.diff import edits


@click.command()
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option("--media-type", help="text/markdown, text/html or text/plain; by default what the files' endings say.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--jsonl", is_flag=True, help='Answer JSON lines on standard input: {"id", "old", "new", "media_type"}.')
def compare(old: str | None, new: str | None, media_type: str | None, as_json: bool, jsonl: bool) -> None:
    """Judge the change from the text in OLD to the text in NEW."""
    if jsonl:
        texts.answer_lines(lambda record: _answer(record, media_type))
        return
    if old is None or new is None:
        raise click.UsageError("give two files, OLD and NEW, or --jsonl")
    sides = [texts.clauses(texts.load(file), texts.media_type(media_type, file)) for file in (old, new)]
    change, found = judge(*sides), edits(*sides)
    if as_json:
        click.echo(json.dumps(shown.change_json(change, found), ensure_ascii=False))
        return
    for line in shown.change_lines(change, found):
        click.echo(line)


def _answer(record: texts.Record, media_type: str | None) -> texts.Record:
    kind = texts.media_type(record.get("media_type") or media_type)
    old, new = (texts.clauses(texts.wanted_text(record, key), kind) for key in ("old", "new"))
    return shown.change_json(judge(old, new), edits(old, new))
