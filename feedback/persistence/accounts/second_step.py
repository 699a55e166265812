"""Seeds of authenticator apps and recovery codes, as rows and back. Seeds are sealed; codes are only hashes here."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Table, delete, func, insert, select, update

from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import recovery_codes, totp_seeds


def _of(uow: UnitOfWork, table: Table, staff_id: str) -> ColumnElement[bool]:
    return (table.c.clinic_id == uow.clinic_id) & (table.c.staff_id == staff_id)


def sealed_seed_of(uow: UnitOfWork, staff_id: str) -> bytes | None:
    """Return the sealed seed of an account's app, or nothing while none is set up."""
    sealed: bytes | None = uow.connection.scalar(select(totp_seeds.c.sealed_seed).where(_of(uow, totp_seeds, staff_id)))
    return sealed


def keep_seed(uow: UnitOfWork, staff_id: str, sealed_seed: bytes, last_step: int) -> None:
    """Keep the seed of an account's app in place of any before, with the step whose code was just used."""
    uow.connection.execute(delete(totp_seeds).where(_of(uow, totp_seeds, staff_id)))
    row = {"staff_id": staff_id, "sealed_seed": sealed_seed, "last_step": last_step}
    uow.connection.execute(insert(totp_seeds).values(clinic_id=uow.clinic_id, **row))


def use_up_step(uow: UnitOfWork, staff_id: str, step: int) -> bool:
    """Use up the code of a step, and say whether it was still unused: of two at once, one is."""
    unused = _of(uow, totp_seeds, staff_id) & (totp_seeds.c.last_step < step)
    return uow.connection.execute(update(totp_seeds).where(unused).values(last_step=step)).rowcount == 1


def keep_recovery_codes(uow: UnitOfWork, staff_id: str, hashes: Iterable[bytes]) -> None:
    """Keep these recovery codes in place of all before."""
    uow.connection.execute(delete(recovery_codes).where(_of(uow, recovery_codes, staff_id)))
    rows = [{"clinic_id": uow.clinic_id, "staff_id": staff_id, "hash": hashed} for hashed in hashes]
    if rows:
        uow.connection.execute(insert(recovery_codes), rows)


def use_up_recovery_code(uow: UnitOfWork, staff_id: str, hashed: bytes) -> bool:
    """Use up a recovery code, and say whether there was one: of two at once, one finds it."""
    mine = _of(uow, recovery_codes, staff_id) & (recovery_codes.c.hash == hashed)
    return uow.connection.execute(delete(recovery_codes).where(mine)).rowcount == 1


def list_recovery_codes(uow: UnitOfWork) -> tuple[tuple[str, bytes], ...]:
    """Return account and hash of every unused recovery code in the clinic."""
    mine = recovery_codes.c.clinic_id == uow.clinic_id
    rows = uow.connection.execute(select(recovery_codes.c.staff_id, recovery_codes.c.hash).where(mine))
    return tuple((row.staff_id, bytes(row.hash)) for row in rows)


def count_recovery_codes(uow: UnitOfWork, staff_id: str) -> int:
    """Return how many recovery codes an account has left."""
    found = select(func.count()).select_from(recovery_codes).where(_of(uow, recovery_codes, staff_id))
    return uow.connection.scalar(found) or 0


def drop_second_step(uow: UnitOfWork, staff_id: str) -> None:
    """Forget the app and the recovery codes of an account."""
    for table in (totp_seeds, recovery_codes):
        uow.connection.execute(delete(table).where(_of(uow, table, staff_id)))
