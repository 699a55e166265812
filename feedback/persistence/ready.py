"""Statements of the hot path: built and compiled once, then handed straight to the driver.

Opening and sending a form asks the database thirty times. Each time, building the statement, finding it again among
the compiled ones and wrapping its result cost ten times what the database itself takes; docs/performance.md has the
figures. The statements are the same ones of SQLAlchemy Core, in the same transaction, and listeners hear them as well.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ClauseElement
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

from feedback.persistence.database import UnitOfWork

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement in one database's own words, and the names of its parameters in order.

    `converts` holds what makes a value of ours one of the database's, where that is not the same.
    """

    text: str
    constants: Mapping[str, Any]
    converts: Mapping[str, Convert]
    names: Sequence[str]
    is_by_name: bool

    def parameters(self, values: dict[str, Any]) -> Any:
        """Give the parameters of one run as the driver takes them; takes `values` over.

        Raises `KeyError` for one that was left out.
        """
        for name, convert in self.converts.items():
            values[name] = convert(values[name])
        values.update(self.constants)
        return {name: values[name] for name in self.names} if self.is_by_name else [values[name] for name in self.names]


class Ready:
    """A statement with named parameters (`bindparam`), and without `IN`, whose length is not known beforehand.

    For an insert, `columns` names those that are given.
    """

    def __init__(self, statement: ClauseElement, *columns: str) -> None:
        self._statement = statement
        self._columns = columns
        self._compiled: dict[str, _Compiled] = {}
        self._reads: dict[str, tuple[tuple[int, Convert], ...]] = {}
        given = tuple(getattr(statement, "exported_columns", ()))
        self._types: tuple[TypeEngine[Any], ...] = tuple(column.type for column in given)
        self._row = _row_with([column.key for column in given])

    def all(self, uow: UnitOfWork, **values: Any) -> list[Any]:
        """Run it and give its rows, whose columns have their names."""
        dialect, make = uow.transaction.dialect, self._row._make
        made = self._in_words_of(dialect)
        cursor = uow.transaction.ask(made.text, made.parameters(values))
        try:
            rows = cursor.fetchall()
        except dialect.loaded_dbapi.Error as error:
            raise uow.transaction.in_our_words(error, cursor=cursor) from error
        reads = self._reads.get(dialect.name)
        if reads is None:
            reads = self._read_as(dialect, cursor)
        if not reads:
            return list(map(make, rows))
        columns = list(zip(*rows, strict=True))
        for place, read in reads if rows else ():
            columns[place] = tuple(map(read, columns[place]))
        return list(map(make, zip(*columns, strict=True)))

    def first(self, uow: UnitOfWork, **values: Any) -> Any:
        """Run it and give its first row, or nothing."""
        rows = self.all(uow, **values)
        return rows[0] if rows else None

    def run(self, uow: UnitOfWork, **values: Any) -> None:
        """Have it run. On PostgreSQL it goes out with what is asked next, and what goes wrong comes out there."""
        made = self._in_words_of(uow.transaction.dialect)
        uow.transaction.order(made.text, made.parameters(values))

    def run_for(self, uow: UnitOfWork, rows: Iterable[Mapping[str, Any]]) -> None:
        """Have it run once for each row of parameters."""
        made = self._in_words_of(uow.transaction.dialect)
        uow.transaction.order(made.text, [made.parameters(dict(row)) for row in rows], many=True)

    def _in_words_of(self, dialect: Dialect) -> _Compiled:
        made = self._compiled.get(dialect.name)
        if made is None:
            made = self._compiled[dialect.name] = self._compile(dialect)
        return made

    def _compile(self, dialect: Dialect) -> _Compiled:
        compiled: Any = self._statement.compile(dialect=dialect, column_keys=list(self._columns) or None)
        left = {name: bound for name, bound in compiled.binds.items() if bound.required or name in self._columns}
        names = compiled.positiontup or compiled.params
        processors = {name: left[name].type.dialect_impl(dialect).bind_processor(dialect) for name in left}
        converts = {name: processor for name, processor in processors.items() if processor}
        constants = {name: compiled.params[name] for name in names if name not in left}
        return _Compiled(compiled.string, constants, converts, tuple(names), not compiled.positiontup)

    def _read_as(self, dialect: Dialect, cursor: Any) -> tuple[tuple[int, Convert], ...]:
        """Learn from the first result which columns have to become values of ours, and how."""
        kinds = [column[1] for column in cursor.description]
        processors = (
            column.dialect_impl(dialect).result_processor(dialect, kind)
            for column, kind in zip(self._types, kinds, strict=True)
        )
        reads = tuple((place, processor) for place, processor in enumerate(processors) if processor)
        self._reads[dialect.name] = reads
        return reads


def _row_with(names: Sequence[str]) -> Any:
    """Make the class of rows with these columns."""
    return namedtuple("Row", names, rename=True)  # noqa: PYI024  its fields are found at run time
