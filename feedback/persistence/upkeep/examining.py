"""What can be asked of a database about itself, for the operator."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from feedback.domain.errors import DatabaseWrong
from feedback.persistence.database import Database, UnitOfWork
from feedback.persistence.tables import audit, staff_sessions


@contextmanager
def asking(database: Database) -> Iterator[UnitOfWork]:
    """Lend a unit of work to look around in, of no clinic. Raises `DatabaseWrong`; never makes a database."""
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


def find_damage(uow: UnitOfWork) -> str:
    """Give SQLite's first complaint about its file, or about a row whose parent is gone; empty when there is none.

    PostgreSQL checks its pages itself when it reads them.
    """
    if not _is_sqlite(uow):
        return ""
    complaint = str(uow.connection.scalar(text("PRAGMA quick_check(1)")))
    orphan = uow.connection.execute(text("PRAGMA foreign_key_check")).first()
    if complaint != "ok":
        return complaint
    return f"a row of {orphan[0]} belongs to a row that is gone" if orphan else ""


def remembers_commits(uow: UnitOfWork) -> bool:
    """Say whether PostgreSQL keeps the time of every commit, which would date every answer."""
    return not _is_sqlite(uow) and bool(uow.connection.scalar(text("SHOW track_commit_timestamp")) == "on")


def newest_instant(uow: UnitOfWork) -> datetime | None:
    """Give the latest instant that staff left behind, in UTC; nothing when nobody has done anything yet."""
    found = [uow.connection.scalar(select(func.max(column))) for column in (audit.c.at, staff_sessions.c.seen_at)]
    return max((instant for instant in found if instant is not None), default=None)


def _is_sqlite(uow: UnitOfWork) -> bool:
    return uow.connection.dialect.name == "sqlite"
