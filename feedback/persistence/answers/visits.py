"""Steps of visits to a shared tablet that are over, by keyed hash; forgotten after an hour or two."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select

from feedback.persistence.counters import inserting
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import ended_visits

HOUR_SECONDS = 3600


def note_over(uow: UnitOfWork, hashed: bytes, now: datetime) -> None:
    """Store that a step is over; once more changes nothing. Forgets what no address outlives."""
    forget_old(uow, now)
    row = inserting(uow.database, ended_visits).values(hash=hashed, hour=_hour(now))
    uow.connection.execute(row.on_conflict_do_nothing())


def which_are_over(uow: UnitOfWork, hashes: Collection[bytes]) -> frozenset[bytes]:
    """Return those of the hashes whose step is over."""
    found = uow.connection.scalars(select(ended_visits.c.hash).where(ended_visits.c.hash.in_(hashes)))
    return frozenset(bytes(hashed) for hashed in found)


def forget_old(uow: UnitOfWork, now: datetime) -> None:
    """Delete the rows of all hours but this one and the one before."""
    uow.connection.execute(delete(ended_visits).where(ended_visits.c.hour < _hour(now) - 1))


def _hour(now: datetime) -> int:
    return int(now.timestamp()) // HOUR_SECONDS
