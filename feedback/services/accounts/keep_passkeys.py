"""Adding a passkey to an account, and taking one off."""

from feedback.domain.care import Chance, Staff
from feedback.domain.clock import Clock, local_day
from feedback.domain.errors import PasskeyRefused
from feedback.domain.revocation import Revocation, RevocationKind
from feedback.persistence.accounts import passkeys
from feedback.persistence.accounts.passkeys import Passkey
from feedback.persistence.clinic.clinics import get_clinic
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.security.keyring import Keyring
from feedback.security.passkeys import Site, check_challenge, check_made, make_challenge, offer_to_make
from feedback.services.audit.record_audit import record_audit
from feedback.services.audit.record_revocation import record_revocation

MOST_PASSKEYS = 10
NAME_LENGTH = 40


def owner_of(uow: UnitOfWork, staff: Staff) -> str:
    """Name an account to its authenticators: two drawn ids, nothing about the person."""
    return f"{uow.clinic_id}/{staff.id}"


def offer_passkey(uow: UnitOfWork, clock: Clock, keyring: Keyring, chance: Chance, *, site: Site, staff: Staff) -> str:
    """Return what a browser needs to make a passkey for an account, as JSON."""
    owner = owner_of(uow, staff)
    known = [one.credential for one in passkeys.list_passkeys(uow, staff.id)]
    challenge = make_challenge(keyring, clock, chance, f"make {owner}")
    return offer_to_make(site, challenge, owner=owner, email=staff.email, shown=staff.display_name, known=known)


def add_passkey(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, chance: Chance, *, site: Site, staff: Staff, answer: str, name: str
) -> None:
    """Keep a passkey that an authenticator has just made for this account.

    Raises `PasskeyRefused` when it was made for another account or site, too long ago, or is here already.
    """
    challenge = check_challenge(keyring, clock, f"make {owner_of(uow, staff)}", answer)
    made = check_made(site, challenge, answer)
    if passkeys.find_passkey(uow, made.credential) is not None:
        raise PasskeyRefused("This passkey is here already.")
    if len(passkeys.list_passkeys(uow, staff.id)) >= MOST_PASSKEYS:
        raise PasskeyRefused(f"An account has at most {MOST_PASSKEYS} passkeys. Remove one first.")
    today = local_day(clock, get_clinic(uow).timezone)
    called = name[:NAME_LENGTH] or "Passkey"
    row = Passkey(chance.text(16), staff.id, called, made.credential, made.public_key, made.uses, today)
    passkeys.add_passkey(uow, row)
    record_audit(uow, clock, keyring, actor=staff.id, action="staff.passkey_added", subject=staff.id)


def remove_passkey(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, *, journal: Journal, staff: Staff, passkey_id: str
) -> None:
    """Take a passkey off an account. One that is gone already, or somebody else's, changes nothing."""
    if passkeys.remove_passkey(uow, staff.id, passkey_id):
        record_revocation(
            uow,
            clock,
            keyring,
            journal,
            actor=staff.id,
            action="staff.passkey_removed",
            subject=staff.id,
            revoked=(Revocation(RevocationKind.PASSKEY, (passkey_id,)),),
        )
