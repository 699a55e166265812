"""Copies of the one-file database, consistent while others write."""

import sqlite3
from contextlib import closing
from pathlib import Path

from feedback.persistence.database import Database


def copy_before(database: Database, revision: str) -> Path | None:
    """Copy a SQLite database beside itself before its shape changes, and give where; nothing on PostgreSQL.

    The copy is mode 0600 and named after the revision it was at; an older one of that name is replaced.
    """
    if database.file is None or not database.file.exists():
        return None
    target = database.file.with_name(f"{database.file.name}.before-{revision}.copy")
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    with closing(sqlite3.connect(database.file)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    return target
