"""The only reader of the environment. Each field tells its variable, its default and what it does."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from server.core import passwords
from server.core.errors import SettingsError


def _setting(variable: str, default: str, parse: Callable[[str], Any], says: str, *, secret: bool = False) -> Any:
    return field(metadata={"variable": variable, "default": default, "parse": parse, "says": says, "secret": secret})


def _text(value: str) -> str:
    return value.strip()


def _switch(value: str) -> bool:
    word = value.strip().lower()
    if word in {"1", "true", "yes", "on"}:
        return True
    if word in {"", "0", "false", "no", "off"}:
        return False
    raise ValueError("write 1 or 0")


def _number(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not value.strip().lstrip("-").isdigit() or not low <= int(value) <= high:
            raise ValueError(f"write a whole number from {low} to {high}")
        return int(value)

    return parse


def _hours(value: str) -> timedelta:
    try:
        hours = float(value)
    except ValueError:
        hours = -1.0
    if not 0 <= hours <= 24 * 365:
        raise ValueError("write a number of hours, such as 24 or 0.5")
    return timedelta(hours=hours)


def _words(value: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in value.split(",") if word.strip())


def _chats(value: str) -> tuple[str, ...]:
    if not all(word.lstrip("-").isdigit() for word in _words(value)):
        raise ValueError("write chat ids, such as 12345,67890")
    return _words(value)


def _channels(value: str) -> tuple[str, ...]:
    for word in _words(value):
        topic, _, chat = word.partition("=")
        if not topic or not (chat.startswith("@") or chat.lstrip("-").isdigit()):
            raise ValueError("write topic=channel pairs, such as all=@clausewatch,music=@clausewatch_music")
    return _words(value)


def _web_address(value: str) -> str:
    value = value.strip().rstrip("/")
    if value and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname):
        raise ValueError("write an address that begins with https://")
    return value


def _database(value: str) -> str:
    value = value.strip()
    for old in ("postgres://", "postgresql://"):
        if value.startswith(old):
            return "postgresql+psycopg://" + value.removeprefix(old)
    if value and not value.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("write postgres://user:password@host/name or sqlite:////path/to/file.db")
    return value


def _redis(value: str) -> str:
    value = value.strip()
    if value and not value.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("write redis://host:6379/0, rediss://… or unix:///path/to/socket")
    return value


def _token(value: str) -> str:
    value = value.strip()
    number, _, rest = value.partition(":")
    if value and not (number.isdigit() and len(rest) >= 20 and rest.replace("-", "").replace("_", "").isalnum()):
        raise ValueError("write the token as @BotFather gave it, such as 123456789:AAF…")
    return value


def _folder(value: str) -> Path | None:
    return Path(value.strip()).expanduser() if value.strip() else None


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, already checked. Secrets are never shown by `repr`."""

    data: Path = _setting(
        "CLAUSEWATCH_DATA",
        "data",
        lambda v: Path(v.strip() or "data").expanduser(),
        "Folder of the embedded database and Redis.",
    )
    database_url: str = _setting(
        "DATABASE_URL",
        "",
        _database,
        "PostgreSQL (postgres://…) or SQLite (sqlite:///…). Empty: SQLite in the data folder.",
        secret=True,
    )
    redis_url: str = _setting(
        "REDIS_URL", "", _redis, "Redis or Valkey. Empty: an embedded server in the data folder.", secret=True
    )
    redis_verify: bool = _setting(
        "REDIS_TLS_VERIFY", "1", _switch, "0 accepts self-signed certificates on rediss:// (Heroku's are)."
    )
    port: int = _setting("PORT", "8000", _number(1, 65535), "Port of the web process.")
    bind: str = _setting(
        "CLAUSEWATCH_BIND", "", _text, "Address to listen on. Empty: 0.0.0.0 when PORT is set, else 127.0.0.1."
    )
    public_url: str = _setting(
        "CLAUSEWATCH_PUBLIC_URL", "", _web_address, "Where people reach this server; used in links."
    )
    contact: str = _setting(
        "CLAUSEWATCH_CONTACT", "", _text, "Mail or web address in our User-Agent, so that sites can reach you."
    )
    catalogue: Path | None = _setting(
        "CLAUSEWATCH_CATALOGUE", "", _folder, "Overlay folder with platforms of your own (docs/catalogue.md)."
    )
    platforms: tuple[str, ...] = _setting(
        "CLAUSEWATCH_PLATFORMS", "", _words, "Ids of the only platforms to watch, with commas. Empty: all of them."
    )
    poll_every: timedelta = _setting("CLAUSEWATCH_POLL_HOURS", "6", _hours, "Hours between two looks at a document.")
    confirm_after: timedelta = _setting(
        "CLAUSEWATCH_CONFIRM_HOURS", "24", _hours, "Hours a new wording must stand before it counts as a change."
    )
    stale_after: timedelta = _setting(
        "CLAUSEWATCH_STALE_HOURS", "72", _hours, "Hours without a successful look before a status is stale."
    )
    spacing: float = _setting(
        "CLAUSEWATCH_HOST_SPACING",
        "5",
        lambda v: _hours(v).total_seconds() / 3600,
        "Seconds between two requests to one host.",
    )
    workers: int = _setting(
        "CLAUSEWATCH_WORKERS", "1", _number(1, 64), "Worker processes that `clausewatch up` starts."
    )
    web_threads: int = _setting("CLAUSEWATCH_WEB_THREADS", "8", _number(1, 128), "Threads of the web process.")
    keep_days: int = _setting(
        "CLAUSEWATCH_KEEP_DAYS",
        "90",
        _number(0, 36500),
        "Days after which raw pages between the first and last sight of a version are dropped. 0: never.",
    )
    archive_url: str = _setting(
        "CLAUSEWATCH_ARCHIVE", "https://web.archive.org", _web_address, "Web archive for `clausewatch backfill`."
    )
    archive_lists: int = _setting(
        "CLAUSEWATCH_ARCHIVE_LISTS", "20", _number(1, 60_000), "Lists of captures asked of an archive in a minute."
    )
    archive_replays: int = _setting(
        "CLAUSEWATCH_ARCHIVE_REPLAYS", "120", _number(1, 60_000), "Captures asked of an archive in a minute."
    )
    allow_private: bool = _setting(
        "CLAUSEWATCH_ALLOW_PRIVATE",
        "0",
        _switch,
        "1 lets us fetch private addresses and any port: tests and demo only.",
    )
    clock_file: Path | None = _setting(
        "CLAUSEWATCH_CLOCK_FILE", "", _folder, "A file that holds the time (ISO): tests and demo only."
    )
    telegram_token: str = _setting(
        "TELEGRAM_BOT_TOKEN",
        "",
        _token,
        "Token from @BotFather. Empty: no bot; notices go to the outbox page.",
        secret=True,
    )
    telegram_username: str = _setting(
        "TELEGRAM_BOT_USERNAME", "", lambda v: v.strip().lstrip("@"), "The bot's name, for links that open it."
    )
    telegram_api: str = _setting(
        "TELEGRAM_API_URL", "https://api.telegram.org", _web_address, "Bot API server; change it for an own one."
    )
    webhook: bool = _setting(
        "CLAUSEWATCH_WEBHOOK",
        "0",
        _switch,
        "1: Telegram calls the web process (needs CLAUSEWATCH_PUBLIC_URL with https). 0: the bot process polls.",
    )
    operators: tuple[str, ...] = _setting(
        "CLAUSEWATCH_OPERATORS", "", _chats, "Telegram chat ids of those who run this, with commas: 12345,67890."
    )
    channels: tuple[str, ...] = _setting(
        "CLAUSEWATCH_CHANNELS",
        "",
        _channels,
        "Public channels that are posted to first: all=@name,music=@other,soundcloud=-1001234.",
    )
    send_rate: int = _setting(
        "CLAUSEWATCH_SEND_RATE", "25", _number(0, 1000), "Bulk messages a second. 0: no limit (paid broadcasts)."
    )
    secret_key: str = _setting(
        "SECRET_KEY",
        "",
        _text,
        "Signs forms and the operator's sessions. Empty: made once and kept in the database.",
        secret=True,
    )
    trusted_proxies: int = _setting(
        "CLAUSEWATCH_TRUSTED_PROXIES",
        "0",
        _number(0, 10),
        "How many proxies of yours stand before us; only then X-Forwarded-For is believed. 1 on Heroku.",
    )
    reads_a_minute: int = _setting(
        "CLAUSEWATCH_READS_A_MINUTE",
        "120",
        _number(0, 100_000),
        "Searches and exports that one address may ask for in a minute. 0: no limit.",
    )
    writes_a_minute: int = _setting(
        "CLAUSEWATCH_WRITES_A_MINUTE",
        "10",
        _number(0, 100_000),
        "Forms that one address may send in a minute; six times as many in an hour. 0: no limit.",
    )
    heartbeat: int = _setting(
        "CLAUSEWATCH_HEARTBEAT",
        "60",
        _number(1, 3600),
        "Seconds between two signs of life of a process; five missed ones are an alarm.",
    )
    operator_password: str = _setting(
        "CLAUSEWATCH_OPERATOR_PASSWORD",
        "",
        passwords.check,
        "Opens /operator: 12 characters or more, or a hash from `clausewatch password`. Empty: no such pages.",
        secret=True,
    )
    metrics_token: str = _setting(
        "CLAUSEWATCH_METRICS_TOKEN",
        "",
        _text,
        "What /metrics wants as `Authorization: Bearer …`. Empty: it answers private addresses only, and no proxies.",
        secret=True,
    )
    log_level: str = _setting(
        "CLAUSEWATCH_LOG", "info", lambda v: _one_of(v, "debug", "info", "warning", "error"), "Least level logged."
    )
    log_format: str = _setting(
        "CLAUSEWATCH_LOG_FORMAT",
        "auto",
        lambda v: _one_of(v, "auto", "text", "json"),
        "text for people, json for machines (one object a line); auto: text on a terminal, else json.",
    )
    sentry_dsn: str = _setting(
        "SENTRY_DSN", "", _text, "Send errors to Sentry (needs the `sentry` extra).", secret=True
    )

    @property
    def database(self) -> str:
        """The SQLAlchemy address in force."""
        return self.database_url or f"sqlite:///{(self.data / 'clausewatch.db').absolute()}"

    @property
    def redis(self) -> str:
        """The Redis address in force; the embedded server listens on a socket in the data folder."""
        return self.redis_url or f"unix://{(self.data / 'redis.sock').absolute()}"

    @property
    def user_agent(self) -> str:
        """How we present ourselves, with a way to reach whoever runs this server."""
        reach = self.contact or self.public_url
        return f"Clausewatch/0.1 (policy watcher{'; +' + reach if reach else ''})"

    def __repr__(self) -> str:
        shown = {
            f.name: "…" if f.metadata["secret"] and getattr(self, f.name) else getattr(self, f.name)
            for f in fields(self)
        }
        return f"Settings({shown})"


def _one_of(value: str, *words: str) -> str:
    if value.strip().lower() not in words:
        raise ValueError(f"write one of {', '.join(words)}")
    return value.strip().lower()


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process. Raises SettingsError naming variable, value and remedy."""
    values: dict[str, Any] = {}
    for spec in fields(Settings):
        raw = environ.get(spec.metadata["variable"], spec.metadata["default"])
        try:
            values[spec.name] = spec.metadata["parse"](raw)
        except ValueError as why:
            shown = "its value" if spec.metadata["secret"] else f"the value {raw!r}"
            raise SettingsError(f"{spec.metadata['variable']}: {shown} cannot be used; {why}.") from None
    if not values["bind"]:
        values["bind"] = "0.0.0.0" if environ.get("PORT") else "127.0.0.1"  # nosec B104: platforms hand out PORT and expect it
    return Settings(**values)


def environment(config: Settings) -> dict[str, str]:
    """The variables that make another process read the same settings."""
    found = {}
    for spec in fields(Settings):
        value = getattr(config, spec.name)
        if isinstance(value, timedelta):
            value = value.total_seconds() / 3600
        elif isinstance(value, tuple):
            value = ",".join(value)
        elif isinstance(value, bool):
            value = int(value)
        elif isinstance(value, Path):
            value = value.absolute()
        found[spec.metadata["variable"]] = "" if value is None else str(value)
    return found | {"DATABASE_URL": config.database, "REDIS_URL": config.redis}
