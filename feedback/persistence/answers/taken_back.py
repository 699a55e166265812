"""Receipts whose answer was withdrawn: the same form sent again must not bring it back unasked."""

from sqlalchemy import delete, select

from feedback.persistence.counters import inserting
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import taken_back


def note_taken_back(uow: UnitOfWork, receipt_hash: bytes, month: str) -> None:
    """Store that the answer of a receipt was withdrawn, in a month (`2026-03`). Twice changes nothing."""
    row = inserting(uow.database, taken_back).values(clinic_id=uow.clinic_id, receipt_hash=receipt_hash, month=month)
    uow.connection.execute(row.on_conflict_do_nothing())


def is_taken_back(uow: UnitOfWork, receipt_hash: bytes) -> bool:
    """Return whether the answer of a receipt was withdrawn, or removed as not from the client."""
    noted = select(taken_back.c.month).where(
        taken_back.c.clinic_id == uow.clinic_id, taken_back.c.receipt_hash == receipt_hash
    )
    return uow.connection.execute(noted).first() is not None


def forget_taken_back(uow: UnitOfWork, before: str) -> None:
    """Delete what was noted in months before one (`2026-03`): the journal has forgotten these receipts as well."""
    mine = taken_back.c.clinic_id == uow.clinic_id
    uow.connection.execute(delete(taken_back).where(mine, taken_back.c.month < before))
