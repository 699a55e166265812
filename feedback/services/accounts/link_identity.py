"""Linking an account with the organisation's sign-in, and ending that.

A linked account signs in there and nowhere else, so that who leaves the organisation is out here too. Where the
provider may fail, some accounts are let keep their password and second step beside it (breaking glass).
"""

from feedback.domain.care import Role, Staff
from feedback.domain.clock import Clock, local_day
from feedback.domain.errors import Refused
from feedback.domain.revocation import Revocation, RevocationKind
from feedback.persistence.accounts import accounts
from feedback.persistence.accounts.identities import (
    Identity,
    drop_identity,
    identity_of,
    keep_identity,
    linked_with,
    list_identities,
    set_keeps_password,
)
from feedback.persistence.clinic.clinics import get_clinic
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.persistence.tenant_lookup import add_lookup, clinics_behind, remove_lookup
from feedback.security.keyring import Keyring
from feedback.services.accounts.invite_staff import drop_invitations
from feedback.services.accounts.keep_signed_in import end_sessions_of
from feedback.services.audit.record_audit import record_audit
from feedback.services.audit.record_revocation import record_revocation

NOT_LINKED = "This account is not linked with the organisation's sign-in."


def link_identity(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, *, journal: Journal, staff: Staff, hashed: bytes
) -> None:
    """Link an account with whom the provider has just vouched for: its owner asked for it, signed in or invited.

    It is signed out everywhere, and an invitation that waits leads nowhere. Raises `Refused` when it is linked already.
    """
    if identity_of(uow, staff.id) is not None:
        raise Refused("This account is linked with your organisation’s sign-in already.")
    today = local_day(clock, get_clinic(uow).timezone)
    keep_identity(uow, Identity(staff.id, hashed, since=today, keeps_password=False))
    if uow.clinic_id not in clinics_behind(uow, "identity", hashed):
        add_lookup(uow, "identity", hashed)
    drop_invitations(uow, staff)
    end_sessions_of(uow, staff)
    revoked = (Revocation(RevocationKind.PASSWORD, (staff.id,)),)  # which signs in no longer
    record_revocation(
        uow, clock, keyring, journal, actor=staff.id, action="staff.provider_linked", subject=staff.id, revoked=revoked
    )


def accept_through_provider(
    uow: UnitOfWork,
    clock: Clock,
    keyring: Keyring,
    *,
    journal: Journal,
    staff: Staff,
    hashed: bytes,
    unused_password: str,
) -> Staff:
    """Take up an invitation by linking the account. Nobody knows the password whose hash it is given."""
    accounts.set_password(uow, staff.id, unused_password)
    link_identity(uow, clock, keyring, journal=journal, staff=staff, hashed=hashed)
    return accounts.get_staff(uow, staff.id)


def unlink_identity(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, *, journal: Journal, staff: Staff, by: str
) -> None:
    """End the link of an account, and every sign-in of it. Raises `Refused` when there is none."""
    link = identity_of(uow, staff.id)
    if link is None:
        raise Refused(NOT_LINKED)
    drop_link(uow, link)
    end_sessions_of(uow, staff)
    revoked = (Revocation(RevocationKind.PROVIDER_LINK, (staff.id,)),)
    record_revocation(
        uow, clock, keyring, journal, actor=by, action="staff.provider_unlinked", subject=staff.id, revoked=revoked
    )


def drop_link(uow: UnitOfWork, link: Identity) -> None:
    """Forget a link; who is linked with no other account of the clinic is not looked for there any more."""
    drop_identity(uow, link.staff_id)
    if not linked_with(uow, link.hash):
        remove_lookup(uow, "identity", link.hash)


def someone_gets_in_alone(uow: UnitOfWork) -> bool:
    """Return whether a clinic admin could sign in on a day the organisation's sign-in does not answer."""
    elsewhere = {staff_id for staff_id, link in list_identities(uow).items() if not link.keeps_password}
    admins = (person for person in accounts.list_staff(uow) if person.role is Role.CLINIC_ADMIN and person.is_active)
    return any(person.id not in elsewhere for person in admins)


def break_glass(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, *, journal: Journal, staff: Staff, allowed: bool, by: str
) -> None:
    """Let a linked account sign in with password and second step too, or end that: it is signed out everywhere then.

    Raises `Refused` when it is not linked.
    """
    if identity_of(uow, staff.id) is None:
        raise Refused(NOT_LINKED)
    set_keeps_password(uow, staff.id, keeps=allowed)
    if allowed:
        record_audit(uow, clock, keyring, actor=by, action="staff.local_sign_in_allowed", subject=staff.id)
        return
    drop_invitations(uow, staff)
    end_sessions_of(uow, staff)
    revoked = (Revocation(RevocationKind.LOCAL_SIGN_IN, (staff.id,)),)
    record_revocation(
        uow, clock, keyring, journal, actor=by, action="staff.local_sign_in_ended", subject=staff.id, revoked=revoked
    )
