"""What both databases must be told where nearly every row is counted: to read them in the order of their keys."""

from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, Join, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from feedback.persistence.database import UnitOfWork

_ALONG_THE_KEYS = (
    "enable_hashjoin = off",
    "enable_nestloop = off",
    "enable_seqscan = off",
    "enable_bitmapscan = off",
    "max_parallel_workers_per_gather = 0",
)
"""What is counted belongs together by its key, and the keys carry what is counted: then nothing is kept in memory,
written to the disk or sorted. PostgreSQL itself prefers to join whole tables by their hashes, which took five times as
much of the processor, and more than that where a table no longer fits into its memory (docs/decisions/0014)."""


def prepare_counting(uow: UnitOfWork) -> None:
    """Let PostgreSQL go through the rows along their keys until this unit of work ends."""
    if uow.database == "postgresql":
        for setting in _ALONG_THE_KEYS:
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
