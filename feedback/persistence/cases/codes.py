"""Access codes, as rows and back. A code is found by the keyed hash of its token or of what somebody typed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from feedback.domain.access import AccessCode, AccessCodeKind
from feedback.domain.errors import AccessCodeUnknown
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import access_codes

PLAIN = [column for column in access_codes.c if column.name not in {"clinic_id", "token_hash", "typed_hash"}]
_NAMES = [column.name for column in PLAIN]
_MINE = select(*PLAIN).where(access_codes.c.clinic_id == bindparam("clinic"))
_BY_TOKEN = _MINE.where(access_codes.c.token_hash == bindparam("hash"))
_BY_TYPED = _MINE.where(access_codes.c.typed_hash == bindparam("hash"))


def read_code(columns: Sequence[Any]) -> AccessCode:
    """Return the code of the columns in `PLAIN`."""
    named = dict(zip(_NAMES, columns, strict=True))
    return AccessCode(**(named | {"kind": AccessCodeKind(named["kind"])}))


def add_code(uow: UnitOfWork, code: AccessCode, token_hash: bytes, typed_hash: bytes) -> None:
    """Store a new access code under its two hashes."""
    values = {column.name: getattr(code, column.name) for column in PLAIN}
    uow.connection.execute(
        insert(access_codes).values(clinic_id=uow.clinic_id, token_hash=token_hash, typed_hash=typed_hash, **values)
    )


def get_code(uow: UnitOfWork, *, token_hash: bytes | None = None, typed_hash: bytes | None = None) -> AccessCode:
    """Find a code by one of its hashes, whatever its state. Raises `AccessCodeUnknown`."""
    find, hashed = (_BY_TOKEN, token_hash) if token_hash else (_BY_TYPED, typed_hash)
    row = uow.connection.execute(find, {"clinic": uow.clinic_id, "hash": hashed}).first()
    if row is None:
        raise AccessCodeUnknown("We could not find that code.")
    return read_code(row)


def list_codes(uow: UnitOfWork, case_code: str) -> tuple[AccessCode, ...]:
    """Return a case's codes that nobody revoked, newest first."""
    rows = uow.connection.execute(
        select(*PLAIN)
        .where(
            access_codes.c.clinic_id == uow.clinic_id,
            access_codes.c.case_code == case_code,
            access_codes.c.revoked_on.is_(None),
        )
        .order_by(access_codes.c.issued_on.desc(), access_codes.c.session_number.desc(), access_codes.c.seat)
    )
    return tuple(map(read_code, rows))


def list_unrevoked(uow: UnitOfWork) -> tuple[AccessCode, ...]:
    """Return the codes of all cases of the clinic that nobody revoked, in no order."""
    mine = (access_codes.c.clinic_id == uow.clinic_id) & access_codes.c.revoked_on.is_(None)
    return tuple(map(read_code, uow.connection.execute(select(*PLAIN).where(mine))))


def revoke_code(uow: UnitOfWork, code_id: str, on: date) -> bytes:
    """Close a code before its time; return the hash of what may be typed instead. Raises `AccessCodeUnknown`."""
    mine = (access_codes.c.clinic_id == uow.clinic_id) & (access_codes.c.id == code_id)
    typed: bytes | None = uow.connection.scalar(select(access_codes.c.typed_hash).where(mine))
    if typed is None:
        raise AccessCodeUnknown("There is no such code.")
    uow.connection.execute(update(access_codes).where(mine).values(revoked_on=on))
    return typed
