"""Statements of the hot path: built and compiled once, then handed straight to the driver.

Opening and sending a form asks the database thirty times. Each time, building the statement, finding it again among
the compiled ones and wrapping its result cost ten times what the database itself takes; docs/performance.md has the
figures. The statements are the same ones of SQLAlchemy Core, in the same transaction, and listeners hear them as well.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ClauseElement, Connection
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from feedback.persistence.database import UnitOfWork

Convert = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement in one database's own words. `order` is empty where the driver takes parameters by name."""

    text: str
    constants: Mapping[str, Any]
    converts: Mapping[str, Convert]
    order: Sequence[str]

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """Give the parameters of one run as the driver takes them. Raises `KeyError` for one that was left out."""
        converted = {
            name: self.constants[name] if name in self.constants else convert(values[name]) if convert else values[name]
            for name, convert in self.converts.items()
        }
        return [converted[name] for name in self.order] if self.order else converted


class Ready:
    """A statement with named parameters (`bindparam`), and without `IN`, whose length is not known beforehand.

    For an insert, `columns` names those that are given.
    """

    def __init__(self, statement: ClauseElement, *columns: str) -> None:
        self._statement = statement
        self._columns = columns
        self._compiled: dict[str, _Compiled] = {}
        self._reads: dict[str, tuple[Convert, ...]] = {}
        given = tuple(getattr(statement, "exported_columns", ()))
        self._types: tuple[TypeEngine[Any], ...] = tuple(column.type for column in given)
        self._row = _row_with([column.key for column in given])

    def all(self, uow: UnitOfWork, **values: Any) -> list[Any]:
        """Run it and give its rows, whose columns have their names."""
        cursor = self._run(uow.connection, values)
        with _in_our_words(uow.connection, cursor):
            rows = cursor.fetchall()
        reads = self._reads.get(uow.connection.dialect.name) or self._read_as(uow.connection.dialect, cursor)
        if not any(reads):
            return list(map(self._row._make, rows))
        return [
            self._row._make(read(value) if read else value for read, value in zip(reads, row, strict=True))
            for row in rows
        ]

    def first(self, uow: UnitOfWork, **values: Any) -> Any:
        """Run it and give its first row, or nothing."""
        return next(iter(self.all(uow, **values)), None)

    def run(self, uow: UnitOfWork, **values: Any) -> int:
        """Run it and give how many rows it changed."""
        return int(self._run(uow.connection, values).rowcount)

    def run_for(self, uow: UnitOfWork, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run it once for each row of parameters."""
        made = self._in_words_of(uow.connection.dialect)
        _hand_over(uow.connection, made.text, [made.parameters(row) for row in rows], many=True)

    def _run(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        made = self._in_words_of(connection.dialect)
        return _hand_over(connection, made.text, made.parameters(values))

    def _in_words_of(self, dialect: Dialect) -> _Compiled:
        made = self._compiled.get(dialect.name)
        if made is None:
            made = self._compiled[dialect.name] = self._compile(dialect)
        return made

    def _compile(self, dialect: Dialect) -> _Compiled:
        compiled: Any = self._statement.compile(dialect=dialect, column_keys=list(self._columns) or None)
        left = {name: bound for name, bound in compiled.binds.items() if bound.required or name in self._columns}
        names = compiled.positiontup or compiled.params
        converts = {
            name: left[name].type.dialect_impl(dialect).bind_processor(dialect) if name in left else None
            for name in names
        }
        constants = {name: compiled.params[name] for name in names if name not in left}
        return _Compiled(compiled.string, constants, converts, tuple(compiled.positiontup or ()))

    def _read_as(self, dialect: Dialect, cursor: Any) -> tuple[Convert, ...]:
        """Learn from the first result how this database's values become ours."""
        kinds = [column[1] for column in cursor.description]
        reads = tuple(
            column.dialect_impl(dialect).result_processor(dialect, kind)
            for column, kind in zip(self._types, kinds, strict=True)
        )
        self._reads[dialect.name] = reads
        return reads


def _row_with(names: Sequence[str]) -> Any:
    """Make the class of rows with these columns."""
    return namedtuple("Row", names, rename=True)  # noqa: PYI024  its fields are found at run time


def _hand_over(connection: Connection, text: str, parameters: Any, *, many: bool = False) -> Any:
    """Let the driver run it inside the connection's transaction."""
    if not connection.in_transaction():
        connection.begin()
    cursor = connection.connection.cursor()
    for listener in connection.dispatch.before_cursor_execute:
        listener(connection, cursor, text, parameters, None, many)
    with _in_our_words(connection, cursor, text):
        cursor.executemany(text, parameters) if many else cursor.execute(text, parameters)
    return cursor


@contextmanager
def _in_our_words(connection: Connection, cursor: Any, text: str = "") -> Iterator[None]:
    """Raise the driver's errors as SQLAlchemy's own, and let go of a line that broke."""
    base = connection.dialect.loaded_dbapi.Error
    try:
        yield
    except base as error:
        if connection.dialect.is_disconnect(error, connection.connection.dbapi_connection, cursor):
            connection.invalidate(error)
        raise DBAPIError.instance(text, None, error, base, dialect=connection.dialect) from error
