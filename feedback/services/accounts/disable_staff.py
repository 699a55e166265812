"""Taking an account out of use, and giving it back."""

from feedback.domain.care import Role, Staff
from feedback.domain.clock import Clock, local_day
from feedback.domain.errors import CasesLeft, Refused
from feedback.domain.revocation import Revocation, RevocationKind
from feedback.persistence.accounts import accounts
from feedback.persistence.clinic.clinics import get_clinic
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.security.keyring import Keyring
from feedback.services.accounts.invite_staff import drop_invitations
from feedback.services.accounts.keep_signed_in import end_sessions_of
from feedback.services.audit.record_audit import record_audit
from feedback.services.audit.record_revocation import record_revocation
from feedback.services.cases.cases_left import hand_over_led, list_led

KEEP = ""
"""Instead of a successor: the cases stay, and their codes say whom to turn to, until somebody asks for them."""


def disable_staff(
    uow: UnitOfWork,
    clock: Clock,
    keyring: Keyring,
    *,
    journal: Journal,
    staff: Staff,
    by: str,
    cases_to: str | None = None,
) -> None:
    """Disable an account from now on: its invitation leads nowhere, and it is signed out everywhere at once.

    `cases_to` is the therapist who takes over its open cases, or `KEEP`. Disabling twice changes nothing. Raises
    `Refused` for oneself and for the last clinic admin who could undo it, `CasesLeft` where there are open cases and
    nothing was said about them, `NotFound` for who cannot take them over.
    """
    if staff.disabled_on is not None:
        return
    if staff.id == by:
        raise Refused("Nobody disables their own account. Ask another clinic admin.")
    if staff.role is Role.CLINIC_ADMIN and _is_last_admin(uow, staff):
        raise Refused("This is the only clinic admin who can sign in. Invite another one first.")
    led = len(list_led(uow, staff))
    if led and cases_to is None:
        raise CasesLeft(staff.display_name, led)
    accounts.set_disabled(uow, staff.id, local_day(clock, get_clinic(uow).timezone))
    drop_invitations(uow, staff)
    end_sessions_of(uow, staff)
    revoked = (Revocation(RevocationKind.ACCOUNT, (staff.id,)),)
    record_revocation(
        uow, clock, keyring, journal, actor=by, action="staff.disabled", subject=staff.id, revoked=revoked
    )
    if led and cases_to:
        hand_over_led(uow, clock, keyring, journal=journal, of=staff, to=cases_to, by=by)


def enable_staff(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, staff: Staff, by: str) -> None:
    """Let a disabled account sign in again with the password it had."""
    if staff.disabled_on is not None:
        accounts.set_disabled(uow, staff.id, None)
        record_audit(uow, clock, keyring, actor=by, action="staff.enabled", subject=staff.id)


def _is_last_admin(uow: UnitOfWork, staff: Staff) -> bool:
    others = (person for person in accounts.list_staff(uow) if person.id != staff.id)
    return not any(person.role is Role.CLINIC_ADMIN and person.is_active for person in others)
