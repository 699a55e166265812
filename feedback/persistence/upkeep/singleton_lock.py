"""One runner of due work per database, however many servers there are: who comes second goes away again."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import text

from feedback.persistence.database import Database

_LOCK = 0x52_61_70_70_6F_72_74
"""A number of our own among PostgreSQL's advisory locks, for the first job; the others follow it."""


_JOBS: Final = ("runner", "notices")


@contextmanager
def only_runner(database: Database, job: str = "runner") -> Iterator[bool]:
    """Hold the lock of a job for the block, and say whether it was free; it goes with the process that held it."""
    number = _LOCK + _JOBS.index(job)
    if database.file is not None:
        with database.file.with_name(f"{database.file.name}.{job}").open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True
        return
    with database.maintaining() as connection:
        is_ours = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": number}))
        try:
            yield is_ours
        finally:
            if is_ours:
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": number})
