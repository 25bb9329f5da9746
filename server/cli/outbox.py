"""`clausewatch outbox`: what is to be sent, how far it is, and how to pause or give up a notice."""

from __future__ import annotations

import json

import click

from server import settings, wiring
from server.core.errors import ClausewatchError
from server.store import outbox as store
from server.store import session

STATES = ("sent", "due", "held", "sending", "dead")


@click.command()
@click.option("--pause", type=int, metavar="NUMBER", help="Hold a notice back.")
@click.option("--resume", type=int, metavar="NUMBER", help="Go on with a notice that is held back.")
@click.option("--abandon", type=int, metavar="NUMBER", help="Give a notice up for everybody who has not got it.")
@click.option("--dead", is_flag=True, help="Show what Telegram refused, and why.")
@click.option("--limit", default=20, show_default=True, help="How many notices to show.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a notice.")
def outbox(pause: int | None, resume: int | None, abandon: int | None, dead: bool, limit: int, as_json: bool) -> None:
    """Show the newest notices and how far their delivery is."""
    here = wiring.build(settings.read())
    session.check(here.engine)
    with here.write() as opened:
        for number, state in ((pause, store.PAUSED), (resume, store.OPEN), (abandon, store.ABANDONED)):
            if number is not None and not store.set_state(opened, number, state):
                raise ClausewatchError(
                    f"There is no notice {number} that can be {state}; `clausewatch outbox` lists them."
                )
    with here.read() as opened:
        letters = store.dead_letters(opened, limit) if dead else []
        notices = store.progress(opened, limit)
    if dead:
        _show_dead(letters, as_json)
    else:
        _show(notices, as_json)


def _show(notices: list[dict[str, object]], as_json: bool) -> None:
    if as_json:
        for notice in notices:
            click.echo(json.dumps(notice, default=str))
        return
    if not notices:
        click.echo("The outbox is empty.")
    for notice in notices:
        total = sum(int(str(notice[state])) for state in STATES)
        done = int(str(notice["sent"])) + int(str(notice["dead"]))
        share = f"{100 * done // total} %" if total else "nobody"
        counts = ", ".join(f"{state} {notice[state]}" for state in STATES if notice[state])
        first = str(notice["text"]).splitlines()[0][:90] if notice["text"] else ""
        click.echo(f"№ {notice['id']:<6} {notice['kind']:<10} {notice['state']:<9} {share:>6}  {counts}\n    {first}")


def _show_dead(letters: list[tuple[int, int, str]], as_json: bool) -> None:
    for notice, chat, error in letters:
        row = {"notice": notice, "chat": chat, "error": error}
        click.echo(json.dumps(row) if as_json else f"№ {notice} for chat {chat}: {error}")
    if not letters and not as_json:
        click.echo("Telegram has refused nothing.")
