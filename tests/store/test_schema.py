"""Migrations go up and down on both databases and say the same as the tables."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect

from server.store import schema, session
from tests.conftest import fresh_database


@pytest.fixture(params=["sqlite", "postgresql"])
def blank(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
    else:
        yield from fresh_database(request.getfixturevalue("postgres_cluster"))


def test_there_is_one_newest_migration() -> None:
    assert len(schema.heads()) == 1


def test_an_empty_database_is_not_current(blank: str) -> None:
    engine = session.open_engine(blank)
    assert schema.current(engine) is None
    assert not schema.is_current(engine)
    engine.dispose()


def test_up_down_and_up_again(blank: str) -> None:
    engine = session.open_engine(blank)
    schema.migrate(engine)
    assert schema.is_current(engine)
    schema.unmigrate(engine)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    schema.migrate(engine)
    assert schema.is_current(engine)
    engine.dispose()


def test_the_migrations_make_the_tables_that_the_code_knows(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.METADATA) == []
