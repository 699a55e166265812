"""Issuing an access code, showing it again, closing it."""

from dataclasses import dataclass, field

from feedback.domain.access import AccessCode, AccessCodeKind, draw_token, draw_typed, last_day
from feedback.domain.care import Case, Chance, TherapySession
from feedback.domain.clock import Clock, local_day
from feedback.domain.errors import AccessCodeUnknown, CaseClosed, HelpNumbersMissing, Refused
from feedback.domain.revocation import Revocation, RevocationKind
from feedback.persistence.accounts import accounts
from feedback.persistence.cases import codes
from feedback.persistence.clinic.clinics import get_clinic
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.persistence.tenant_lookup import add_lookup, remove_lookup
from feedback.security.access_codes import seal_code, token_hash, typed_hash, unseal_code
from feedback.security.keyring import Keyring
from feedback.services.audit.record_audit import record_audit
from feedback.services.audit.record_revocation import record_revocation


@dataclass(frozen=True, slots=True)
class ShownCode:
    """A code as a therapist shows it: what the square carries, and what may be typed instead."""

    code: AccessCode
    token: str = field(repr=False)
    typed: str = field(repr=False)


def check_can_be_read(uow: UnitOfWork, case: Case) -> None:
    """Pass while the case's therapist has an account in use. Raises `Refused`: no code leads to who cannot read."""
    if accounts.get_staff(uow, case.therapist_id).disabled_on is not None:
        raise Refused(
            "The therapist of this case has no account in use. Ask a clinic admin to hand the case over first."
        )


def issue_access_code(
    uow: UnitOfWork,
    clock: Clock,
    keyring: Keyring,
    chance: Chance,
    *,
    case: Case,
    by: str,
    meeting: TherapySession | None = None,
    seat: str = "A",
) -> ShownCode:
    """Issue a code for one therapy session, or a case card when no meeting is given.

    Raises `CaseClosed`, `Refused` while nobody could read an answer, or `HelpNumbersMissing` when a client of this
    clinic would find no help numbers.
    """
    clinic = get_clinic(uow)
    if not case.is_open:
        raise CaseClosed("This case is closed. Open it again to show a code.")
    check_can_be_read(uow, case)
    if not clinic.may_issue_codes():
        raise HelpNumbersMissing("Before the first code, a clinic admin sets help numbers and a second contact.")
    today = local_day(clock, clinic.timezone)
    token, typed, code_id = draw_token(chance), draw_typed(chance), chance.text(16)
    code = AccessCode(
        id=code_id,
        kind=AccessCodeKind.FOR_SESSION if meeting else AccessCodeKind.CASE_CARD,
        case_code=case.code,
        seat=seat,
        session_number=meeting.number if meeting else None,
        issued_on=today,
        expires_on=last_day(today, clinic.code_days) if meeting else None,
        sealed_token=seal_code(keyring, token, "sealed_token", uow.clinic_id, code_id),
        sealed_typed=seal_code(keyring, typed, "sealed_typed", uow.clinic_id, code_id),
    )
    codes.add_code(uow, code, token_hash(keyring, token), typed_hash(keyring, typed))
    add_lookup(uow, "token", token_hash(keyring, token))
    add_lookup(uow, "typed", typed_hash(keyring, typed))
    record_audit(uow, clock, keyring, actor=by, action="access_code.issued", subject=case.code)
    return ShownCode(code, token, typed)


def show_access_code(uow: UnitOfWork, keyring: Keyring, code: AccessCode) -> ShownCode:
    """Show a living code again."""
    token = unseal_code(keyring, code.sealed_token, "sealed_token", uow.clinic_id, code.id)
    typed = unseal_code(keyring, code.sealed_typed, "sealed_typed", uow.clinic_id, code.id)
    return ShownCode(code, token, typed)


def find_living_code(
    uow: UnitOfWork, clock: Clock, *, case: Case, meeting: TherapySession | None, seat: str = "A"
) -> AccessCode | None:
    """Return the newest code of a meeting and seat (or the case card) that still opens its form."""
    today = local_day(clock, get_clinic(uow).timezone)
    number = meeting.number if meeting else None
    for code in codes.list_codes(uow, case.code):
        if (code.session_number, code.seat) == (number, seat) and (code.expires_on is None or today <= code.expires_on):
            return code
    return None


def revoke_access_code(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, *, journal: Journal, case: Case, code_id: str, by: str
) -> None:
    """Close a code of a case before its time. Its link then says so; its typed characters are free again.

    Raises `AccessCodeUnknown` when the case has no such code.
    """
    found = [code for code in codes.list_codes(uow, case.code) if code.id == code_id]
    if not found:
        raise AccessCodeUnknown("This case has no such code.")
    close_code(uow, clock, found[0].id)
    revoked = (Revocation(RevocationKind.ACCESS_CODE, (code_id,)),)
    record_revocation(
        uow, clock, keyring, journal, actor=by, action="access_code.revoked", subject=case.code, revoked=revoked
    )


def close_code(uow: UnitOfWork, clock: Clock, code_id: str) -> None:
    """Close a code from today on; its typed characters lead nowhere any more. Raises `AccessCodeUnknown`."""
    remove_lookup(uow, "typed", codes.revoke_code(uow, code_id, local_day(clock, get_clinic(uow).timezone)))
