"""Handing out today's code at the front desk, to whoever came with a case code and nothing else."""

from dataclasses import dataclass

from feedback.domain.care import Case, Chance, Staff, TherapySession
from feedback.domain.clock import Clock, local_day
from feedback.domain.errors import Refused
from feedback.persistence.cases import care
from feedback.persistence.clinic.clinics import get_clinic
from feedback.persistence.database import UnitOfWork
from feedback.security.keyring import Keyring
from feedback.services.audit.record_audit import record_audit
from feedback.services.cases.add_therapy_session import add_therapy_session
from feedback.services.codes.issue_access_code import (
    ShownCode,
    check_can_be_read,
    find_living_code,
    issue_access_code,
    show_access_code,
)
from feedback.services.codes.resolve_case_code import find_typed_case


@dataclass(frozen=True, slots=True)
class HandedOut:
    """Today's code of one seat. Of the case, the desk needs to know only how many people answer."""

    case: Case
    shown: ShownCode


def hand_out_code(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, chance: Chance, *, typed: str, seat: str, by: Staff
) -> HandedOut:
    """Return today's code of an open case; without a therapy session today, one is added. Each time is in the log.

    Raises what `find_typed_case` raises, `Refused` for a seat that the case does not have, and `HelpNumbersMissing`
    while the clinic may not issue codes.
    """
    case = find_typed_case(uow, clock, keyring, typed=typed, by=by)
    if seat not in tuple(case.places):
        raise Refused("This case has no such person. Type its code again.")
    return hand_out(uow, clock, keyring, chance, case=case, seat=seat, by=by)


def hand_out(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, chance: Chance, *, case: Case, seat: str, by: Staff
) -> HandedOut:
    """Return today's code of one seat of a locked case. Raises `CaseClosed`, `Refused`, `HelpNumbersMissing`."""
    check_can_be_read(uow, case)
    meeting = _meeting_today(uow, clock, keyring, case, by)
    living = find_living_code(uow, clock, case=case, meeting=meeting, seat=seat)
    if living is None:
        shown = issue_access_code(uow, clock, keyring, chance, case=case, by=by.id, meeting=meeting, seat=seat)
    else:
        shown = show_access_code(uow, keyring, living)
    record_audit(uow, clock, keyring, actor=by.id, action="access_code.handed_out", subject=case.code)
    return HandedOut(case, shown)


def _meeting_today(uow: UnitOfWork, clock: Clock, keyring: Keyring, case: Case, by: Staff) -> TherapySession:
    """Return the newest therapy session of the clinic's own day."""
    today = local_day(clock, get_clinic(uow).timezone)
    held = [meeting for meeting in care.list_therapy_sessions(uow, case.code) if meeting.held_on == today]
    return held[-1] if held else add_therapy_session(uow, clock, keyring, case=case, by=by)
