"""Reading a backup: checked to its last byte before anything is done with it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from feedback.domain.copying import FORMAT, Row, TableSum, row_from_text
from feedback.domain.errors import BackupWrong
from feedback.security.backup_seal import unseal_lines
from feedback.security.keyring import Keyring
from feedback.services.upkeep.fill_database import TableRows

_NEWER: Final = "This backup was made by a newer version of the product. Restore it with that version."


@dataclass(frozen=True, slots=True)
class Backup:
    """An open backup: the revision it was made at, and its tables in the order in which they can be put back."""

    revision: str
    tables: Iterator[TableRows]


@contextmanager
def opened_backup(keyring: Keyring, file: Path) -> Iterator[Backup]:
    """Open a backup for one reading from beginning to end. Raises `BackupWrong`."""
    with file.open("rb") as source:
        lines = unseal_lines(keyring.keys["backups"], source)
        head = _read(next(lines, "{}"), "backup")
        if head["format"] > FORMAT:
            raise BackupWrong(_NEWER)
        yield Backup(head["revision"], _tables(lines))


def check_backup(keyring: Keyring, file: Path, known: tuple[str, ...]) -> tuple[TableSum, ...]:
    """Read a backup to its end and give what it holds; `known` names the revisions this version has.

    Raises `BackupWrong` when it is damaged, cut short, made with another key or by a newer version.
    """
    with opened_backup(keyring, file) as backup:
        if backup.revision not in known:
            raise BackupWrong(_NEWER)
        return tuple(TableSum.of(table.name, table.rows) for table in backup.tables)


def _tables(lines: Iterator[str]) -> Iterator[TableRows]:
    for line in lines:
        head = _read(line, "table")
        yield TableRows(head["name"], tuple(head["columns"]), _rows(head["name"], lines))


def _rows(name: str, lines: Iterator[str]) -> Iterator[Row]:
    """Return rows up to the line that sums them up, and hold them against it."""
    found = TableSum(name)
    for line in lines:
        if not line.startswith("["):
            end = _read(line, "end")
            if (end["name"], end["rows"], end["total"]) != (name, found.rows, f"{found.total:x}"):
                raise BackupWrong(f"The rows of {name} in this backup do not add up. Take another copy of it.")
            return
        row = row_from_text(line)
        found = found.plus(row)
        yield row


def _read(line: str, kind: str) -> dict[str, Any]:
    """Read a line that says what follows. The seal has vouched for it, so another kind means another version."""
    values: dict[str, Any] = json.loads(line)
    if values.get("is") != kind:
        raise BackupWrong(_NEWER)
    return values
