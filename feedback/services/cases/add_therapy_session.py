"""Adding a meeting to a case."""

from datetime import date

from feedback.domain.care import Case, Staff, TherapySession
from feedback.domain.clock import Clock, local_day
from feedback.domain.errors import CaseClosed, Refused
from feedback.persistence.cases import care
from feedback.persistence.clinic.clinics import get_clinic
from feedback.persistence.database import UnitOfWork
from feedback.security.keyring import Keyring
from feedback.services.audit.record_audit import record_audit


def add_therapy_session(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, *, case: Case, by: Staff, held_on: date | None = None
) -> TherapySession:
    """Add a meeting on a local day, today unless another is given.

    Raises `CaseClosed`, or `Refused` for a day in the future or before the case was opened.
    """
    if not case.is_open:
        raise CaseClosed("This case is closed. Open it again to add a session.")
    today = local_day(clock, get_clinic(uow).timezone)
    day = held_on or today
    if day > today:
        raise Refused("A session can be added on its day or later, not before.")
    if day < case.opened_on:
        raise Refused(f"This case was opened on {case.opened_on:%d %B %Y}. Choose that day or a later one.")
    meeting = care.add_therapy_session(uow, case.code, day)
    record_audit(uow, clock, keyring, actor=by.id, action="therapy_session.added", subject=case.code)
    return meeting
