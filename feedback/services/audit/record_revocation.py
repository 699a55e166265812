"""Writing down that access was taken away: in the audit log, and in the journal that outlives a restored backup."""

from feedback.domain.clock import Clock
from feedback.domain.revocation import NotedRevocation, Revocation
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.security.keyring import Keyring
from feedback.services.audit.record_audit import record_audit


def record_revocation(
    uow: UnitOfWork,
    clock: Clock,
    keyring: Keyring,
    journal: Journal,
    *,
    actor: str,
    action: str,
    subject: str,
    revoked: tuple[Revocation, ...],
) -> None:
    """Store a record in the audit log, and in the journal a line for each access that it took away.

    The lines are on the disk before the caller commits, so that no copy of the database knows more than the journal.
    """
    chain = record_audit(uow, clock, keyring, actor=actor, action=action, subject=subject)
    noted = (
        NotedRevocation(uow.clinic_id, one.kind, revocation_digest(keyring, uow.clinic_id, one), chain)
        for one in revoked
    )
    journal.note_revoked(noted, f"{clock.now():%Y-%m}")


def revocation_digest(keyring: Keyring, clinic_id: str, one: Revocation) -> bytes:
    """Return the keyed hash by which the journal names what was taken away: it tells nobody whose it was."""
    return keyring.hash("codes", "revocation", clinic_id, one.kind, *one.ids)
