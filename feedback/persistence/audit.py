"""The audit log: staff actions only, each record chained to the one before by a keyed hash."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, select, update

from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import audit_log, audit_log_heads, clinics


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

CASE_CODE_LENGTH = 7
"""Characters of `K7Q2X-M`."""

END_MISSING: Deed = ("system", "audit.end_missing", "")
"""Written once after the upgrade that brought end marks; at any other time somebody removed the mark."""


def append_record(uow: UnitOfWork, *, at: datetime, actor: str, action: str, subject: str, chain: Chain) -> bytes:
    """Write one record under the next number; return its link."""
    return append_records(uow, [(actor, action, subject)], at=at, chain=chain)


def append_records(uow: UnitOfWork, deeds: Sequence[Deed], *, at: datetime, chain: Chain) -> bytes:
    """Write records of one instant under the next numbers; return the last one's link.

    The clinic's row is locked first: the chain never forks. Locked for update of all but its key, which is as much as
    keeps others out: a full lock would wait for whoever has just written a row that belongs to the clinic, and they for
    this one. A log whose end mark is gone says so in a record of its own before it goes on: it stays to be seen.
    """
    uow.connection.execute(select(clinics.c.id).where(clinics.c.id == uow.clinic_id).with_for_update(key_share=True))
    last = uow.connection.execute(
        select(audit_log.c.number, audit_log.c.chain)
        .where(audit_log.c.clinic_id == uow.clinic_id)
        .order_by(audit_log.c.number.desc())
        .limit(1)
    ).first()
    before, link = (last.number, last.chain) if last else (0, b"")
    if last and end_of_log(uow) is None:
        deeds = [END_MISSING, *deeds]
    rows: list[dict[str, Any]] = []
    for number, (actor, action, subject) in enumerate(deeds, before + 1):
        link = chain(link, (uow.clinic_id, str(number), at.isoformat(), actor, action, subject))
        deed = {"actor": actor, "action": action, "subject": subject}
        rows.append({"clinic_id": uow.clinic_id, "number": number, "at": at, "chain": link} | deed)
    uow.connection.execute(insert(audit_log), rows)
    _mark_end(uow, rows[-1]["number"], chain(link, end_parts(uow.clinic_id, rows[-1]["number"])))
    return link


def end_parts(clinic_id: str, number: int) -> tuple[str, ...]:
    """Return what an end mark is made over, together with the last record's own link."""
    return ("end", clinic_id, str(number))


def end_of_log(uow: UnitOfWork) -> tuple[int, bytes] | None:
    """Return the number of the last record as it was marked, and the mark; nothing when there is none."""
    row = uow.connection.execute(
        select(audit_log_heads.c.number, audit_log_heads.c.mark).where(audit_log_heads.c.clinic_id == uow.clinic_id)
    ).first()
    return (row.number, row.mark) if row else None


def _mark_end(uow: UnitOfWork, number: int, mark: bytes) -> None:
    mine = audit_log_heads.c.clinic_id == uow.clinic_id
    if uow.connection.execute(update(audit_log_heads).where(mine).values(number=number, mark=mark)).rowcount == 0:
        uow.connection.execute(insert(audit_log_heads).values(clinic_id=uow.clinic_id, number=number, mark=mark))


def list_records(uow: UnitOfWork, after: int = 0, *, most: int | None = None) -> tuple[AuditRecord, ...]:
    """Return the records after a number, oldest first, at most so many."""
    chosen = select(audit_log).where(audit_log.c.clinic_id == uow.clinic_id, audit_log.c.number > after)
    return _records(uow, chosen.order_by(audit_log.c.number).limit(most))


def newest_records(
    uow: UnitOfWork, *, before: int | None, most: int, about: Sequence[str] | None = None
) -> tuple[AuditRecord, ...]:
    """Return the records before a number, newest first; with `about` only those by or about one of these names.

    What is about a case and somebody in it has both in its subject, the case first: `K7Q2X-M/staff id`.
    """
    chosen = select(audit_log).where(audit_log.c.clinic_id == uow.clinic_id)
    if before is not None:
        chosen = chosen.where(audit_log.c.number < before)
    if about is not None:
        case = func.substr(audit_log.c.subject, 1, CASE_CODE_LENGTH)
        chosen = chosen.where(audit_log.c.actor.in_(about) | audit_log.c.subject.in_(about) | case.in_(about))
    return _records(uow, chosen.order_by(audit_log.c.number.desc()).limit(most))


def _records(uow: UnitOfWork, chosen: Select[Any]) -> tuple[AuditRecord, ...]:
    rows = uow.connection.execute(chosen)
    return tuple(AuditRecord(row.number, row.at, row.actor, row.action, row.subject, row.chain) for row in rows)


def all_links(uow: UnitOfWork) -> frozenset[bytes]:
    """Return the link of every record of the log."""
    found = uow.connection.scalars(select(audit_log.c.chain).where(audit_log.c.clinic_id == uow.clinic_id))
    return frozenset(bytes(link) for link in found)


def has_action(uow: UnitOfWork, action: str) -> bool:
    """Return whether the log holds a record of this action."""
    found = select(audit_log.c.number).where(audit_log.c.clinic_id == uow.clinic_id, audit_log.c.action == action)
    return uow.connection.execute(found.limit(1)).first() is not None
