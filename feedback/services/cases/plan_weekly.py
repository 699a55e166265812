"""Saying on which day a case meets weekly, so that a card needs no tap for each session."""

from feedback.domain.care import Case, Staff
from feedback.domain.clock import Clock, local_day
from feedback.domain.errors import Refused
from feedback.domain.weekly import WeeklyDay
from feedback.persistence.cases import care
from feedback.persistence.clinic.clinics import get_clinic
from feedback.persistence.database import UnitOfWork
from feedback.security.keyring import Keyring
from feedback.services.audit.record_audit import record_audit


def plan_weekly(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, case: Case, weekday: int | None, by: Staff) -> None:
    """Set the weekly day from today on, 0 for Monday, or none. Raises `Refused` for a day the week does not have."""
    if weekday is not None and not 0 <= weekday <= 6:
        raise Refused("Choose a day of the week.")
    since = local_day(clock, get_clinic(uow).timezone)
    care.put_weekly_day(uow, case.code, None if weekday is None else WeeklyDay(weekday, since))
    record_audit(uow, clock, keyring, actor=by.id, action="case.weekly_day_set", subject=case.code)
