"""Ending one access in a restored clinic, whatever it is."""

from collections.abc import Callable

from feedback.domain.clock import Clock, local_day
from feedback.domain.revocation import Revocation, RevocationKind
from feedback.persistence.accounts import accounts, passkeys, second_step
from feedback.persistence.accounts.identities import identity_of, set_keeps_password
from feedback.persistence.cases import care
from feedback.persistence.cases.case_staff import drop_case_staff
from feedback.persistence.clinic.clinics import get_clinic
from feedback.persistence.database import UnitOfWork
from feedback.services.accounts.invite_staff import drop_invitations
from feedback.services.accounts.link_identity import drop_link
from feedback.services.cases.hand_over_case import move_case
from feedback.services.codes.issue_access_code import close_code

_FITS_NO_PASSWORD = ""
"""Instead of a hash, for a linked account: it stays in use through the organisation, and no password opens it."""


def end_access(uow: UnitOfWork, clock: Clock, access: Revocation) -> bool:
    """End an access that the clinic holds; return whether that changed anything."""
    return _ENDS[access.kind](uow, clock, access.ids)


def _account(uow: UnitOfWork, clock: Clock, ids: tuple[str, ...]) -> bool:
    person = accounts.get_staff(uow, ids[0])
    drop_invitations(uow, person)
    if person.disabled_on is not None:
        return False
    accounts.set_disabled(uow, person.id, local_day(clock, get_clinic(uow).timezone))
    return True


def _password(uow: UnitOfWork, _clock: Clock, ids: tuple[str, ...]) -> bool:
    person = accounts.get_staff(uow, ids[0])
    was_invited = drop_invitations(uow, person)
    if not person.password_hash:
        return was_invited
    is_linked = identity_of(uow, person.id) is not None
    accounts.set_password(uow, person.id, _FITS_NO_PASSWORD if is_linked else None)
    return True


def _invitation(uow: UnitOfWork, _clock: Clock, ids: tuple[str, ...]) -> bool:
    return drop_invitations(uow, accounts.get_staff(uow, ids[0]))


def _second_step(uow: UnitOfWork, clock: Clock, ids: tuple[str, ...]) -> bool:
    """Drop the second step and the password with it: alone, the password would let anybody set up another app."""
    was_set_up = second_step.sealed_seed_of(uow, ids[0]) is not None
    second_step.drop_second_step(uow, ids[0])
    return _password(uow, clock, ids) or was_set_up


def _recovery_codes(uow: UnitOfWork, _clock: Clock, ids: tuple[str, ...]) -> bool:
    count = second_step.count_recovery_codes(uow, ids[0])
    second_step.keep_recovery_codes(uow, ids[0], ())
    return count > 0


def _recovery_code(uow: UnitOfWork, _clock: Clock, ids: tuple[str, ...]) -> bool:
    return second_step.use_up_recovery_code(uow, ids[0], bytes.fromhex(ids[1]))


def _passkey(uow: UnitOfWork, _clock: Clock, ids: tuple[str, ...]) -> bool:
    return any(passkeys.remove_passkey(uow, person.id, ids[0]) for person in accounts.list_staff(uow))


def _provider_link(uow: UnitOfWork, _clock: Clock, ids: tuple[str, ...]) -> bool:
    link = identity_of(uow, ids[0])
    if link is None:
        return False
    drop_link(uow, link)
    if accounts.get_staff(uow, ids[0]).password_hash == _FITS_NO_PASSWORD:
        accounts.set_password(uow, ids[0], None)
    return True


def _local_sign_in(uow: UnitOfWork, _clock: Clock, ids: tuple[str, ...]) -> bool:
    link = identity_of(uow, ids[0])
    if link is None or not link.keeps_password:
        return False
    set_keeps_password(uow, ids[0], keeps=False)
    drop_invitations(uow, accounts.get_staff(uow, ids[0]))
    return True


def _case_share(uow: UnitOfWork, _clock: Clock, ids: tuple[str, ...]) -> bool:
    return drop_case_staff(uow, ids[0], ids[1])


def _case_given(uow: UnitOfWork, _clock: Clock, ids: tuple[str, ...]) -> bool:
    case = care.get_case(uow, ids[0])
    if case.therapist_id == ids[1]:
        return False
    move_case(uow, case, ids[1])
    return True


def _access_code(uow: UnitOfWork, clock: Clock, ids: tuple[str, ...]) -> bool:
    close_code(uow, clock, ids[0])
    return True


_ENDS: dict[RevocationKind, Callable[[UnitOfWork, Clock, tuple[str, ...]], bool]] = {
    RevocationKind.ACCOUNT: _account,
    RevocationKind.PASSWORD: _password,
    RevocationKind.INVITATION: _invitation,
    RevocationKind.SECOND_STEP: _second_step,
    RevocationKind.RECOVERY_CODES: _recovery_codes,
    RevocationKind.RECOVERY_CODE: _recovery_code,
    RevocationKind.PASSKEY: _passkey,
    RevocationKind.PROVIDER_LINK: _provider_link,
    RevocationKind.LOCAL_SIGN_IN: _local_sign_in,
    RevocationKind.CASE_SHARE: _case_share,
    RevocationKind.CASE_GIVEN: _case_given,
    RevocationKind.ACCESS_CODE: _access_code,
}
