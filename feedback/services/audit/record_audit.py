"""Writing down what staff did."""

from feedback.domain.clock import Clock
from feedback.persistence.audit import append_record
from feedback.persistence.database import UnitOfWork
from feedback.security.audit_chain import audit_chain
from feedback.security.keyring import Keyring


def record_audit(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, actor: str, action: str, subject: str) -> bytes:
    """Add a record such as (`staff id`, `case.opened`, `K7Q2X-M`) to the clinic's log; return its link in the chain."""
    return append_record(uow, at=clock.now(), actor=actor, action=action, subject=subject, chain=audit_chain(keyring))
