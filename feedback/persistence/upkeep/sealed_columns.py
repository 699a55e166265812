"""Every column of sealed words, for sealing them anew under another key."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table, func, literal, select, update

from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import access_codes, cases, repair_notes, responses, totp_seeds


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """Where sealed words lie. `place` and `row` (columns of the key) are what is bound into the seal.

    A `place` stays as it was when a table gets another name: nothing is sealed anew for that.
    """

    table: Table
    column: Column[Any]
    place: tuple[str, str]
    row: tuple[str, ...]


SEALED = (
    SealedColumn(
        responses, responses.c.sealed_comment, ("responses", "comment"), ("case_code", "session_number", "seat")
    ),
    SealedColumn(repair_notes, repair_notes.c.sealed_note, ("repairs", "note"), ("flag_id",)),
    SealedColumn(cases, cases.c.sealed_label, ("cases", "label"), ("code",)),
    SealedColumn(access_codes, access_codes.c.sealed_token, ("access_codes", "sealed_token"), ("id",)),
    SealedColumn(access_codes, access_codes.c.sealed_typed, ("access_codes", "sealed_typed"), ("id",)),
    SealedColumn(totp_seeds, totp_seeds.c.sealed_seed, ("totp_seeds", "seed"), ("staff_id",)),
)


@dataclass(frozen=True, slots=True)
class SealedValue:
    """One sealed value with its key columns and the place it is sealed to."""

    key: dict[str, Any]
    place: tuple[str, ...]
    sealed: bytes


def sealed_otherwise(uow: UnitOfWork, where: SealedColumn, head: bytes, most: int) -> tuple[SealedValue, ...]:
    """Return values of a column, of all clinics, whose envelope does not begin with these bytes; at most so many."""
    names = ("clinic_id", *where.row)
    begins = func.substr(where.column, 1, len(head))
    chosen = select(*(where.table.c[name] for name in names), where.column).where(
        where.column.is_not(None), begins != literal(head, where.column.type)
    )
    rows = uow.connection.execute(chosen.limit(most))
    return tuple(_value(where, names, row) for row in rows)


def some_sealed(uow: UnitOfWork, where: SealedColumn, most: int) -> tuple[SealedValue, ...]:
    """Return some values of a column, of all clinics; at most so many."""
    names = ("clinic_id", *where.row)
    chosen = select(*(where.table.c[name] for name in names), where.column).where(where.column.is_not(None))
    return tuple(_value(where, names, row) for row in uow.connection.execute(chosen.limit(most)))


def _value(where: SealedColumn, names: Sequence[str], row: Any) -> SealedValue:
    key = {name: row._mapping[where.table.c[name]] for name in names}
    place = (*where.place, *(str(key[name]) for name in names))
    return SealedValue(key, place, row._mapping[where.column])


def replace_sealed(uow: UnitOfWork, where: SealedColumn, value: SealedValue, sealed: bytes) -> None:
    """Put a value sealed anew in place of the one that was read, unless somebody has written another meanwhile."""
    same = [where.table.c[name] == part for name, part in value.key.items()]
    unchanged = where.column == value.sealed
    uow.connection.execute(update(where.table).where(*same, unchanged).values({where.column.name: sealed}))
