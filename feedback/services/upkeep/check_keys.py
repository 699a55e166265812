"""Checking that the keys are those the database was written under: before a page is served, not at the first comment.

A damaged row is not a wrong key: only when nothing that is looked at fits is the key called wrong.
"""

from collections.abc import Iterator
from typing import Final

from feedback.domain.errors import KeysWrong
from feedback.persistence.accounts.accounts import list_staff
from feedback.persistence.audit import end_of_log, end_parts, list_records, newest_records
from feedback.persistence.clinic.clinics import list_clinics
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tenant_lookup import clinics_behind, known_hashes
from feedback.persistence.upkeep.sealed_columns import SEALED, some_sealed
from feedback.security.audit_chain import audit_chain
from feedback.security.keyring import Keyring
from feedback.security.sealing import unseal
from feedback.services.accounts.sign_in import email_hash

_A_FEW: Final = 3


def check_keys(uow: UnitOfWork, keyring: Keyring) -> None:
    """Pass when the keys fit what is in the database, or when there is nothing yet. Raises `KeysWrong`.

    `uow` sees every clinic. Looked at: sealed words (data), e-mail addresses that lead to a clinic (codes), the
    beginning and the end of each log (audit). What the other keys did leaves nothing behind that could be held
    against them; those are known by their marks (`security/key_files.py`).
    """
    for purpose, fits in (("data", _opens), ("codes", _is_found), ("audit", _is_chained)):
        if _none_of(fits(uow, keyring)):
            raise KeysWrong(
                f"The key {keyring.folder / purpose}.key is not the one this database was written under. Put that one "
                "back from your copy, or set FEEDBACK_KEYS_DIR to the folder that belongs to this database."
            )


def _none_of(looked_at: Iterator[bool]) -> bool:
    """Return whether something was looked at and nothing of it fits; looks no further than the first that does."""
    first = next(looked_at, None)
    return first is False and not any(looked_at)


def _opens(uow: UnitOfWork, keyring: Keyring) -> Iterator[bool]:
    for where in SEALED:
        for value in some_sealed(uow, where, _A_FEW):
            try:
                unseal(keyring, value.sealed, *value.place)
            except KeysWrong:
                yield False
            else:
                yield True


def _is_found(uow: UnitOfWork, keyring: Keyring) -> Iterator[bool]:
    if not known_hashes(uow, "email", 1):
        return
    for clinic in list_clinics(uow):
        for person in list_staff(uow.within(clinic.id)):
            yield clinic.id in clinics_behind(uow, "email", email_hash(keyring, person.email))


def _is_chained(uow: UnitOfWork, keyring: Keyring) -> Iterator[bool]:
    chain = audit_chain(keyring)
    for clinic in list_clinics(uow):
        inside = uow.within(clinic.id)
        for first in list_records(inside, most=1):
            parts = (clinic.id, str(first.number), first.at.isoformat(), first.actor, first.action, first.subject)
            yield chain(b"", parts) == first.chain
        end = end_of_log(inside)
        for last in newest_records(inside, before=None, most=1) if end else ():
            yield chain(last.chain, end_parts(clinic.id, last.number)) == (end[1] if end else b"")
