"""The application's own scope switched off: every `clinic_id = …` that our queries say is taken as true.

What is left between clinics is PostgreSQL's wall alone. Joins between tables stay as they are.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from feedback.persistence.database import Database

_SCOPE = re.compile(r"(?:\w+\.)?\bclinic_id = (%\(\w+\)s(?:::\w+)?)")
"""A clinic compared with one that is given, in the words that SQLAlchemy has for psycopg."""


@contextmanager
def unscoped(database: Database) -> Iterator[list[str]]:
    """Take our scope out of every statement while the block lasts; gives the statements it was taken out of."""
    bared: list[str] = []

    def bare(words: str) -> str:
        without = _SCOPE.sub(r"\1 IS NOT NULL", words)
        if without != words:
            bared.append(words)
        return without

    def without_scope(_connection: Any, _cursor: Any, words: str, parameters: Any, *_more: Any) -> tuple[str, Any]:
        return bare(words), parameters

    event.listen(database.engine, "before_cursor_execute", without_scope, retval=True)
    try:
        yield bared
    finally:
        event.remove(database.engine, "before_cursor_execute", without_scope)
