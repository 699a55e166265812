"""The audit log: staff actions only, each record chained to the one before by a keyed hash."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import audit, clinics


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """Who did what to what, and when. `chain` is the hash over this record and the one before."""

    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    chain: bytes


def append_record(
    uow: UnitOfWork,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    chain: Callable[[bytes, tuple[str, ...]], bytes],
) -> None:
    """Write one record under the next number. The clinic's row is locked first, so that the chain never forks."""
    uow.connection.execute(select(clinics.c.id).where(clinics.c.id == uow.clinic_id).with_for_update())
    last = uow.connection.execute(
        select(audit.c.number, audit.c.chain)
        .where(audit.c.clinic_id == uow.clinic_id)
        .order_by(audit.c.number.desc())
        .limit(1)
    ).first()
    number, before = (last.number + 1, last.chain) if last else (1, b"")
    link = chain(before, (uow.clinic_id, str(number), at.isoformat(), actor, action, subject))
    values: dict[str, Any] = {"at": at, "actor": actor, "action": action, "subject": subject, "chain": link}
    uow.connection.execute(insert(audit).values(clinic_id=uow.clinic_id, number=number, **values))


def list_records(uow: UnitOfWork, after: int = 0) -> tuple[AuditRecord, ...]:
    """Give the records after a number, oldest first."""
    rows = uow.connection.execute(
        select(audit).where(audit.c.clinic_id == uow.clinic_id, audit.c.number > after).order_by(audit.c.number)
    )
    return tuple(AuditRecord(row.number, row.at, row.actor, row.action, row.subject, row.chain) for row in rows)
