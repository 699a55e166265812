"""Fresh, migrated databases in a blink: the migrations run once, every test gets a copy of their result."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from feedback import paths
from feedback.persistence import migrate
from feedback.persistence.database import Database


class SqliteShelf:
    """Hands out SQLite files."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"

    @contextmanager
    def empty(self, folder: Path) -> Iterator[Database]:
        """Lend a database without any table."""
        with _closing(f"sqlite:///{folder / 'empty.db'}") as database:
            yield database

    @contextmanager
    def migrated(self, folder: Path) -> Iterator[Database]:
        """Lend a database at the newest revision, without rows."""
        if not self._template.exists():
            with self.empty(self._template.parent) as database:
                migrate.upgrade(database, paths.migrations())
            (self._template.parent / "empty.db").rename(self._template)
        shutil.copyfile(self._template, folder / "feedback.db")
        with _closing(f"sqlite:///{folder / 'feedback.db'}") as database:
            yield database


class PostgresShelf:
    """Hands out databases on one server; names begin with the worker's own, so that workers never meet."""

    def __init__(self, address: str, prefix: str) -> None:
        self._address = make_url(address)
        self._prefix = prefix
        self._count = 0
        self._template: str | None = None
        self._server = create_engine(address, isolation_level="AUTOCOMMIT", poolclass=NullPool)

    @contextmanager
    def empty(self, _folder: Path) -> Iterator[Database]:
        """Lend a database without any table."""
        with self._copied("template0") as database:
            yield database

    @contextmanager
    def migrated(self, _folder: Path) -> Iterator[Database]:
        """Lend a database at the newest revision, without rows."""
        if self._template is None:
            self._template = self._create("template0")
            with _closing(self._of(self._template)) as database:
                migrate.upgrade(database, paths.migrations())
        with self._copied(self._template) as database:
            yield database

    def close(self) -> None:
        """Leave nothing behind on a server that outlives the run."""
        if self._template is not None:
            self._order(f"DROP DATABASE {self._template}")

    @contextmanager
    def _copied(self, template: str) -> Iterator[Database]:
        name = self._create(template)
        try:
            with _closing(self._of(name)) as database:
                yield database
        finally:
            self._order(f"DROP DATABASE {name} WITH (FORCE)")

    def _create(self, template: str) -> str:
        self._count += 1
        name = f"{self._prefix}_{self._count}"
        self._order(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def _of(self, name: str) -> str:
        return self._address.set(database=name).render_as_string(hide_password=False)

    def _order(self, statement: str) -> None:
        with self._server.connect() as connection:
            connection.execute(text(statement))


@contextmanager
def _closing(address: str) -> Iterator[Database]:
    database = Database(address)
    try:
        yield database
    finally:
        database.close()
