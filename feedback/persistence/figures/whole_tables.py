"""What both databases must be told when nearly every row is read: by itself each would look rows up one by one."""

from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, Join, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from feedback.persistence.database import UnitOfWork

_JOIN_WHOLE_TABLES = ("enable_memoize = off", "enable_nestloop = off")
"""PostgreSQL takes the parts of our long keys for independent, expects few rows, and looks each one up by itself:
at 80,000 responses that took six times as long as joining whole tables."""

MEMORY = "16MB"
"""What PostgreSQL may take for one join in one of its processes; it held 337 MB in all at ten million responses."""


def prepare_counting(uow: UnitOfWork) -> None:
    """Let PostgreSQL join whole tables until this unit of work ends."""
    if uow.database == "postgresql":
        for setting in (*_JOIN_WHOLE_TABLES, f"work_mem = '{MEMORY}'"):
            uow.connection.execute(text(f"SET LOCAL {setting}"))


class InOrder(Join):
    """A join whose left side SQLite reads first: by itself it reads responses by receipt, which is no order at all."""

    inherit_cache = True


@compiles(InOrder, "sqlite")
def _in_order_on_sqlite(element: Any, compiler: SQLCompiler, **more: Any) -> str:
    more["asfrom"] = True
    left, right, of = (compiler.process(part, **more) for part in (element.left, element.right, element.onclause))
    return f"{left} CROSS JOIN {right} ON {of}"


class Unsought(FunctionElement[date]):
    """A column that SQLite looks up in no index: what it bounds is then read in the order of the rows' own keys."""

    type = Date()
    inherit_cache = True


@compiles(Unsought, "sqlite")
def _unsought_on_sqlite(element: Any, compiler: SQLCompiler, **more: Any) -> str:
    return f"+{compiler.process(element.clauses, **more)}"


@compiles(Unsought, "postgresql")
def _unsought_on_postgresql(element: Any, compiler: SQLCompiler, **more: Any) -> str:
    return str(compiler.process(element.clauses, **more))


class Tenths(FunctionElement[int]):
    """A number in whole tenths, halves up, the same on both engines."""

    type = Integer()
    inherit_cache = True


@compiles(Tenths, "sqlite")
def _tenths_on_sqlite(element: Any, compiler: SQLCompiler, **more: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **more)} * 10 + 0.5 AS INTEGER)"


@compiles(Tenths, "postgresql")
def _tenths_on_postgresql(element: Any, compiler: SQLCompiler, **more: Any) -> str:
    return f"CAST(floor({compiler.process(element.clauses, **more)} * 10 + 0.5) AS BIGINT)"
