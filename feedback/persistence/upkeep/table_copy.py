"""Carrying every row out of one database and into another, whatever the engine.

Tables are read from the database itself, so a copy can be made and put back at any revision. Rows leave in the order of
their keys: the order in which they came in stays behind.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, DateTime, MetaData, Table, insert, select
from sqlalchemy.exc import DBAPIError, OperationalError

from feedback.domain.copying import Row
from feedback.domain.errors import NotReachable
from feedback.persistence.corruption import AFTER_DAMAGE, is_damage
from feedback.persistence.database import Database
from feedback.persistence.upkeep import restore_marker

_AT_ONCE = 1_000
_NOT_OURS = {"alembic_version", restore_marker.TABLE}


@contextmanager
def standing_still(database: Database) -> Iterator[Connection]:
    """Yield a connection that sees one moment of the database, while others write on. Raises `NotReachable`."""
    level = {} if database.is_sqlite else {"isolation_level": "REPEATABLE READ"}
    try:
        with database.engine.connect().execution_options(**level) as connection:
            yield connection
    except DBAPIError as error:
        if is_damage(error):
            raise NotReachable(f"The database {database.shown} is damaged: {error.orig}. {AFTER_DAMAGE}") from error
        if not isinstance(error, OperationalError):
            raise
        raise NotReachable(f"The database {database.shown} does not answer.") from error


def tables_in(connection: Connection) -> tuple[Table, ...]:
    """Return every table that is there, parents before what belongs to them."""
    found = MetaData()
    found.reflect(connection)
    return tuple(table for table in found.sorted_tables if table.name not in _NOT_OURS)


def rows_in(connection: Connection, table: Table) -> Iterator[Row]:
    """Return the rows of a table by key; instants are aware and in UTC on every engine."""
    by_key = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_AT_ONCE)
    with connection.execute(by_key) as found:
        for row in found:
            yield tuple(value.replace(tzinfo=UTC) if _is_naive(value) else value for value in row)


def has_rows(connection: Connection, table: Table) -> bool:
    """Return whether there is anything in a table."""
    return connection.execute(select(table).limit(1)).first() is not None


def put_rows(connection: Connection, table: Table, columns: tuple[str, ...], rows: Iterable[Row]) -> int:
    """Put rows into a table, and say how many. The columns may stand in another order than the table's."""
    names_no_zone = {column.name for column in table.c if _has_no_zone(column.type)}
    left = iter(rows)
    count = 0
    while batch := list(islice(left, _AT_ONCE)):
        values = [dict(zip(columns, row, strict=True)) for row in batch]
        for row, name in ((row, name) for row in values for name in names_no_zone):
            row[name] = row[name] and row[name].astimezone(UTC).replace(tzinfo=None)
        connection.execute(insert(table), values)
        count += len(batch)
    return count


def _is_naive(value: object) -> bool:
    return isinstance(value, datetime) and value.tzinfo is None


def _has_no_zone(kind: Any) -> bool:
    return isinstance(kind, DateTime) and not kind.timezone
