"""`clausewatch doctor`: what does not work here, and what to do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict

import click

from server import queues, settings, wiring
from server.core.errors import ClausewatchError
from server.flows import doctor as tried
from server.flows.doctor import Finding, examine
from server.sources.courtesy import visiting
from server.sources.telegram import ask
from server.web.api.telegram import PATH
from server.wiring import Service

PATIENCE = 30.0
"""Seconds that an address of the catalogue may wait for its turn at its host."""
_MARKS = {"ok": ("ok", "green"), "warning": ("look", "yellow"), "broken": ("BROKEN", "red")}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a check.")
@click.option(
    "--catalogue", "addresses", is_flag=True, help="Also ask every address of a document, feed or way to object."
)
def doctor(as_json: bool, addresses: bool) -> None:
    """Check settings, database, Redis, disk, network and bot; exit status 1 when something is broken."""
    service = wiring.build(settings.read())
    broken = 0
    for finding in examine(_checks(service)):
        broken += finding.state == "broken"
        click.echo(json.dumps(asdict(finding)) if as_json else _line(finding))
    if addresses:
        broken += _check_addresses(service, as_json)
    if broken:
        raise SystemExit(1)


def _line(finding: Finding) -> str:
    word, colour = _MARKS[finding.state]
    return f"{click.style(f'{word:>7}', fg=colour)}  {finding.name:12} {finding.says}"


def _checks(service: Service) -> list[tuple[str, Callable[[], str]]]:
    config = service.settings
    return [
        ("settings", lambda: f"User-Agent: {config.user_agent}" if config.contact else _no_contact()),
        ("catalogue", lambda: f"{len(service.catalogue.platforms)} platforms, {len(service.catalogue.hosts)} hosts"),
        ("database", lambda: tried.check_database(service.engine)),
        ("migrations", lambda: tried.check_migrations(service.engine)),
        ("redis", lambda: _redis(service)),
        ("queues", lambda: _queues(service)),
        ("disk", lambda: tried.check_disk(config)),
        ("processes", lambda: tried.check_processes(service.read, service.settings)),
        ("sources", lambda: tried.check_sources(service.read, service.clock.now())),
        ("network", lambda: _network(service)),
        ("telegram", lambda: _telegram(service)),
        ("webhook", lambda: _webhook(service)),
    ]


def _no_contact() -> str:
    return "! set CLAUSEWATCH_CONTACT to a mail address: sites that want to reach you should be able to"


def _redis(service: Service) -> str:
    try:
        queues.check(service.redis)
    except ClausewatchError as why:
        if service.settings.redis_url:
            raise
        raise ClausewatchError("The embedded Redis is not running: start `clausewatch up`, or set REDIS_URL.") from why
    info = service.redis.info()
    return f"{info.get('server_name', 'redis')} {info.get('redis_version')}, {info.get('used_memory_human')} used"


def _queues(service: Service) -> str:
    queues.check(service.redis)
    waiting = service.queue.waiting()
    shown = ", ".join(f"{name}: {count}" for name, count in waiting.items())
    return f"! {shown} jobs wait; is a worker running?" if sum(waiting.values()) > 1000 else f"waiting {shown}"


def _network(service: Service) -> str:
    answer = service.web.get("https://www.example.com/", deadline=10)
    return f"reached; {tried.check_clock_drift(answer.header('Date'))}"


def _telegram(service: Service) -> str:
    config = service.settings
    if not config.telegram_token:
        return "! no TELEGRAM_BOT_TOKEN: notices stay in the outbox"
    name = ask(config.telegram_api, config.telegram_token, "getMe").get("username", "?")
    if config.telegram_username and name != config.telegram_username:
        return f"! the bot is @{name}, but TELEGRAM_BOT_USERNAME says @{config.telegram_username}: links lead elsewhere"
    return f"@{name}"


def _webhook(service: Service) -> str:
    config = service.settings
    if not (config.telegram_token and config.webhook):
        return "not used"
    info = ask(config.telegram_api, config.telegram_token, "getWebhookInfo")
    return tried.check_webhook(info, config.public_url + PATH)


def _check_addresses(service: Service, as_json: bool) -> int:
    failed = 0
    for name, url, doubt in _addresses(service):
        state, says = _asked(service, url)
        failed += state == "broken"
        finding = Finding(name, state, says + doubt)
        click.echo(json.dumps(asdict(finding)) if as_json else _line(finding))
    return failed


def _addresses(service: Service) -> Iterator[tuple[str, str, str]]:
    """Whose each address of the catalogue is, and whether it is doubtful: documents, feeds, ways to object."""
    doubt = "  (not verified in the catalogue)"
    for platform in service.catalogue.platforms.values():
        for document in platform.documents:
            yield from ((document.key, url, "" if document.verified else doubt) for url in document.urls)
        yield from ((f"{platform.id} feed", feed.url, "" if feed.verified else doubt) for feed in platform.feeds)
        yield from ((f"{platform.id} choice", choice.url, "") for choice in platform.choices if choice.url)
    yield from (("news feed", feed.url, "" if feed.verified else doubt) for feed in service.catalogue.news_feeds)


def _asked(service: Service, url: str) -> tuple[str, str]:
    """What an address answers, asked as politely as by the workers."""
    try:
        with visiting(service.web, service.spacing, url, PATIENCE) as permit:
            return "ok", f"{service.web.get(url, permit=permit).status} {url}"
    except ClausewatchError as why:
        return "broken", f"{url}: {why}"
