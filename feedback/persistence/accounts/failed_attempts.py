"""Failed attempts of an account in windows of ten minutes, and what may be used once only.

Never counted by address here, because addresses are not stored: pacing by network is `security/rate_limit.py`.
"""

from datetime import datetime

from sqlalchemy import delete, select

from feedback.domain.limits import ACCOUNT_WINDOW_SECONDS
from feedback.persistence.counters import add_up
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import failed_attempts


def _window(now: datetime) -> int:
    return int(now.timestamp()) // ACCOUNT_WINDOW_SECONDS


def count_miss(uow: UnitOfWork, kind: str, now: datetime, hashed: bytes) -> None:
    """Count one miss in the present window, and forget windows that have passed."""
    uow.connection.execute(delete(failed_attempts).where(failed_attempts.c.window < _window(now) - 1))
    mine = {"kind": kind, "hash": hashed, "window": _window(now)}
    add_up(uow, failed_attempts, mine, {"count": 1})


def misses(uow: UnitOfWork, kind: str, now: datetime, hashed: bytes) -> int:
    """Return the number of misses in the present window."""
    found = select(failed_attempts.c.count).filter_by(kind=kind, hash=hashed, window=_window(now))
    return uow.connection.scalar(found) or 0


def forget_misses(uow: UnitOfWork, kind: str, now: datetime, hashed: bytes) -> None:
    """Forget one account's misses of the present window: it has just shown that it is the right one."""
    uow.connection.execute(delete(failed_attempts).filter_by(kind=kind, hash=hashed, window=_window(now)))
