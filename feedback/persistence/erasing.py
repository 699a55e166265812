"""Making sure that what was deleted is gone from the files too, not only from the tables."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from feedback.domain.errors import FilingUnfinished
from feedback.persistence.database import Database


def vacuum(database: Database) -> None:
    """Write the files anew without what was deleted: on SQLite all of it, on PostgreSQL the doors.

    The pool and the anonymous rows have new files on PostgreSQL already. Others wait while this runs. Raises
    `FilingUnfinished`.
    """
    with _alone(database) as connection:
        if database.is_sqlite:
            _driver(connection).execute("VACUUM")
        else:
            connection.execute(text("VACUUM (FULL) doors"))


def cut_log(database: Database) -> bool:
    """Empty SQLite's write-ahead log; let PostgreSQL begin a new segment and recycle the old ones.

    False when PostgreSQL's account may not do that: the server will, in its own time. Raises `FilingUnfinished` when a
    reader of SQLite has kept the log for 20 seconds.
    """
    with _alone(database) as connection:
        if database.is_sqlite:
            is_busy, *_ = _driver(connection).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if is_busy:
                raise sqlite3.OperationalError("somebody reads the database")
            return True
        try:
            connection.execute(text("SELECT pg_switch_wal()"))
            connection.execute(text("CHECKPOINT"))
        except ProgrammingError:
            return False
        return True


@contextmanager
def _alone(database: Database) -> Iterator[Connection]:
    try:
        with database.maintaining() as connection:
            yield connection
    except (OperationalError, sqlite3.OperationalError) as error:
        raise FilingUnfinished(
            f"The answers are filed, but what was deleted is not yet erased from the database's files: "
            f"{getattr(error, 'orig', error)}. Run again: feedback file-pool"
        ) from error


def _driver(connection: Connection) -> Any:
    """Give SQLite's own connection: these orders take no transaction, and SQLAlchemy would begin one."""
    return connection.connection.driver_connection
