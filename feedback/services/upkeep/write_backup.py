"""Writing a backup: everything the database holds at one moment, sealed, while the clinic works on.

It holds no key. Sealed submissions are in it as they lie in the database, sealed to a key that no copy holds.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from feedback import paths
from feedback.domain.copying import FORMAT, TableSum, row_to_text
from feedback.domain.errors import BackupWrong
from feedback.persistence.database import Database
from feedback.persistence.upkeep.migrate import current, revisions
from feedback.persistence.upkeep.table_copy import rows_in, standing_still, tables_in
from feedback.security.backup_seal import seal_lines
from feedback.security.keyring import Keyring


def write_backup(database: Database, keyring: Keyring, target: Path) -> tuple[TableSum, ...]:
    """Write a backup to a new file, mode 0600, on the disk when this returns; gives what it holds.

    Raises `BackupWrong` when the file is there already or the database has no tables, `NotReachable`.
    """
    if target.exists():
        raise BackupWrong(f"{target} is there already. A backup never replaces a file: choose another name.")
    revision = current(database)
    if revision not in revisions(paths.migrations())[1:]:
        raise BackupWrong(f"The database {database.shown} has no tables of this product. Nothing was written.")
    sums: list[TableSum] = []
    unfinished = target.with_name(f"{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    try:
        with unfinished.open("r+b") as file:
            seal_lines(keyring.keys["backups"], _lines(database, revision, sums), file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return tuple(sums)


def _lines(database: Database, revision: str, sums: list[TableSum]) -> Iterator[str]:
    """Return the backup line by line: what it is, then for each table its name, its rows and their sum."""
    yield _line("backup", format=FORMAT, revision=revision)
    with standing_still(database) as connection:
        for table in tables_in(connection):
            found = TableSum(table.name)
            yield _line("table", name=table.name, columns=[column.name for column in table.c])
            for row in rows_in(connection, table):
                found = found.plus(row)
                yield row_to_text(row)
            yield _line("end", name=table.name, rows=found.rows, total=f"{found.total:x}")
            sums.append(found)


def _line(kind: str, **values: Any) -> str:
    return json.dumps({"is": kind} | values)
