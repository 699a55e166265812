"""A damaged database file, remembered beside it, so that every process stops writing and a restart does not forget.

SQLite keeps no checksums: damage is met when a page makes no sense. To go on writing then can spread it to pages that
are still whole. PostgreSQL sums up its own pages and refuses those that do not fit; nothing is remembered for it.
"""

import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError

from feedback.persistence.append_log import append_lines

_SQLITES_WORDS = {"SQLITE_CORRUPT", "SQLITE_NOTADB"}
_POSTGRESQLS_WORDS = {"XX001", "XX002"}
"""Data corrupted, index corrupted."""


AFTER_DAMAGE: Final = (
    "Stop the server. Move the file and what lies beside it under its name into another folder, and keep it. Then put "
    "the newest backup back with: feedback db restore FILE"
)


class DamageMark:
    """The file `….damaged` beside a database file; it holds what was found."""

    def __init__(self, database_file: Path) -> None:
        self._file = database_file.with_name(f"{database_file.name}.damaged")

    @property
    def said(self) -> str:
        """Return what was found, empty while nothing was. One look at the folder; nothing is kept in memory."""
        if not self._file.exists():
            return ""
        return self._file.read_text(encoding="utf-8").strip() or "it was found damaged"

    def leave(self, said: str) -> None:
        """Remember the first finding. A disk that takes not even that keeps nobody from hearing of it."""
        if not self._file.exists():
            with suppress(OSError):
                append_lines(self._file, [" ".join(said.split())])

    def lift(self) -> None:
        """Forget it: the file was looked over and is whole, or is another one."""
        self._file.unlink(missing_ok=True)


def is_damage(error: DBAPIError) -> bool:
    """Return whether the database itself could not make sense of what is on its disk."""
    said = error.orig
    if isinstance(said, sqlite3.Error):
        return (said.sqlite_errorname or "").startswith(tuple(_SQLITES_WORDS))
    return getattr(said, "sqlstate", None) in _POSTGRESQLS_WORDS
