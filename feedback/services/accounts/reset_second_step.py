"""Taking the second step off an account whose owner has neither phone nor recovery codes any more."""

from feedback.domain.care import Staff
from feedback.domain.clock import Clock
from feedback.domain.revocation import Revocation, RevocationKind
from feedback.persistence.accounts.passkeys import drop_passkeys, list_passkeys
from feedback.persistence.accounts.second_step import drop_second_step
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.security.keyring import Keyring
from feedback.services.accounts.keep_signed_in import end_sessions_of
from feedback.services.audit.record_revocation import record_revocation


def reset_second_step(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, *, journal: Journal, staff: Staff, by: str
) -> None:
    """Let an account set up its second step anew at the next sign-in. Its passkeys go, and every sign-in ends.

    The password stays and is asked for: a reset of both at once would open an account to whoever holds the link.
    """
    passkeys = list_passkeys(uow, staff.id)
    drop_second_step(uow, staff.id)
    drop_passkeys(uow, staff.id)
    end_sessions_of(uow, staff)
    revoked = (
        Revocation(RevocationKind.SECOND_STEP, (staff.id,)),
        *(Revocation(RevocationKind.PASSKEY, (one.id,)) for one in passkeys),
    )
    record_revocation(
        uow, clock, keyring, journal, actor=by, action="staff.second_step_reset", subject=staff.id, revoked=revoked
    )
