"""Databases that a test opened and did not close: told at once, on every Python.

Python itself tells from 3.13 on, when it collects the garbage: in whichever test that happens to be.
"""

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from sqlalchemy import Engine

from feedback.persistence import database as opening


@pytest.fixture(autouse=True)
def nothing_left_open() -> Iterator[None]:
    """Fail a test that ends with a connection open to a database that was opened in it, by the product or by itself."""
    opened: list[Engine] = []
    make = opening._engine

    def keep(address: str) -> Engine:
        opened.append(make(address))
        return opened[-1]

    with patch.object(opening, "_engine", keep):
        yield
    left = [engine for engine in opened if engine.pool.checkedin() + engine.pool.checkedout()]
    for engine in left:
        engine.dispose()
    assert not left, f"left open: {[engine.url.render_as_string() for engine in left]}"
