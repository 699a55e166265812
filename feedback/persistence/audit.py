"""The audit log: staff actions only, each record chained to the one before by a keyed hash."""

from collections.abc import Callable, Sequence
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


Chain = Callable[[bytes, tuple[str, ...]], bytes]
"""Makes the link of a record from the link before it and the record's own parts."""

Deed = tuple[str, str, str]
"""Who, did what, to what."""


def append_record(uow: UnitOfWork, *, at: datetime, actor: str, action: str, subject: str, chain: Chain) -> None:
    """Write one record under the next number."""
    append_records(uow, [(actor, action, subject)], at=at, chain=chain)


def append_records(uow: UnitOfWork, deeds: Sequence[Deed], *, at: datetime, chain: Chain) -> None:
    """Write records of one instant under the next numbers. The clinic's row is locked first: the chain never forks.

    Locked for update of all but its key, which is as much as keeps others out: a full lock would wait for whoever has
    just written a row that belongs to the clinic, and they for this one.
    """
    uow.connection.execute(select(clinics.c.id).where(clinics.c.id == uow.clinic_id).with_for_update(key_share=True))
    last = uow.connection.execute(
        select(audit.c.number, audit.c.chain)
        .where(audit.c.clinic_id == uow.clinic_id)
        .order_by(audit.c.number.desc())
        .limit(1)
    ).first()
    before, link = (last.number, last.chain) if last else (0, b"")
    rows: list[dict[str, Any]] = []
    for number, (actor, action, subject) in enumerate(deeds, before + 1):
        link = chain(link, (uow.clinic_id, str(number), at.isoformat(), actor, action, subject))
        deed = {"actor": actor, "action": action, "subject": subject}
        rows.append({"clinic_id": uow.clinic_id, "number": number, "at": at, "chain": link} | deed)
    uow.connection.execute(insert(audit), rows)


def list_records(uow: UnitOfWork, after: int = 0) -> tuple[AuditRecord, ...]:
    """Give the records after a number, oldest first."""
    rows = uow.connection.execute(
        select(audit).where(audit.c.clinic_id == uow.clinic_id, audit.c.number > after).order_by(audit.c.number)
    )
    return tuple(AuditRecord(row.number, row.at, row.actor, row.action, row.subject, row.chain) for row in rows)


def has_action(uow: UnitOfWork, action: str) -> bool:
    """Say whether the log holds a record of this action."""
    found = select(audit.c.number).where(audit.c.clinic_id == uow.clinic_id, audit.c.action == action)
    return uow.connection.execute(found.limit(1)).first() is not None
