"""The application's own scope switched off: every `clinic_id = …` that our queries say is taken as true.

What is left between clinics is PostgreSQL's wall alone. Joins between tables stay as they are.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from feedback.persistence.database import Database
from feedback.persistence.transaction import Transaction

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

    def in_sqlalchemy(_line: Any, _cursor: Any, words: str, parameters: Any, *_more: Any) -> tuple[str, Any]:
        return bare(words), parameters

    by_hand = {name: getattr(Transaction, name) for name in ("ask", "order")}
    event.listen(database.engine, "before_cursor_execute", in_sqlalchemy, retval=True)
    with pytest.MonkeyPatch.context() as patch:
        for name, does in by_hand.items():
            patch.setattr(Transaction, name, _with(bare, does))
        try:
            yield bared
        finally:
            event.remove(database.engine, "before_cursor_execute", in_sqlalchemy)


def _with(change: Callable[[str], str], does: Callable[..., Any]) -> Callable[..., Any]:
    return lambda transaction, words, *more, **how: does(transaction, change(words), *more, **how)
