"""What can be asked of a database about itself, for the operator."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from feedback.domain.errors import DatabaseWrong
from feedback.persistence.corruption import is_damage
from feedback.persistence.database import Database, UnitOfWork
from feedback.persistence.tables import audit_log, staff_sessions


@contextmanager
def asking(database: Database) -> Iterator[UnitOfWork]:
    """Yield a unit of work to look around in, of no clinic. Raises `DatabaseWrong`; never makes a database."""
    if database.file is not None and not database.file.exists():
        raise DatabaseWrong("Not looked at: there is no database.")
    try:
        with database.engine.connect() as connection:
            yield UnitOfWork(connection, None)
    except DBAPIError as error:
        raise DatabaseWrong(
            f"Not looked at, because the database says: {error.orig}. If that is damage: stop the server, keep the "
            "file, restore the last backup."
        ) from error


def has_tables(database: Database) -> bool:
    """Return whether there is a database that somebody may need: a file with anything in it, or tables on a server.

    A file that cannot be read counts as one. Raises `DatabaseWrong` when a server does not answer; never makes a file.
    """
    if database.file is not None and not (database.file.exists() and database.file.stat().st_size):
        return False
    try:
        with database.engine.connect() as connection:
            return bool(inspect(connection).get_table_names())
    except DBAPIError as error:
        if database.file is not None:
            return True
        raise DatabaseWrong(
            f"The database {database.shown} does not answer, so no keys were drawn: it may have been written under "
            "others. Check FEEDBACK_DATABASE_URL."
        ) from error


def find_damage(database: Database, *, is_thorough: bool = False) -> str:
    """Return SQLite's first complaint about its file; empty when there is none.

    Reads every page; `is_thorough` also holds each index against its table. PostgreSQL checks its pages itself when it
    reads them. Raises `DatabaseWrong` when there is nothing to look at.
    """
    if database.file is None:
        return ""
    if not database.file.exists():
        raise DatabaseWrong("Not looked at: there is no database.")
    order = "integrity_check" if is_thorough else "quick_check"
    try:
        with database.engine.connect() as connection:
            complaint = str(connection.scalar(text(f"PRAGMA {order}(1)")))
    except DBAPIError as error:
        if not is_damage(error):
            raise DatabaseWrong(f"Not looked at, because the database says: {error.orig}.") from error
        return str(error.orig)
    return "" if complaint == "ok" else complaint.removeprefix("*** in database main ***").strip()


def find_orphan(uow: UnitOfWork) -> str:
    """Say which table holds a row whose parent is gone; empty when there is none. PostgreSQL lets none come to be."""
    orphan = uow.connection.execute(text("PRAGMA foreign_key_check")).first() if _is_sqlite(uow) else None
    return f"a row of {orphan[0]} belongs to a row that is gone" if orphan else ""


def remembers_commits(uow: UnitOfWork) -> bool:
    """Return whether PostgreSQL keeps the time of every commit, which would date every answer."""
    return not _is_sqlite(uow) and bool(uow.connection.scalar(text("SHOW track_commit_timestamp")) == "on")


def newest_instant(uow: UnitOfWork) -> datetime | None:
    """Return the latest instant that staff left behind, in UTC; nothing when nobody has done anything yet."""
    found = [uow.connection.scalar(select(func.max(column))) for column in (audit_log.c.at, staff_sessions.c.seen_at)]
    return max((instant for instant in found if instant is not None), default=None)


def _is_sqlite(uow: UnitOfWork) -> bool:
    return uow.database == "sqlite"
