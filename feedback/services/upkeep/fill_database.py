"""Filling an empty database with the tables of another: all of them, or nothing."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from feedback import paths
from feedback.domain.copying import Row, TableSum
from feedback.domain.errors import BackupWrong
from feedback.persistence.database import Database
from feedback.persistence.sharing import share
from feedback.persistence.upkeep import migrate, restore_marker
from feedback.persistence.upkeep.erasing import cut_log
from feedback.persistence.upkeep.table_copy import has_rows, put_rows, rows_in, standing_still, tables_in


@dataclass(frozen=True, slots=True)
class TableRows:
    """One table on its way; its rows can be taken once."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[Row]


_NO_TABLES: Final = "base"


def check_is_empty(database: Database) -> None:
    """Pass when there is nothing in the database that could be lost. Raises `BackupWrong`."""
    if database.file is not None and not database.file.exists():
        return
    if restore_marker.is_marked(database):
        return
    with standing_still(database) as connection:
        is_used = any(has_rows(connection, table) for table in tables_in(connection))
    if is_used:
        raise BackupWrong(
            f"There is something in {database.shown} already. Choose an empty place. Nothing was changed."
        )


@contextmanager
def filled_database(database: Database, revision: str, tables: Iterable[TableRows]) -> Iterator[Database]:
    """Make the tables of a revision and fill them, bring them to this version's shape, and lend them for what follows.

    Only when the block has ended well is the database in use: a new SQLite file gets its name then, and PostgreSQL's
    loses the mark that keeps the product from starting on it. Killed before, all of it can be done again. Raises
    `NotSaved`.
    """
    with _taking_shape(database) as rising:
        _shape(rising, revision)
        with rising.writing(None) as uow:
            places = {table.name: table for table in tables_in(uow.connection)}
            for table in tables:
                put_rows(uow.connection, places[table.name], table.columns, table.rows)
        migrate.upgrade(rising, paths.migrations())
        yield rising


def sums_in(database: Database) -> tuple[TableSum, ...]:
    """Sum up every table, at one moment."""
    with standing_still(database) as connection:
        return tuple(TableSum.of(table.name, rows_in(connection, table)) for table in tables_in(connection))


def _shape(database: Database, revision: str) -> None:
    """Give an empty database the tables of a revision, whatever empty tables it has."""
    if database.file is None and migrate.current(database) != _NO_TABLES:
        migrate.downgrade(database, paths.migrations(), _NO_TABLES)
    migrate.upgrade(database, paths.migrations(), revision)


@contextmanager
def _taking_shape(database: Database) -> Iterator[Database]:
    """Yield the database itself, marked, or for SQLite a new file beside it that takes its place when all went well."""
    if database.file is None:
        restore_marker.mark(database)
        yield database
        restore_marker.lift(database)
        return
    database.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = database.file.with_name(f"{database.file.name}.unfinished")
    beside.unlink(missing_ok=True)
    beside.touch(mode=0o600)
    rising = Database(f"sqlite:///{beside}")
    try:
        yield rising
        cut_log(rising)
        rising.close()
        database.close()
        beside.replace(database.file)
        share(database.file)
        if database.damage:
            database.damage.lift()
    finally:
        rising.close()
        for left in beside.parent.glob(f"{beside.name}*"):
            left.unlink()
