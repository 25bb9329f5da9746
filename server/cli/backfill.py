"""`clausewatch backfill`: find a platform's past changes in a web archive and in its own earlier versions."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import date
from typing import Any

import click

from server import settings, wiring
from server.core.errors import SourceError
from server.core.model import Document, Platform
from server.flows import backfill as past
from server.flows.backfill import BUDGET, Backfilled, Backfiller, Found
from server.flows.backfill_signals import SOURCES, backfill_signals
from server.flows.read_prior import PriorRead, PriorReader, read_prior
from server.sources import addresses
from server.sources.archive import Dialect
from server.store import schema, session

HOPELESS = 3
"""So many documents in a row of which the archive did not even list captures, and the run ends."""
PATIENCE = 600.0
"""Seconds that a person at a terminal waits for an archive that asked us to; a longer pause ends the run."""


@click.command()
@click.argument("platform")
@click.option(
    "--since", default="", metavar="DATE", help="No captures before this year, month or day: 2022 or 2022-06."
)
@click.option("--archive", "base", default="", metavar="URL", help="Another web archive than CLAUSEWATCH_ARCHIVE.")
@click.option(
    "--dialect",
    default="",
    type=click.Choice(["", *(one.value for one in Dialect)]),
    help="How to ask it; found out when not given.",
)
@click.option("--budget", default=BUDGET, show_default=True, type=click.IntRange(2), help="Requests for one document.")
@click.option("--document", "only", default="", metavar="ID", help="Only this document of the platform.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a document.")
def backfill(platform: str, since: str, base: str, dialect: str, budget: int, only: str, as_json: bool) -> None:
    """Find the past changes of PLATFORM and of its signals. A run that was stopped goes on where it was."""
    service = wiring.build(settings.read())
    wanted = service.catalogue.by_host(platform) or service.catalogue.platform(platform)
    session.check(service.engine)
    schema.migrate(service.engine)
    screen = _Screen(budget)
    base = _base(base, service.settings.allow_private)
    archive = service.archive(base, dialect, patience=PATIENCE, told=screen.pause)
    parts = Backfiller(archive, service.write, service.read, service.clock, screen.show)
    outcomes, in_a_row = [], 0
    for result, prior in _results(service, parts, wanted, only, _stamp(since), budget):
        screen.clear()
        click.echo(json.dumps(_plain(result, prior)) if as_json else "\n".join(_lines(result, prior)))
        outcomes.append(result.outcome)
        in_a_row = in_a_row + 1 if result.outcome == "failed" and not result.listed else 0
        if in_a_row == HOPELESS:
            click.echo(f"{archive.host} answers nothing that helps: look at the network, or run again later.", err=True)
        if result.outcome == "busy" or in_a_row == HOPELESS:
            break
    if "busy" in outcomes or all(outcome == "failed" for outcome in outcomes):
        raise SystemExit(1)


def _results(
    service: wiring.Service, parts: Backfiller, wanted: Platform, only: str, since: str, budget: int
) -> Iterator[tuple[Backfilled, PriorRead | None]]:
    """What each document brings, and what tells crawlers something at last."""
    for document in [service.catalogue.document(f"{wanted.id}/{only}")] if only else wanted.documents:
        prior = _prior(service, document)
        yield past.backfill(parts, document, since=since, budget=budget), prior
    for source in () if only else SOURCES:
        yield backfill_signals(parts, wanted, source, since=since, budget=budget), None


def _prior(service: wiring.Service, document: Document) -> PriorRead | None:
    if not document.prior_versions:
        return None
    return read_prior(PriorReader(service.poller.fetch, service.write, service.read, service.clock), document)


def _base(value: str, allow_private: bool) -> str:
    if value:
        try:
            addresses.parse(value, allow_private)
        except SourceError as why:
            told = f"{why}; write an address that begins with https://"
            raise click.BadParameter(told, param_hint="--archive") from why
    return value.rstrip("/")


def _stamp(since: str) -> str:
    """A date as archives write it."""
    stamp = since.replace("-", "")
    if stamp and not (stamp.isascii() and stamp.isdigit() and len(stamp) in {4, 6, 8} and _is_day(stamp)):
        raise click.BadParameter(
            "write a year, a month or a day, such as 2022, 2022-06, 2022-06-30", param_hint="--since"
        )
    return stamp


def _is_day(stamp: str) -> bool:
    """Whether there is such a year, month or day."""
    try:
        date(int(stamp[:4]), int(stamp[4:6] or 1), int(stamp[6:8] or 1))
    except ValueError:
        return False
    return True


class _Screen:
    """One line on a terminal that tells how far the work is; silent elsewhere."""

    def __init__(self, budget: int) -> None:
        self.budget, self.shown = budget, sys.stderr.isatty()

    def show(self, so_far: Backfilled, latest: str) -> None:
        """The document, how many captures were read of how many, and the last one."""
        read = sum(so_far.kinds.values())
        self._line(f"{so_far.document}: {read} read, {so_far.wordings} wordings, budget {self.budget}; {latest}")

    def pause(self, why: str) -> None:
        """Why nothing moves."""
        self._line(why) if self.shown else click.echo(why, err=True)

    def clear(self) -> None:
        """Takes the line away."""
        self._line("")

    def _line(self, text: str) -> None:
        if self.shown:
            click.echo(f"\r\x1b[K{text[:110]}", nl=False, err=True)


def _lines(result: Backfilled, prior: PriorRead | None) -> list[str]:
    kinds = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in result.kinds.most_common())
    head = f"{result.document}: {result.listed} captures listed, {result.requests} requests"
    lines = [f"{head} ({kinds or 'nothing new'})"]
    if prior:
        told = f"  earlier versions of its own: {prior.linked} linked, {prior.fetched} read now. {prior.detail}"
        lines.append(told.rstrip())
    lines += [f"  {_interval(change)}  {change.level}: {change.explanation}" for change in result.changes]
    lines += [] if result.changes else ["  no change found"]
    remarks = {
        "budget": "  The budget is spent; run again to look closer.",
        "busy": f"  Stopped: {result.detail}",
        "failed": f"  Failed: {result.detail}",
    }
    lines += [f"  {result.detail}"] if result.detail and result.outcome in {"complete", "budget"} else []
    return lines + ([remarks[result.outcome]] if result.outcome in remarks else [])


def _interval(change: Found) -> str:
    if change.after is None:
        return f"not later than {change.before:%Y-%m-%d}"
    return f"between {change.after:%Y-%m-%d} and {change.before:%Y-%m-%d}"


def _plain(result: Backfilled, prior: PriorRead | None) -> dict[str, Any]:
    """The result for machines: moments in ISO form."""
    changes = [
        asdict(change) | {"after": change.after and change.after.isoformat(), "before": change.before.isoformat()}
        for change in result.changes
    ]
    told = {each.name: getattr(result, each.name) for each in fields(result)}
    own = {"linked": prior.linked, "fetched": prior.fetched, "detail": prior.detail} if prior else None
    return told | {"changes": changes, "prior": own}
