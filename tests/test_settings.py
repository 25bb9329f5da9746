"""Settings: each wrong value is told with its variable and a remedy; secrets stay hidden."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server import settings
from server.core.errors import SettingsError

GOOD = [
    ({"DATABASE_URL": "postgres://u:p@h/d"}, "database", "postgresql+psycopg://u:p@h/d"),
    ({"DATABASE_URL": "postgresql://u:p@h/d"}, "database", "postgresql+psycopg://u:p@h/d"),
    ({"PORT": "5000"}, "bind", "0.0.0.0"),
    ({}, "bind", "127.0.0.1"),
    ({"CLAUSEWATCH_BIND": "::1", "PORT": "5000"}, "bind", "::1"),
    ({"CLAUSEWATCH_CONFIRM_HOURS": "0.5"}, "confirm_after", timedelta(minutes=30)),
    ({"REDIS_URL": "rediss://:secret@host:6380"}, "redis", "rediss://:secret@host:6380"),
    ({"CLAUSEWATCH_PUBLIC_URL": "https://watch.example/"}, "public_url", "https://watch.example"),
    ({"CLAUSEWATCH_PLATFORMS": "soundcloud, bandcamp"}, "platforms", ("soundcloud", "bandcamp")),
    ({"TELEGRAM_BOT_USERNAME": "@watch_bot"}, "telegram_username", "watch_bot"),
]

WRONG = [
    ("PORT", "eighty", "from 1 to 65535"),
    ("PORT", "0", "from 1 to 65535"),
    ("DATABASE_URL", "mysql://h/d", "postgres://"),
    ("REDIS_URL", "localhost:6379", "redis://"),
    ("TELEGRAM_BOT_TOKEN", "my token", "@BotFather"),
    ("CLAUSEWATCH_PUBLIC_URL", "watch.example", "https://"),
    ("CLAUSEWATCH_CONFIRM_HOURS", "-1", "number of hours"),
    ("CLAUSEWATCH_ALLOW_PRIVATE", "maybe", "1 or 0"),
    ("CLAUSEWATCH_LOG", "loud", "one of"),
]


@pytest.mark.parametrize(("environ", "field", "expected"), GOOD)
def test_a_good_value_is_read(environ: dict[str, str], field: str, expected: object) -> None:
    assert getattr(settings.read(environ), field) == expected


@pytest.mark.parametrize(("variable", "value", "remedy"), WRONG)
def test_a_wrong_value_names_variable_and_remedy(variable: str, value: str, remedy: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings.read({variable: value})
    assert variable in str(caught.value)
    assert remedy in str(caught.value)


def test_a_wrong_secret_is_not_repeated() -> None:
    with pytest.raises(SettingsError) as caught:
        settings.read({"DATABASE_URL": "mysql://user:hunter2@h/d"})
    assert "hunter2" not in str(caught.value)


def test_secrets_are_not_shown() -> None:
    config = settings.read({"TELEGRAM_BOT_TOKEN": "12345:" + "A" * 30, "REDIS_URL": "redis://:hunter2@h"})
    assert "hunter2" not in repr(config)
    assert "AAAA" not in repr(config)


def test_another_process_reads_the_same_from_the_environment_we_hand_it() -> None:
    config = settings.read({"PORT": "5000", "CLAUSEWATCH_PLATFORMS": "a,b", "CLAUSEWATCH_POLL_HOURS": "2"})
    again = settings.read(settings.environment(config))
    assert (again.port, again.platforms, again.poll_every) == (config.port, config.platforms, config.poll_every)
    assert again.database == config.database
