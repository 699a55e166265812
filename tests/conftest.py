"""The fixtures of the whole suite: both databases, time and chance, a browser.

A test that asks for `database` runs twice, on SQLite and on PostgreSQL, each time on a fresh and empty copy of the
migrated schema. Neither engine is ever skipped: a suite that cannot start PostgreSQL fails.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from feedback.bootstrap import Installation
from feedback.domain.clock import FixedClock
from feedback.persistence.database import Database
from tests.support.builders import a_clinic, a_therapist
from tests.support.chance import SeededChance
from tests.support.compiled import share_what_is_compiled
from tests.support.databases import PostgresShelf, SqliteShelf
from tests.support.installing import install
from tests.support.postgres import Server
from tests.support.serving import address, free_port, serving
from tests.support.world import World

pytest_plugins = [
    "tests.support.browsers",
    "tests.support.browsing",
    "tests.support.checklist",
    "tests.support.faults",
    "tests.support.left_open",
    "tests.support.told",
]

SERVER = pytest.StashKey[Server]()

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=500, deadline=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

share_what_is_compiled()


def pytest_configure(config: pytest.Config) -> None:
    """Forget the installation this machine may have; start one PostgreSQL for all workers of a parallel run.

    A run in one process starts it when it is asked for.
    """
    for name in [name for name in os.environ if name.startswith("FEEDBACK_") and not name.startswith("FEEDBACK_TEST_")]:
        del os.environ[name]
    is_controller = not hasattr(config, "workerinput")
    if is_controller and config.getoption("numprocesses", None) and "FEEDBACK_TEST_POSTGRES_URL" not in os.environ:
        config.stash[SERVER] = Server()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """Tell a worker where the server is."""
    server = node.config.stash.get(SERVER, None)
    if server is not None:
        node.workerinput["postgres"] = server.address


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server of a parallel run."""
    server = config.stash.get(SERVER, None)
    if server is not None:
        server.stop()


@pytest.fixture(scope="session")
def postgres_address(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a PostgreSQL server on which databases may be created."""
    given = getattr(request.config, "workerinput", {}).get("postgres") or os.environ.get("FEEDBACK_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    server = Server()
    yield server.address
    server.stop()


@pytest.fixture(scope="session")
def postgresql_shelf(postgres_address: str) -> Iterator[PostgresShelf]:
    """Databases on that server, as many as are asked for."""
    shelf = PostgresShelf(postgres_address, f"rapport_{os.getpid()}")
    yield shelf
    shelf.close()


@pytest.fixture(scope="session")
def sqlite_shelf(tmp_path_factory: pytest.TempPathFactory) -> SqliteShelf:
    """SQLite files, as many as are asked for."""
    return SqliteShelf(tmp_path_factory.mktemp("sqlite"), durable=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Run the test on each engine."""
    return request.param


@pytest.fixture
def shelf(engine_name: str, request: pytest.FixtureRequest) -> Iterator[SqliteShelf | PostgresShelf]:
    """The engine's databases, for tests that need several; `own_server` keeps other tests out of the server's files."""
    if engine_name == "sqlite" or request.node.get_closest_marker("own_server") is None:
        yield request.getfixturevalue(f"{engine_name}_shelf")
        return
    server = Server(small_log=True)
    own = PostgresShelf(server.address, "own")
    yield own
    own.close()
    server.stop()


@pytest.fixture
def database(shelf: SqliteShelf | PostgresShelf, tmp_path: Path) -> Iterator[Database]:
    """A migrated database without rows, on each engine in turn."""
    with shelf.migrated(tmp_path) as fresh:
        yield fresh


@pytest.fixture
def bare_database(shelf: SqliteShelf | PostgresShelf, tmp_path: Path) -> Iterator[Database]:
    """A database without tables, on each engine in turn."""
    with shelf.empty(tmp_path) as fresh:
        yield fresh


@pytest.fixture
def clock() -> FixedClock:
    """Noon UTC on a Monday in March."""
    return FixedClock.on("2026-03-02")


@pytest.fixture
def chance() -> SeededChance:
    """Draws that repeat."""
    return SeededChance()


@pytest.fixture
def installation(database: Database, clock: FixedClock, chance: SeededChance, tmp_path: Path) -> Installation:
    """An installation without a clinic, on each engine in turn."""
    return install(database, tmp_path, clock=clock, chance=chance)


@pytest.fixture
def world(installation: Installation) -> World:
    """An installation with Harbour Lane Therapy and its therapist Dana, on each engine in turn."""
    small = World(installation, a_clinic(), a_therapist())
    small.found()
    return small


@pytest.fixture
def served(database: Database, clock: FixedClock, chance: SeededChance, tmp_path: Path) -> Iterator[World]:
    """The same small world with its pages on a real port, at `served.address`, on each engine in turn."""
    port = free_port()
    installation = install(database, tmp_path, clock=clock, chance=chance, base_url=address(port))
    small = World(installation, a_clinic(), a_therapist())
    small.found()
    with serving(installation, port):
        yield small
