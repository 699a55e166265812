"""Choosing how often mail may come, and ending it by the link in the mail itself."""

from feedback.domain.care import Staff
from feedback.domain.clock import Clock
from feedback.domain.errors import NotFound
from feedback.domain.notice import Pace
from feedback.persistence.accounts.accounts import get_staff
from feedback.persistence.dashboard import notices
from feedback.persistence.database import UnitOfWork
from feedback.security.keyring import Keyring
from feedback.services.audit.record_audit import record_audit
from feedback.services.dashboard.send_notices import read_stop_token


def choose_notices(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, pace: Pace | None, by: Staff) -> None:
    """Keep how often at most somebody wants mail; None for not at all."""
    notices.put_pace(uow, by.id, pace)
    record_audit(uow, clock, keyring, actor=by.id, action="notices.chosen", subject=by.id)


def stop_notices(outside: UnitOfWork, clock: Clock, keyring: Keyring, *, token: str) -> None:
    """End somebody's notices by the link in their mail, which is all it can do. Raises `NotFound` for another link."""
    whose = read_stop_token(keyring, token)
    if whose is None:
        raise NotFound("This link does not belong to a notice from here.")
    clinic_id, staff_id = whose
    uow = outside.within(clinic_id)
    choose_notices(uow, clock, keyring, pace=None, by=get_staff(uow, staff_id))
