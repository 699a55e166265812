"""Durability given up for speed: what the suite ends is processes, never the machine.

The same as the test server of PostgreSQL does (tests/support/postgres.py). What the product runs in processes of its
own keeps it. A test waits for the disk some 40 ms otherwise.
"""

import os
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine


def give_up_durability() -> None:
    """Let keys and journals that this process writes not wait for the disk."""
    os.fsync = lambda _handle: None


def give_up_durability_of(engine: Engine) -> None:
    """Let commits of an engine on SQLite not wait for the disk."""
    event.listen(engine, "connect", _without_waiting)


def _without_waiting(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")
