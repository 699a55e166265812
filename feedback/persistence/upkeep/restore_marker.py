"""The mark of a PostgreSQL database that is being filled: a table that goes when all is done.

While it stays the product does not start on it. SQLite needs none: its new file has no name until then.
"""

from typing import Final

from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from feedback.domain.errors import DatabaseWrong
from feedback.persistence.database import Database

TABLE: Final = "unfinished_restore"


def mark(database: Database) -> None:
    """Set the mark."""
    with database.engine.begin() as connection:
        connection.execute(text(f"CREATE TABLE IF NOT EXISTS {TABLE} ()"))


def lift(database: Database) -> None:
    """Take the mark away."""
    with database.engine.begin() as connection:
        connection.execute(text(f"DROP TABLE {TABLE}"))


def is_marked(database: Database) -> bool:
    """Return whether filling this database was begun and not ended. Raises `DatabaseWrong` when it does not answer."""
    if database.is_sqlite:
        return False
    try:
        return inspect(database.engine).has_table(TABLE)
    except DBAPIError:
        raise DatabaseWrong(f"The database {database.shown} does not answer. Check FEEDBACK_DATABASE_URL.") from None
