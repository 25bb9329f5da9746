"""`clausewatch status`: what is known of a platform."""

from __future__ import annotations

import click

from server import settings, wiring
from server.flows.lookup import Found, look_up
from server.store import schema, session
from server.web.api.show import show_platform
from server.web.context import Context


@click.command()
@click.argument("platform")
@click.option("--json", "as_json", is_flag=True, help="The same JSON as the API's.")
def status(platform: str, as_json: bool) -> None:
    """Show the status of PLATFORM: an id or a host."""
    service = wiring.build(settings.read())
    wanted = service.catalogue.by_host(platform) or service.catalogue.platform(platform)
    session.check(service.engine)
    schema.migrate(service.engine)
    with service.read() as opened:
        found = look_up(opened, wanted, service.clock.now(), service.settings.stale_after)
        if as_json:
            context = Context(
                service.settings, service.catalogue, service.clock, service.read, service.write, service.queue
            )
            click.echo(show_platform(found, wanted.hosts[0], context).model_dump_json(indent=2))
        else:
            click.echo(describe(found))


def describe(found: Found) -> str:
    """The status for a terminal."""
    now = found.status
    checked = f"{now.checked_at:%Y-%m-%d %H:%M} UTC" if now.checked_at else "never"
    lines = [
        f"{now.platform.name}  [{now.badge.letter}]  {now.badge.sentence}",
        f"  last looked at {checked}{' (stale)' if now.stale else ''}",
    ]
    for name, answer in (("training", now.training), ("sharing", now.sharing)):
        lines.append(f"  {name}: {answer.stance.value}")
        if answer.quote:
            lines += [f"    “{answer.quote}”", f"    {answer.source_url}"]
    lines += [f"  says against may: {c.text} ({c.statement.speaker}, {c.statement.date})" for c in now.contradictions]
    lines += [f"  signal {row.family}/{row.use}: {row.verdict}" for row in found.signals]
    lines += [f"  {state.document.id}: {state.health}" for state in now.documents]
    if change := found.last_change:
        told = {True: "quiet", False: "announced", None: "not known whether announced"}[change.quiet]
        lines.append(f"  last change {change.happened_to:%Y-%m-%d}: {change.explanation} ({change.direction}; {told})")
    return "\n".join(lines)
