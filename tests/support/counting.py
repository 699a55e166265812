"""Counting what the database is asked: figures that do not depend on the machine or on who else works on it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

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
