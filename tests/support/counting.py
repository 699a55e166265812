"""Counting what is asked and called: figures that do not depend on the machine or on who else works on it."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.types import WSGIApplication

from flask import Flask
from sqlalchemy import event
from werkzeug.test import EnvironBuilder

from tests.support.world import World


@contextmanager
def counting(world: World) -> Iterator[list[str]]:
    """Collect every SELECT that is asked meanwhile."""
    asked: list[str] = []
    engine = world.installation.database.engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT") and "set_config" not in statement:
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


_GOES_THROUGH = re.compile(r"^SCAN (?!CONSTANT)|\(clinic_id=\?\)$")
_MAY = re.compile(
    r"^SCAN (seat|seats|recent|places|\(subquery-\d+\))|^SEARCH (staff|clinic_instruments|submission_keys) "
)
"""What a statement itself has brought together, what a page is to list whole, and keys that answers are sealed to."""


@contextmanager
def going_through(world: World) -> Iterator[list[str]]:
    """Collect, once the block is over, where SQLite goes through a whole table or all that a clinic has of it."""
    asked: dict[str, Any] = {}
    found: list[str] = []
    engine = world.installation.database.engine

    def note(_connection: object, _cursor: object, statement: str, given: Any, _context: object, many: object) -> None:
        asked[statement] = given[0] if many else given

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert asked
    with engine.connect() as connection:
        for statement, given in asked.items():
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(given))
            plan = [row.detail for row in rows]
            found += [f"{line}: {statement}" for line in plan if _GOES_THROUGH.search(line) and not _MAY.search(line)]


def calls(app: WSGIApplication, path: str, fields: dict[str, Any] | None = None, **environ: Any) -> tuple[int, str]:
    """Count the functions that an application calls for one request, Python's and C's; give the status, too."""
    asked = EnvironBuilder(path, method="POST" if fields else "GET", data=fields, **environ).get_environ()
    count = 0
    told: list[str] = []

    def note(_frame: object, what: str, _argument: object) -> None:
        nonlocal count
        count += what in {"call", "c_call"}

    sys.setprofile(note)
    try:
        b"".join(app(asked, lambda status, *_: told.append(status)))  # type: ignore[arg-type, func-returns-value]  # of a server's
    finally:
        sys.setprofile(None)
    return count, told[0][:3]


def least_calls() -> int:
    """Count those of a page of one word."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "hello")
    calls(app, "/")
    return calls(app, "/")[0]
