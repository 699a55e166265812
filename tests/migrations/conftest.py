"""Revisions as the harness and each revision's tester see them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from sqlalchemy import MetaData

from feedback import paths
from feedback.persistence import tables
from feedback.persistence.database import Database
from feedback.persistence.upkeep import migrate
from tests.support.databases import PostgresShelf, SqliteShelf


@pytest.fixture(scope="session")
def revisions() -> list[Script]:
    """Every revision, oldest first."""
    config = Config()
    config.set_main_option("script_location", str(paths.migrations()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return list(ScriptDirectory.from_config(config).walk_revisions())[::-1]


@pytest.fixture
def stand_at(bare_database: Database, revisions: list[Script]) -> Callable[[str], MetaData]:
    """Move the database up or down to a revision and give its tables as they are there, never as the models say."""
    stages = ["base", *(revision.revision for revision in revisions)]
    here = [0]

    def move(revision: str) -> MetaData:
        there = stages.index(revision)
        step = migrate.upgrade if there > here[0] else migrate.downgrade
        step(bare_database, paths.migrations(), revision)
        here[0] = there
        found = MetaData()
        found.reflect(bare_database.engine)
        return found

    return move


@pytest.fixture
def modelled(shelf: SqliteShelf | PostgresShelf, tmp_path: Path) -> Iterator[Database]:
    """A second database, made from the models and not by the revisions."""
    folder = tmp_path / "modelled"
    folder.mkdir()
    with shelf.empty(folder) as database:
        tables.clinics.metadata.create_all(database.engine)
        yield database
