"""How a database is opened: what every promise of being kept, and of being gone, rests on."""

import pytest

from feedback.persistence.database import Database

PRAGMAS = {
    "synchronous": 2,
    "journal_mode": "wal",
    "secure_delete": 1,
    "foreign_keys": 1,
    "busy_timeout": 20_000,
    "trusted_schema": 0,
}
"""By SQLite's own numbers: a commit waits until it is on the disk, and what is deleted is written over."""


@pytest.mark.parametrize("pragma", PRAGMAS)
def test_every_connection_to_sqlite_is_opened_as_promised(tmp_path, pragma):
    database = Database(f"sqlite:///{tmp_path / 'clinic.db'}")
    try:
        with database.reading(None) as one, database.reading(None) as other, database.writing(None) as third:
            found = [uow.connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() for uow in (one, other, third)]
    finally:
        database.close()
    assert found == [PRAGMAS[pragma]] * 3
