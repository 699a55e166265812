"""The one visit that goes on at each shared tablet, by keyed hashes; its row goes when it ends, or after two hours."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, exists, select, update

from feedback.persistence.counters import inserting
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import tablet_visits

HOUR_SECONDS = 3600

_OURS = tablet_visits.c


def begin(uow: UnitOfWork, tablet: bytes, visit: bytes, now: datetime) -> None:
    """Let a visit go on at a tablet in place of the one before."""
    forget_old(uow, now)
    newer = {"visit": visit, "hour": _hour(now)}
    row = inserting(uow.database, tablet_visits).values(tablet=tablet, **newer)
    uow.connection.execute(row.on_conflict_do_update(index_elements=["tablet"], set_=newer))


def find(uow: UnitOfWork, tablet: bytes, among: Collection[bytes]) -> bytes | None:
    """Return which of the hashes stands at a tablet, if one does."""
    found = uow.connection.scalar(select(_OURS.visit).where(_OURS.tablet == tablet, _OURS.visit.in_(among)))
    return None if found is None else bytes(found)


def change(uow: UnitOfWork, tablet: bytes, among: Collection[bytes], to: bytes) -> bool:
    """Put a hash in the place of any of these; say whether one stood there."""
    one_of_them = (_OURS.tablet == tablet, _OURS.visit.in_(among))
    return uow.connection.execute(update(tablet_visits).where(*one_of_them).values(visit=to)).rowcount == 1


def end(uow: UnitOfWork, tablet: bytes, among: Collection[bytes]) -> None:
    """Delete the row of a tablet where one of these stands in it."""
    uow.connection.execute(delete(tablet_visits).where(_OURS.tablet == tablet, _OURS.visit.in_(among)))


def is_any_going_on(uow: UnitOfWork, tablet: bytes) -> bool:
    """Return whether a tablet has a row."""
    return bool(uow.connection.scalar(select(exists().where(_OURS.tablet == tablet))))


def end_any(uow: UnitOfWork, tablet: bytes) -> None:
    """Delete the row of a tablet, whatever stands in it."""
    uow.connection.execute(delete(tablet_visits).where(_OURS.tablet == tablet))


def forget_old(uow: UnitOfWork, now: datetime) -> None:
    """Delete the rows of all hours but this one and the one before: nobody's visit takes so long."""
    uow.connection.execute(delete(tablet_visits).where(_OURS.hour < _hour(now) - 1))


def _hour(now: datetime) -> int:
    return int(now.timestamp()) // HOUR_SECONDS
