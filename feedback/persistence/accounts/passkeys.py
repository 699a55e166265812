"""Passkeys, as rows and back."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select, update

from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import passkeys


@dataclass(frozen=True, slots=True)
class Passkey:
    """The public half of a passkey, and what its owner calls it."""

    id: str
    staff_id: str
    name: str
    credential: bytes
    public_key: bytes
    uses: int
    added_on: date


_COLUMNS = [column for column in passkeys.c if column.name != "clinic_id"]


def _passkey(row: Row[Any]) -> Passkey:
    return Passkey(**dict(row._mapping))


def _in_clinic(uow: UnitOfWork, which: ColumnElement[bool]) -> ColumnElement[bool]:
    return (passkeys.c.clinic_id == uow.clinic_id) & which


def add_passkey(uow: UnitOfWork, passkey: Passkey) -> None:
    """Store a passkey."""
    values = {column.name: getattr(passkey, column.name) for column in _COLUMNS}
    uow.connection.execute(insert(passkeys).values(clinic_id=uow.clinic_id, **values))


def find_passkey(uow: UnitOfWork, credential: bytes) -> Passkey | None:
    """Return the passkey an authenticator names, or nothing."""
    row = uow.connection.execute(select(*_COLUMNS).where(_in_clinic(uow, passkeys.c.credential == credential))).first()
    return _passkey(row) if row else None


def list_passkeys(uow: UnitOfWork, staff_id: str) -> tuple[Passkey, ...]:
    """Return an account's passkeys, the oldest first."""
    chosen = select(*_COLUMNS).where(_in_clinic(uow, passkeys.c.staff_id == staff_id))
    return tuple(map(_passkey, uow.connection.execute(chosen.order_by(passkeys.c.added_on, passkeys.c.id))))


def note_uses(uow: UnitOfWork, passkey: Passkey, uses: int) -> bool:
    """Keep the authenticator's count after a use, and say whether nobody has used it meanwhile."""
    same = _in_clinic(uow, (passkeys.c.id == passkey.id) & (passkeys.c.uses == passkey.uses))
    return uow.connection.execute(update(passkeys).where(same).values(uses=uses)).rowcount == 1


def remove_passkey(uow: UnitOfWork, staff_id: str, passkey_id: str) -> bool:
    """Remove a passkey of an account, and say whether there was one."""
    mine = _in_clinic(uow, (passkeys.c.staff_id == staff_id) & (passkeys.c.id == passkey_id))
    return uow.connection.execute(delete(passkeys).where(mine)).rowcount == 1


def drop_passkeys(uow: UnitOfWork, staff_id: str) -> None:
    """Forget every passkey of an account."""
    uow.connection.execute(delete(passkeys).where(_in_clinic(uow, passkeys.c.staff_id == staff_id)))
