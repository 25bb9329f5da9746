"""The schema: bringing a database to the newest migration, and telling where it stands."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from server.store import tables, tables_keys, tables_operation, tables_people, tables_stamps

METADATA = tables.Base.metadata
ROWS = (tables, tables_people, tables_stamps, tables_keys, tables_operation)
"""The modules that define tables; importing them is what makes METADATA complete."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _run(engine: Engine, step: str, revision: str) -> None:
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        getattr(command, step)(config, revision)


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the database up to `revision`."""
    _run(engine, "upgrade", revision)


def unmigrate(engine: Engine, revision: str = "base") -> None:
    """Take the database down to `revision`; tests prove that every migration can be undone."""
    _run(engine, "downgrade", revision)


def heads() -> tuple[str, ...]:
    """The newest revisions the code knows: exactly one."""
    return tuple(ScriptDirectory.from_config(_config()).get_heads())


def known() -> frozenset[str]:
    """Every revision the code knows."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def current(engine: Engine) -> str | None:
    """The revision the database is at; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_current(engine: Engine) -> bool:
    """Whether the database is at the newest migration."""
    return current(engine) in heads()
