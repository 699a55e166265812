"""Inviting somebody to an account: the link sets the first password, and no admin ever chooses one."""

from dataclasses import dataclass, field
from datetime import timedelta

from feedback.domain.care import Chance, Role, Staff
from feedback.domain.clock import Clock
from feedback.domain.errors import Refused
from feedback.domain.revocation import Revocation, RevocationKind
from feedback.persistence.accounts import accounts
from feedback.persistence.accounts.identities import signs_in_elsewhere
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.persistence.tenant_lookup import add_lookup, clinics_behind, remove_lookup
from feedback.security.keyring import Keyring
from feedback.services.accounts.sign_in import email_hash, fold_email
from feedback.services.audit.record_audit import record_audit
from feedback.services.audit.record_revocation import record_revocation

LASTS = timedelta(hours=72)
NAME_LENGTH = 60
_TOKEN_LENGTH = 52


@dataclass(frozen=True, slots=True)
class Invitation:
    """An account and the secret part of the link that opens it. The link can be shown once only."""

    staff: Staff
    token: str = field(repr=False)


def invitation_hash(keyring: Keyring, token: str) -> bytes:
    """Return the hash an invitation is found by."""
    return keyring.hash("codes", "invitation", token)


def invite_staff(
    uow: UnitOfWork,
    clock: Clock,
    keyring: Keyring,
    chance: Chance,
    *,
    email: str,
    display_name: str,
    role: Role,
    by: str,
    team_id: str | None = None,
) -> Invitation:
    """Make an account that waits for its invitation, which lasts 72 hours.

    Raises `Refused` when e-mail or name will not do, or when this person has this role already.
    """
    address = fold_email(email)
    if "@" not in address.strip("@") or len(address) > 254 or any(sign.isspace() for sign in address):
        raise Refused("This does not look like an e-mail address. It needs an @ with something on both sides.")
    if not display_name or len(display_name) > NAME_LENGTH:
        raise Refused(f"Please give the name clients will see, up to {NAME_LENGTH} characters.")
    if any(person.role is role for person in accounts.list_staff(uow, address)):
        raise Refused("There is already an account with this e-mail address and role.")
    person = Staff(id=chance.text(16), email=address, display_name=display_name, role=role, team_id=team_id)
    accounts.add_staff(uow, person)
    hashed = email_hash(keyring, address)
    if uow.clinic_id not in clinics_behind(uow, "email", hashed):
        add_lookup(uow, "email", hashed)
    record_audit(uow, clock, keyring, actor=by, action="staff.invited", subject=person.id)
    return renew_invitation(uow, clock, keyring, chance, staff=person)


def renew_invitation(uow: UnitOfWork, clock: Clock, keyring: Keyring, chance: Chance, *, staff: Staff) -> Invitation:
    """Return a fresh link; every earlier one of this account leads nowhere from now on."""
    drop_invitations(uow, staff)
    token = chance.text(_TOKEN_LENGTH)
    hashed = invitation_hash(keyring, token)
    accounts.add_invitation(uow, hashed, staff.id, clock.now() + LASTS)
    add_lookup(uow, "invitation", hashed)
    return Invitation(staff, token)


def reinvite_staff(
    uow: UnitOfWork,
    clock: Clock,
    keyring: Keyring,
    chance: Chance,
    *,
    journal: Journal,
    staff: Staff,
    by: str,
    replaces_password: bool = False,
) -> Invitation:
    """Return a fresh link to an account that still waits for its first password.

    A link for an account in use would let whoever holds it open that person's cases, so only the operator may ask for
    one (`replaces_password`). Raises `Refused` for such an account otherwise, and for a disabled one.
    """
    if staff.disabled_on is not None:
        raise Refused("This account is disabled. Enable it first.")
    if signs_in_elsewhere(uow, staff.id):
        raise Refused(
            "This person signs in through the organisation. To end that, or to allow a password beside it, run on the "
            "server: feedback staff unlink, or feedback staff break-glass."
        )
    if staff.password_hash is not None and not replaces_password:
        raise Refused(
            "This person has a password already. A new one is begun on the server, with: feedback staff reinvite."
        )
    revoked = (Revocation(RevocationKind.INVITATION, (staff.id,)),)
    record_revocation(
        uow, clock, keyring, journal, actor=by, action="staff.reinvited", subject=staff.id, revoked=revoked
    )
    return renew_invitation(uow, clock, keyring, chance, staff=staff)


def drop_invitations(uow: UnitOfWork, staff: Staff) -> bool:
    """Let every link of an account lead nowhere; return whether there was one."""
    hashes = accounts.drop_invitations(uow, staff.id)
    for hashed in hashes:
        remove_lookup(uow, "invitation", hashed)
    return bool(hashes)
