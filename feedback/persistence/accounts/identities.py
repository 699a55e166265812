"""Links between accounts and the organisation's sign-in, as rows and back."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, delete, insert, select, update

from feedback.persistence.accounts.accounts import get_staff
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import identities


@dataclass(frozen=True, slots=True)
class Identity:
    """The link of an account, since which local day, and whether its password still signs in."""

    staff_id: str
    hash: bytes
    since: date
    keeps_password: bool


_COLUMNS = [column for column in identities.c if column.name != "clinic_id"]


def _of(uow: UnitOfWork, staff_id: str) -> ColumnElement[bool]:
    return (identities.c.clinic_id == uow.clinic_id) & (identities.c.staff_id == staff_id)


def identity_of(uow: UnitOfWork, staff_id: str) -> Identity | None:
    """Return the link of an account, or nothing."""
    row = uow.connection.execute(select(*_COLUMNS).where(_of(uow, staff_id))).first()
    return Identity(**row._mapping) if row else None


def list_identities(uow: UnitOfWork) -> dict[str, Identity]:
    """Return every link of the clinic's accounts, by account."""
    found = uow.connection.execute(select(*_COLUMNS).where(identities.c.clinic_id == uow.clinic_id))
    return {row.staff_id: Identity(**row._mapping) for row in found}


def signs_in_elsewhere(uow: UnitOfWork, staff_id: str) -> bool:
    """Return whether an account signs in through the organisation only."""
    link = identity_of(uow, staff_id)
    return link is not None and not link.keeps_password


def linked_with(uow: UnitOfWork, hashed: bytes) -> tuple[str, ...]:
    """Return the ids of the clinic's accounts that are linked with an identity."""
    mine = (identities.c.clinic_id == uow.clinic_id) & (identities.c.hash == hashed)
    return tuple(uow.connection.scalars(select(identities.c.staff_id).where(mine).order_by(identities.c.staff_id)))


def keep_identity(uow: UnitOfWork, link: Identity) -> None:
    """Keep the link of an account that has none."""
    values = {column.name: getattr(link, column.name) for column in _COLUMNS}
    uow.connection.execute(insert(identities).values(clinic_id=uow.clinic_id, **values))


def drop_identity(uow: UnitOfWork, staff_id: str) -> None:
    """Forget the link of an account."""
    uow.connection.execute(delete(identities).where(_of(uow, staff_id)))


def set_keeps_password(uow: UnitOfWork, staff_id: str, *, keeps: bool) -> None:
    """Let a linked account sign in with its password too, or no longer. Raises `NotFound` for one of another clinic."""
    get_staff(uow, staff_id)
    uow.connection.execute(update(identities).where(_of(uow, staff_id)).values(keeps_password=keeps))
