"""Finding the clinic behind a hash: the only look-ups that are made before a clinic is known."""

from sqlalchemy import delete, insert, select

from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import doors


def open_door(uow: UnitOfWork, kind: str, hashed: bytes) -> None:
    """Let a hash of this kind lead to the clinic of the unit of work."""
    uow.connection.execute(insert(doors).values(kind=kind, hash=hashed, clinic_id=uow.clinic_id))


def close_door(uow: UnitOfWork, kind: str, hashed: bytes) -> None:
    """Let the hash lead nowhere again."""
    uow.connection.execute(
        delete(doors).where(doors.c.kind == kind, doors.c.hash == hashed, doors.c.clinic_id == uow.clinic_id)
    )


def clinics_behind(uow: UnitOfWork, kind: str, hashed: bytes) -> tuple[str, ...]:
    """Give the clinics a hash leads to: one for a code, several for an e-mail with accounts in several clinics."""
    found = select(doors.c.clinic_id).where(doors.c.kind == kind, doors.c.hash == hashed).order_by(doors.c.clinic_id)
    return tuple(uow.connection.scalars(found))


def known_hashes(uow: UnitOfWork, kind: str, most: int) -> frozenset[bytes]:
    """Give hashes of one kind, of all clinics; at most so many."""
    found = uow.connection.scalars(select(doors.c.hash).where(doors.c.kind == kind).limit(most))
    return frozenset(bytes(hashed) for hashed in found)
