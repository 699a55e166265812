"""Fresh, migrated databases in a blink: the migrations run once, every test gets a copy of their result."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from feedback import paths
from feedback.persistence.base import metadata
from feedback.persistence.database import Database
from feedback.persistence.upkeep import migrate

_OTHERS_OUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class SqliteShelf:
    """Hands out SQLite files: as the product opens them, or such as wait for no disk where none is `durable`.

    The suite's PostgreSQL does not wait either: no test cuts the power.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._template = folder / "template.db"
        self._durable = durable

    @contextmanager
    def empty(self, folder: Path) -> Iterator[Database]:
        """Yield a database without any table."""
        with self._opened(folder / "empty.db") as database:
            yield database

    @contextmanager
    def migrated(self, folder: Path) -> Iterator[Database]:
        """Yield a database at the newest revision, without rows."""
        if not self._template.exists():
            with self.empty(self._template.parent) as database:
                migrate.upgrade(database, paths.migrations())
            (self._template.parent / "empty.db").rename(self._template)
        shutil.copyfile(self._template, folder / "feedback.db")
        with self._opened(folder / "feedback.db") as database:
            yield database

    @contextmanager
    def _opened(self, file: Path) -> Iterator[Database]:
        with _closing(f"sqlite:///{file}") as database:
            if not self._durable:
                event.listen(database.engine, "connect", _wait_for_no_disk)
            yield database


class PostgresShelf:
    """Hands out databases on one server; names begin with the worker's own, so that workers never meet."""

    def __init__(self, address: str, prefix: str) -> None:
        self._address = make_url(address)
        self._prefix = prefix
        self._count = 0
        self._swept: list[str] = []
        self._lines: dict[str, Connection] = {}
        self._server = create_engine(address, isolation_level="AUTOCOMMIT")

    @contextmanager
    def empty(self, _folder: Path) -> Iterator[Database]:
        """Yield a database without any table."""
        name = self._create()
        try:
            with _closing(self._of(name)) as database:
                yield database
        finally:
            self._drop(name)

    @contextmanager
    def migrated(self, _folder: Path) -> Iterator[Database]:
        """Yield a database at the newest revision, without rows: one that was lent before and swept, if there is one.

        Sweeping takes a hundredth of the time of making a database.
        """
        name = self._swept.pop() if self._swept else self._create_migrated()
        try:
            with _closing(self._of(name)) as database:
                yield database
        finally:
            self._sweep(name)

    def close(self) -> None:
        """Leave nothing behind on a server that outlives the run."""
        for name in self._swept:
            self._drop(name)
        self._server.dispose()

    def _create_migrated(self) -> str:
        name = self._create()
        with _closing(self._of(name)) as database:
            migrate.upgrade(database, paths.migrations())
        return name

    def _sweep(self, name: str) -> None:
        """Take every row out and keep the database for the next test; drop one whose tables a test has changed."""
        rows_out = (str(table.delete()) for table in reversed(metadata.sorted_tables))
        try:
            self._line_to(name).exec_driver_sql(";".join([_OTHERS_OUT, *rows_out]))
        except DBAPIError:
            self._drop(name)
        else:
            self._swept.append(name)

    def _line_to(self, name: str) -> Connection:
        """Return a connection that stays while the database does: one that is new takes ten times as long to sweep."""
        if name not in self._lines:
            engine = create_engine(self._of(name), isolation_level="AUTOCOMMIT", poolclass=NullPool)
            self._lines[name] = engine.connect()
        return self._lines[name]

    def _create(self) -> str:
        self._count += 1
        name = f"{self._prefix}_{self._count}"
        self._order(f"CREATE DATABASE {name} TEMPLATE template0")
        return name

    def _drop(self, name: str) -> None:
        if name in self._lines:
            self._lines.pop(name).close()
        self._order(f"DROP DATABASE {name} WITH (FORCE)")

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


def _wait_for_no_disk(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")
