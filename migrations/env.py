"""Alembic's environment: runs revisions over the `Database` it is handed, in one explicit transaction.

On SQLite a batch rebuild drops the old table, and with foreign keys on, that would cascade into every child row: so
they are off while a revision runs, and checked before it is committed.
"""

from alembic import context
from sqlalchemy import Connection

from feedback.persistence import tables  # noqa: F401  importing the tables fills the metadata
from feedback.persistence.base import metadata
from feedback.persistence.database import Database


def _run(connection: Connection) -> None:
    batch = connection.dialect.name == "sqlite"
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=batch)
    with context.begin_transaction():
        context.run_migrations()


def _run_on_sqlite(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101  a connection just opened has one
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            _run(connection)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"the migration left rows without their parent: {broken[:5]}")
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def run() -> None:
    """Run the revisions asked for."""
    database: Database = context.config.attributes["database"]
    with database.engine.connect().execution_options(feedback_writes=True) as connection:
        if database.is_sqlite:
            _run_on_sqlite(connection)
        else:
            with connection.begin():
                _run(connection)


run()
