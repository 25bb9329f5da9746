"""`clausewatch history`: the alerts that recorded histories would have given."""

from __future__ import annotations

import json
import sys
import time
from datetime import timedelta
from pathlib import Path
from textwrap import shorten
from typing import Any

import click

from server.cli.shown import QUOTE
from server.core.model import Level
from server.flows.replay import Alert, Rules, Tally, replay


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")
@click.option("--service", "services", multiple=True, help="Only this service; may be given more than once.")
@click.option("--confirm-hours", default=24.0, show_default=True, help="How long a new wording must stand.")
@click.option("--settle-days", default=14.0, show_default=True, help="How long an earlier wording must stand again.")
@click.option("--notable", is_flag=True, help="Tell notable changes too, not only material ones.")
@click.option("--jsonl", is_flag=True, help="JSON lines also on a terminal.")
def history(
    paths: tuple[Path, ...],
    services: tuple[str, ...],
    confirm_hours: float,
    settle_days: float,
    notable: bool,
    jsonl: bool,
) -> None:
    """Replay the recorded versions in PATH (a git repository or a bundle in Open Terms Archive layout)."""
    levels = (Level.MATERIAL, Level.NOTABLE) if notable else (Level.MATERIAL,)
    rules = Rules(timedelta(hours=confirm_hours), timedelta(days=settle_days), levels)
    start = time.monotonic()
    alerts, tally = _replayed(paths, services, rules)
    alerts.sort(key=lambda alert: (alert.date, alert.service, alert.terms))
    if jsonl or not sys.stdout.isatty():
        for alert in alerts:
            click.echo(json.dumps(_alert_json(alert), ensure_ascii=False))
        click.echo(json.dumps(_summary(tally, start)))
    else:
        _show(alerts, tally, start)


def _replayed(paths: tuple[Path, ...], services: tuple[str, ...], rules: Rules) -> tuple[list[Alert], Tally]:
    alerts: list[Alert] = []
    tally = Tally()
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=1, label="Replaying", file=sys.stderr, hidden=hidden) as bar:
        for total, told in replay(paths, services, rules):
            bar.length = total
            bar.update(1)
            alerts += told.alerts
            tally.add(told.tally)
    return alerts, tally


def _alert_json(alert: Alert) -> dict[str, Any]:
    change = alert.change
    return {
        "service": alert.service,
        "terms": alert.terms,
        "date": alert.date.date().isoformat(),
        "commit": alert.commit,
        "level": change.level,
        "kind": change.kind,
        "direction": change.direction,
        "quote": change.quote_after or change.quote_before,
    }


def _summary(tally: Tally, start: float) -> dict[str, Any]:
    return {
        "versions": tally.versions,
        "changes": tally.changes,
        "alerts": tally.alerts,
        "putbacks": tally.putbacks,
        "technical": tally.technical,
        "seconds": round(time.monotonic() - start, 2),
    }


def _show(alerts: list[Alert], tally: Tally, start: float) -> None:
    for alert in alerts:
        change = alert.change
        click.secho(f"{alert.date:%Y-%m-%d}  {alert.service}: {alert.terms}", bold=True)
        click.echo(f"  {change.level} · {change.kind} · {change.direction}  {change.explanation}")
        click.echo(f"  “{shorten(change.quote_after or change.quote_before, QUOTE)}”")
    words = ", ".join(f"{value} {name}" for name, value in _summary(tally, start).items())
    click.echo(words)
