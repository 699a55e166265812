"""The one place that reads the pool and writes the anonymous rows: all of both, in one transaction.

Rows are written in the order of their keys, which are keyed hashes or drawn by chance: neither the place of a row nor,
on PostgreSQL, the number of the transaction that wrote it says when it came or from where.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, Table, delete, insert, select, text

from feedback.domain.filing import AnonymousResponse
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import anonymous_responses, clinics, doors, pool, pool_keys

_ANONYMOUS = [column for column in anonymous_responses.c if column.name != "id"]


def anonymous_columns() -> list[Column[Any]]:
    """Give the columns of `AnonymousResponse`: all but the id, which does not outlive a filing."""
    return _ANONYMOUS


@dataclass(frozen=True, slots=True)
class WaitingAnswer:
    """A row of the pool. `id` is a keyed hash of code and local day, and stays when the answer is sealed again."""

    clinic_id: str
    id: bytes
    receipt_hash: bytes
    key_id: str
    sealed: bytes


def keep_everybody_out(uow: UnitOfWork) -> None:
    """Let nobody put in or take back until this unit of work ends. On SQLite it is the only writer already."""
    if uow.database == "postgresql":
        uow.connection.execute(text("LOCK TABLE pool, anonymous_responses IN ACCESS EXCLUSIVE MODE"))


def zones(uow: UnitOfWork) -> dict[str, str]:
    """Give the time zone of every clinic of the installation."""
    return {row.id: row.timezone for row in uow.connection.execute(select(clinics.c.id, clinics.c.timezone))}


def newest_key_made_on(uow: UnitOfWork) -> date | None:
    """Give the day of the newest key of the pool, which is the day of the last filing."""
    day: date | None = uow.connection.scalar(select(pool_keys.c.made_on).order_by(pool_keys.c.made_on.desc()).limit(1))
    return day


def list_waiting(uow: UnitOfWork) -> tuple[WaitingAnswer, ...]:
    """Give everything that waits, of every clinic."""
    return tuple(WaitingAnswer(**row._mapping) for row in uow.connection.execute(select(pool)))


def list_anonymous(uow: UnitOfWork) -> tuple[AnonymousResponse, ...]:
    """Give everything that is filed, of every clinic, without the ids, which do not outlive a filing."""
    return tuple(AnonymousResponse(**row._mapping) for row in uow.connection.execute(select(*_ANONYMOUS)))


def rewrite_waiting(uow: UnitOfWork, waiting: Iterable[WaitingAnswer]) -> None:
    """Let the pool hold these rows and no others."""
    _empty(uow, pool)
    rows = [
        {column.name: getattr(row, column.name) for column in pool.c}
        for row in sorted(waiting, key=lambda row: (row.clinic_id, row.id))
    ]
    if rows:
        uow.connection.execute(insert(pool), rows)


def rewrite_anonymous(uow: UnitOfWork, with_ids: Iterable[tuple[str, AnonymousResponse]]) -> None:
    """Let these rows be filed, under these ids, and no others; and let every receipt of theirs lead to its clinic."""
    names = [column.name for column in _ANONYMOUS]
    filed = [
        {name: getattr(response, name) for name in names} | {"id": row_id}
        for row_id, response in sorted(with_ids, key=lambda pair: (pair[1].clinic_id, pair[0]))
    ]
    _empty(uow, anonymous_responses)
    if filed:
        uow.connection.execute(insert(anonymous_responses), filed)
    _reopen_doors(uow, [(row["clinic_id"], row["receipt_hash"]) for row in filed])


def _reopen_doors(uow: UnitOfWork, receipts: list[tuple[str, bytes]]) -> None:
    """Write these doors anew, so that they are as old as one another."""
    for clinic_id in {clinic_id for clinic_id, _ in receipts}:
        theirs = select(anonymous_responses.c.receipt_hash).filter_by(clinic_id=clinic_id)
        uow.connection.execute(
            delete(doors).where(doors.c.clinic_id == clinic_id, doors.c.kind == "receipt", doors.c.hash.in_(theirs))
        )
    rows = [
        {"kind": "receipt", "hash": hashed, "clinic_id": clinic_id}
        for clinic_id, hashed in sorted(receipts, key=lambda receipt: receipt[1])
    ]
    if rows:
        uow.connection.execute(insert(doors), rows)


def replace_pool_keys(uow: UnitOfWork, key_id: str, public_key: bytes, made_on: date) -> None:
    """Let answers be sealed to this key from now on, and to no other."""
    uow.connection.execute(delete(pool_keys))
    uow.connection.execute(insert(pool_keys).values(id=key_id, public_key=public_key, made_on=made_on))


def _empty(uow: UnitOfWork, table: Table) -> None:
    """Delete every row; on PostgreSQL by giving the table new files."""
    if uow.database == "postgresql":
        uow.connection.execute(text(f"TRUNCATE TABLE {table.name}"))
    else:
        uow.connection.execute(delete(table))
