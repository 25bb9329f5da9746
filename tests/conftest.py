"""Fixtures only: databases, a movable clock, an embedded Redis-compatible server, the shared corpus."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine, create_engine, text

from server import embedded
from server.store import schema, session
from tests import databases, postgres
from tests.fakes import FakeClock

ROOT = Path(__file__).resolve().parent.parent


def shared_folder() -> Path | None:
    """The folder of recorded policies and tools beside the checkout, when there is one."""
    folder = Path(os.environ.get("CLAUSEWATCH_SHARED", ROOT.parent / "shared"))
    return folder if folder.is_dir() else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long stories first: at the end one of them would keep a single test process busy."""
    items.sort(key=lambda item: item.get_closest_marker("e2e") is None)


def pytest_collection_finish() -> None:
    """What is loaded by now stays; looking for garbage in it again and again takes a twentieth of the time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The recorded policies; skips where they are absent, since they are not part of the project."""
    folder = shared_folder()
    if folder is None:
        pytest.skip("needs the recorded policies in ../shared (not part of the project)")
    return folder


def require(tool: str, present: bool) -> None:
    """Skips without `tool`; in CI a missing tool fails instead."""
    if present:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{tool} is missing, and CI must not skip: see tests/install-tools.sh")
    pytest.skip(f"needs {tool}: see tests/install-tools.sh")


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[str]:
    """A throw-away PostgreSQL cluster, one for each test process."""
    require("PostgreSQL", postgres.programs() is not None)
    with postgres.cluster() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_engine(postgres_cluster: str) -> Iterator[Engine]:
    """The migrated database that tests of this process use one after the other; `database_url` clears it."""
    for address in fresh_database(postgres_cluster):
        engine = session.open_engine(address)
        schema.migrate(engine)
        yield engine
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a migrated database without a row; every test that uses it runs on both."""
    if request.param == "sqlite":
        return databases.sqlite(tmp_path / "test.db")
    shared: Engine = request.getfixturevalue("postgres_engine")
    databases.clear(shared)
    return shared.url.render_as_string(hide_password=False)


def fresh_database(cluster: str) -> Iterator[str]:
    """The address of an empty database in that cluster, dropped at the end."""
    name = f"t{uuid.uuid4().hex[:12]}"
    admin = create_engine(cluster, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield cluster.replace("/postgres?", f"/{name}?")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A migrated database, on SQLite and on PostgreSQL."""
    engine = session.open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def transaction(engine: Engine) -> session.Transaction:
    """Write transactions on the migrated database."""
    return session.transactions(engine)


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still until it is moved."""
    return FakeClock()


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A real Redis-compatible server of this test process; gives its socket."""
    folder = Path(tempfile.mkdtemp(prefix="cwrd-"))  # short: a unix socket path is limited to about 107 bytes
    process = subprocess.Popen(embedded.command(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    socket = folder / "redis.sock"
    try:
        client = Redis(unix_socket_path=str(socket))
        for _ in range(400):
            try:
                if client.ping():
                    break
            except RedisError:
                time.sleep(0.025)
        yield socket
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def redis(redis_server: Path) -> Redis:
    """An emptied Redis."""
    client = Redis(unix_socket_path=str(redis_server))
    client.flushall()
    return client
