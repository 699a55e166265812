"""Making sure that what was deleted is gone from the files too, not only from the tables."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from feedback.domain.errors import FilingUnfinished
from feedback.persistence.database import Database, UnitOfWork
from feedback.persistence.tables import (
    access_codes,
    answers,
    detector_states,
    erasures,
    findings,
    repair_notes,
    responses,
    rupture_flags,
    taken_back,
    tenant_lookup,
)

_OF_ANSWERS = (
    responses,
    answers,
    findings,
    rupture_flags,
    detector_states,
    repair_notes,
    access_codes,
    tenant_lookup,
    taken_back,
)
"""Where PostgreSQL leaves a deleted answer legible in its pages, and what was made of it."""


def ask_for_erasing(uow: UnitOfWork, erasure_id: str) -> None:
    """Let the next vacuum write the tables of answers anew: something was deleted from them in this unit of work."""
    uow.connection.execute(insert(erasures).values(clinic_id=uow.clinic_id, id=erasure_id))


def vacuum(database: Database) -> None:
    """Write the files anew without what was deleted, and sealed submissions in the order of their ids.

    On PostgreSQL the tables of answers follow where that was asked for. Others wait while this runs. Raises
    `FilingUnfinished`.
    """
    with _alone(database) as connection:
        if database.is_sqlite:
            _driver(connection).execute("VACUUM")
            _driver(connection).execute("DELETE FROM erasures")
        else:
            connection.execute(text("CLUSTER sealed_submissions USING pk_sealed_submissions"))
            _vacuum_answers(connection)


def _vacuum_answers(connection: Connection) -> None:
    """What is asked for meanwhile stays asked for: only the requests seen before are taken off.

    A table written anew does not know of its rows that everybody sees them; a plain vacuum tells it, so that figures
    are counted from the indexes alone again.
    """
    asked = connection.execute(select(erasures.c.id)).scalars().all()
    if asked:
        names = ", ".join(table.name for table in _OF_ANSWERS)
        connection.execute(text(f"VACUUM (FULL) {names}"))
        connection.execute(text(f"VACUUM {names}"))
        connection.execute(delete(erasures).where(erasures.c.id.in_(asked)))


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
            f"What was deleted is not yet erased from the database's files: "
            f"{getattr(error, 'orig', error)}. Run again: feedback file-pool"
        ) from error


def _driver(connection: Connection) -> Any:
    """Return SQLite's own connection: these orders take no transaction, and SQLAlchemy would begin one."""
    return connection.connection.driver_connection
