"""A commit on SQLite is on the disk before it is acknowledged: no kill of a process can show that, so it is read."""

from feedback.persistence.database import Database

FULL = 2
"""SQLite's number for waiting for the disk at every commit (https://www.sqlite.org/pragma.html#pragma_synchronous)."""


def test_a_commit_waits_for_the_disk_and_what_is_deleted_is_overwritten(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'feedback.db'}")
    with database.maintaining() as connection:
        asked = ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "trusted_schema")
        found = {pragma: connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() for pragma in asked}
    database.close()
    assert found == {
        "journal_mode": "wal",
        "synchronous": FULL,
        "secure_delete": 1,
        "foreign_keys": 1,
        "trusted_schema": 0,
    }
