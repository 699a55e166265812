"""Counting misses in windows of ten minutes, so that guessing is slow for everybody who guesses.

Counted per kind for all together, or per account: never per address, because a waiting room has one address, and
because addresses are not stored.
"""

from datetime import datetime

from sqlalchemy import delete, select

from feedback.persistence.counters import add_up
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import tries

WINDOW_SECONDS = 600


def _window(now: datetime) -> int:
    return int(now.timestamp()) // WINDOW_SECONDS


def count_miss(uow: UnitOfWork, kind: str, now: datetime, hashed: bytes = b"") -> None:
    """Count one miss in the present window, and forget windows that have passed."""
    uow.connection.execute(delete(tries).where(tries.c.window < _window(now) - 1))
    mine = {"kind": kind, "hash": hashed, "window": _window(now)}
    add_up(uow, tries, mine, {"count": 1})


def misses(uow: UnitOfWork, kind: str, now: datetime, hashed: bytes = b"") -> int:
    """Give the number of misses in the present window."""
    found = select(tries.c.count).filter_by(kind=kind, hash=hashed, window=_window(now))
    return uow.connection.scalar(found) or 0


def forget_misses(uow: UnitOfWork, kind: str, now: datetime, hashed: bytes) -> None:
    """Forget one account's misses of the present window: it has just shown that it is the right one."""
    uow.connection.execute(delete(tries).filter_by(kind=kind, hash=hashed, window=_window(now)))
