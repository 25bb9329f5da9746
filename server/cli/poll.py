"""`clausewatch poll`: look at policy pages now."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from server import queues, settings, wiring
from server.core.errors import QueueError
from server.flows.poll import Polled, poll_all, sync_sources
from server.store import schema, session


@click.command()
@click.argument("platform", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a document.")
def poll(platform: str | None, as_json: bool) -> None:
    """Look at the documents of PLATFORM (or of all) now, due or not."""
    service = wiring.build(settings.read())
    wanted = [service.catalogue.platform(platform)] if platform else list(service.catalogue.platforms.values())
    documents = [document for each in wanted for document in each.documents]
    session.check(service.engine)
    schema.migrate(service.engine)
    sync_sources(service.poller, service.catalogue)
    failed = 0
    for polled in poll_all(service.poller, documents):
        failed += polled.outcome == "failed"
        click.echo(json.dumps(asdict(polled)) if as_json else _line(polled))
        if polled.change_id is not None:
            _hurry(service)
    if failed == len(documents):
        raise SystemExit(1)


def _line(polled: Polled) -> str:
    level = f" [{polled.level}]" if polled.level else ""
    return f"{polled.document:32} {polled.outcome:10}{level} {polled.detail}".rstrip()


def _hurry(service: wiring.Service) -> None:
    """Has the notices sent at once; without Redis they wait in the outbox for the next sweep."""
    try:
        service.queue.enqueue(queues.DELIVER_DUE)
    except QueueError as why:
        click.echo(f"The change is stored; its notices wait in the outbox. {why}", err=True)
