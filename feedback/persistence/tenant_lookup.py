"""Finding the clinic behind a hash: the only look-ups that are made before a clinic is known."""

from sqlalchemy import bindparam, delete, insert, select

from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import tenant_lookup

_OPEN = insert(tenant_lookup)
_AT = (tenant_lookup.c.kind == bindparam("kind_"), tenant_lookup.c.hash == bindparam("hash_"))
_CLOSE = delete(tenant_lookup).where(*_AT, tenant_lookup.c.clinic_id == bindparam("clinic"))
_BEHIND = select(tenant_lookup.c.clinic_id).where(*_AT).order_by(tenant_lookup.c.clinic_id)


def add_lookup(uow: UnitOfWork, kind: str, hashed: bytes) -> None:
    """Let a hash of this kind lead to the clinic of the unit of work."""
    uow.connection.execute(_OPEN, {"kind": kind, "hash": hashed, "clinic_id": uow.clinic_id})


def remove_lookup(uow: UnitOfWork, kind: str, hashed: bytes) -> None:
    """Let the hash lead nowhere again."""
    uow.connection.execute(_CLOSE, {"kind_": kind, "hash_": hashed, "clinic": uow.clinic_id})


def clinics_behind(uow: UnitOfWork, kind: str, hashed: bytes) -> tuple[str, ...]:
    """Return the clinics a hash leads to: one for a code, several for an e-mail with accounts in several clinics."""
    return tuple(row.clinic_id for row in uow.connection.execute(_BEHIND, {"kind_": kind, "hash_": hashed}).all())


def known_hashes(uow: UnitOfWork, kind: str, most: int) -> frozenset[bytes]:
    """Return hashes of one kind, of all clinics; at most so many."""
    found = uow.connection.scalars(select(tenant_lookup.c.hash).where(tenant_lookup.c.kind == kind).limit(most))
    return frozenset(bytes(hashed) for hashed in found)
