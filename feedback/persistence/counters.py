"""Adding to a running count in one statement, so that two who add at the same moment never collide.

"Change it, and insert it where there was nothing to change" is two statements: on PostgreSQL two writers both find
nothing, and the second one's answer would be refused.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from feedback.persistence.database import UnitOfWork


def add_up(uow: UnitOfWork, table: Table, key: Mapping[str, Any], amounts: Mapping[str, float]) -> None:
    """Add amounts to the row of a key, or make the row with them."""
    row = inserting(uow.database, table).values(**key, **amounts)
    added = {name: table.c[name] + row.excluded[name] for name in amounts}
    uow.connection.execute(row.on_conflict_do_update(index_elements=list(key), set_=added))


def inserting(database: str, table: Table) -> Any:
    """Begin an insert that may say what to do where the row is there already; each database has its own."""
    return (sqlite.insert if database == "sqlite" else postgresql.insert)(table)
