"""Marking what happened after a possible rupture, and taking the mark back."""

from feedback.domain.care import Staff
from feedback.domain.clock import Clock, local_day
from feedback.domain.errors import NotFound
from feedback.domain.rupture import FlagStatus, RuptureFlag, check_review, status_to_restore
from feedback.persistence.answers.responses import version_at
from feedback.persistence.cases.care import get_case
from feedback.persistence.clinic.clinics import get_clinic
from feedback.persistence.database import UnitOfWork
from feedback.persistence.flags import flags
from feedback.security.keyring import Keyring
from feedback.services.audit.record_audit import record_audit
from feedback.services.cases.open_to import open_to
from feedback.services.flags.record_repair import record_repair


def get_own_flag(uow: UnitOfWork, clock: Clock, *, flag_id: str, by: Staff) -> RuptureFlag:
    """Give a flag of a case somebody is a therapist of, where they may read its answer. Raises `NotFound`."""
    flag = flags.get_flag(uow, flag_id)
    access = open_to(uow, clock, code=flag.case_code, by=by)
    place = (flag.case_code, flag.session_number, flag.seat)
    if not access.works or not (access.leads or version_at(uow, place) in access.versions):
        raise NotFound("There is no such flag.")
    return flag


def review_flag(
    uow: UnitOfWork,
    clock: Clock,
    keyring: Keyring,
    *,
    flag: RuptureFlag,
    outcome: FlagStatus,
    by: Staff,
    note: str = "",
) -> None:
    """Mark what happened, with an optional note. Any step may follow any other; each is logged.

    A note may be added under the mark that stands, which is logged too. Raises `ReviewRefused`, or `Refused` for a note
    that is too long.
    """
    today = local_day(clock, get_clinic(uow).timezone)
    record_repair(uow, keyring, flag_id=flag.id, status=outcome, note=note, today=today)
    if note and outcome is flag.status:
        _record(uow, clock, keyring, flag=flag, by=by, action="flag.noted")
        return
    check_review(flag.status, outcome)
    flags.set_status(uow, flag, outcome, by=by.id, on=today)
    _record(uow, clock, keyring, flag=flag, by=by, action="flag.reviewed")


def undo_review(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, flag: RuptureFlag, by: Staff) -> None:
    """Take the latest mark back; the log keeps both. A note stays. Raises `ReviewRefused` when there is none left."""
    before = status_to_restore(flags.list_reviews(uow, flag.id))
    today = local_day(clock, get_clinic(uow).timezone)
    flags.set_status(uow, flag, before, by=by.id, on=today, undoes=True)
    _record(uow, clock, keyring, flag=flag, by=by, action="flag.review_undone")


def _record(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, flag: RuptureFlag, by: Staff, action: str) -> None:
    """Write down what was done by case and session, so that the case's therapist finds what a colleague marked."""
    seat = flag.seat if get_case(uow, flag.case_code).seats > 1 else ""
    subject = f"{flag.case_code}/{flag.session_number}{seat}"
    record_audit(uow, clock, keyring, actor=by.id, action=action, subject=subject)
