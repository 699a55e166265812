"""Handing out today's code at the front desk, to whoever came with a case code and nothing else."""

from dataclasses import dataclass

from feedback.domain.care import Case, Chance, Staff, TherapySession, read_case_code
from feedback.domain.clock import Clock, local_day
from feedback.domain.errors import NotFound, Refused
from feedback.persistence import care
from feedback.persistence.clinics import get_clinic
from feedback.persistence.database import UnitOfWork
from feedback.security.keyring import Keyring
from feedback.services.add_therapy_session import add_therapy_session
from feedback.services.issue_access_code import ShownCode, find_living_code, issue_access_code, show_access_code
from feedback.services.record_audit import record_audit


@dataclass(frozen=True, slots=True)
class HandedOut:
    """Today's code of one seat. Of the case, the desk needs to know only how many people answer."""

    case: Case
    shown: ShownCode


def hand_out_code(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, chance: Chance, *, typed: str, seat: str, by: Staff
) -> HandedOut:
    """Give today's code of an open case; without a therapy session today, one is added. Each time is in the log.

    Whether a case was closed or never was, the answer is the same. Raises `Refused` for a case code that does not
    fit its check character or opens nothing, and `HelpNumbersMissing` while the clinic may not issue codes.
    """
    case = _open_case(uow, typed)
    if seat not in tuple(case.places):
        raise Refused("This case has no such person. Type its code again.")
    meeting = _meeting_today(uow, clock, keyring, case, by)
    living = find_living_code(uow, clock, case=case, meeting=meeting, seat=seat)
    if living is None:
        shown = issue_access_code(uow, clock, keyring, chance, case=case, by=by.id, meeting=meeting, seat=seat)
    else:
        shown = show_access_code(uow, keyring, living)
    record_audit(uow, clock, keyring, actor=by.id, action="access_code.handed_out", subject=case.code)
    return HandedOut(case, shown)


def _open_case(uow: UnitOfWork, typed: str) -> Case:
    code = read_case_code(typed)
    if code is None:
        raise Refused("This is not a whole case code. It has six characters, such as K7Q2X-M. Check for a mix-up.")
    care.lock_case(uow, code)
    try:
        case = care.get_case(uow, code)
    except NotFound:
        case = None
    if case is None or not case.is_open:
        raise Refused("There is no open case with this code. Ask the therapist for the right one.")
    return case


def _meeting_today(uow: UnitOfWork, clock: Clock, keyring: Keyring, case: Case, by: Staff) -> TherapySession:
    """Give the newest therapy session of the clinic's own day."""
    today = local_day(clock, get_clinic(uow).timezone)
    held = [meeting for meeting in care.list_therapy_sessions(uow, case.code) if meeting.held_on == today]
    return held[-1] if held else add_therapy_session(uow, clock, keyring, case=case, by=by)
