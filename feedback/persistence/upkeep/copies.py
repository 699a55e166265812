"""Copies of the one-file database, consistent while others write."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
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


def old_copies(database: Database, before: date) -> tuple[Path, ...]:
    """Return the copies made by `copy_before` whose last change, in UTC, lies before a day."""
    if database.file is None:
        return ()
    found = sorted(database.file.parent.glob(f"{database.file.name}.before-*.copy"))
    return tuple(copy for copy in found if datetime.fromtimestamp(copy.stat().st_mtime, UTC).date() < before)
