"""Setting a password: the first one and every later one, always by its own owner."""

from feedback.domain.care import Staff
from feedback.domain.clock import Clock
from feedback.domain.revocation import Revocation, RevocationKind
from feedback.persistence.accounts.accounts import set_password
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.security.keyring import Keyring
from feedback.services.accounts.invite_staff import drop_invitations
from feedback.services.accounts.keep_signed_in import end_sessions_of
from feedback.services.audit.record_revocation import record_revocation


def change_password(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, *, journal: Journal, staff: Staff, password_hash: str
) -> None:
    """Keep the new hash; the account is signed out everywhere, and a link that waits for it leads nowhere."""
    set_password(uow, staff.id, password_hash)
    drop_invitations(uow, staff)
    end_sessions_of(uow, staff)
    record_revocation(
        uow,
        clock,
        keyring,
        journal,
        actor=staff.id,
        action="staff.password_set",
        subject=staff.id,
        revoked=(Revocation(RevocationKind.PASSWORD, (staff.id,)),),
    )
