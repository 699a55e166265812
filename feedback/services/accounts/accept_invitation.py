"""Taking up an invitation: the person sets a password of their own."""

from feedback.domain.care import Staff
from feedback.domain.clock import Clock
from feedback.domain.errors import InvitationInvalid
from feedback.persistence.accounts import accounts
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.persistence.tenant_lookup import clinics_behind
from feedback.security.keyring import Keyring
from feedback.services.accounts.change_password import change_password
from feedback.services.accounts.invite_staff import invitation_hash


def find_invited(uow: UnitOfWork, clock: Clock, keyring: Keyring, token: str) -> tuple[UnitOfWork, Staff]:
    """Return whose invitation this is, with the unit of work scoped to their clinic.

    Raises `InvitationInvalid` for one that is unknown, used, or older than 72 hours.
    """
    hashed = invitation_hash(keyring, token)
    for clinic_id in clinics_behind(uow, "invitation", hashed):
        inside = uow.within(clinic_id)
        person = accounts.invited_by(inside, hashed, clock.now())
        if person is not None and person.disabled_on is None:
            return inside, person
    raise InvitationInvalid("This invitation was used or is older than 72 hours. Ask your clinic for a new one.")


def accept_invitation(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, *, journal: Journal, staff: Staff, password_hash: str
) -> Staff:
    """Keep the password and use up the invitation. The hash is made beforehand, outside the transaction."""
    change_password(uow, clock, keyring, journal=journal, staff=staff, password_hash=password_hash)
    return accounts.get_staff(uow, staff.id)
