"""Marking what happened after a possible rupture, and taking the mark back."""

from feedback.domain.care import Staff
from feedback.domain.clock import Clock, local_day
from feedback.domain.errors import NotFound
from feedback.domain.rupture import FlagStatus, RuptureFlag, check_review, status_to_restore
from feedback.persistence.answers import changes
from feedback.persistence.answers.responses import Place, version_at
from feedback.persistence.cases.care import get_case
from feedback.persistence.clinic.clinics import get_clinic
from feedback.persistence.dashboard import read_receipts
from feedback.persistence.database import UnitOfWork
from feedback.persistence.flags import flags
from feedback.security.keyring import Keyring
from feedback.services.audit.record_audit import record_audit
from feedback.services.cases.case_authorisation import open_to
from feedback.services.flags.record_repair import record_repair


def get_own_flag(uow: UnitOfWork, clock: Clock, *, flag_id: str, by: Staff) -> RuptureFlag:
    """Return a flag of a case somebody is a therapist of, where they may read its answer. Raises `NotFound`."""
    flag = flags.get_flag(uow, flag_id)
    access = open_to(uow, clock, code=flag.case_code, by=by)
    if not access.works or not (access.leads or version_at(uow, _place(flag)) in access.versions):
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

    A note may be added under the mark that stands, which is logged too. Where the client changed the answer after that
    mark, the same one is a new mark; it covers what was changed once whoever marks has opened it.
    Raises `ReviewRefused`, or `Refused` for a note that is too long.
    """
    today = local_day(clock, get_clinic(uow).timezone)
    is_unmarked = flag.status is not FlagStatus.NEW and _place(flag)[1:] in changes.list_unmarked(uow, flag.case_code)
    record_repair(uow, keyring, flag_id=flag.id, status=outcome, note=note, today=today)
    if read_receipts.has_opened(uow, by.id, _place(flag)):
        changes.note_marked(uow, _place(flag))
    if note and outcome is flag.status and not is_unmarked:
        _record(uow, clock, keyring, flag=flag, by=by, action="flag.noted")
        return
    if outcome is not flag.status or not is_unmarked:
        check_review(flag.status, outcome)
    flags.set_status(uow, flag, outcome, by=by.id, on=today)
    _record(uow, clock, keyring, flag=flag, by=by, action="flag.reviewed")


def undo_review(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, flag: RuptureFlag, by: Staff) -> None:
    """Take the latest mark back; the log keeps both. A note stays. Raises `ReviewRefused` when there is none left."""
    before = status_to_restore(flags.list_reviews(uow, flag.id))
    today = local_day(clock, get_clinic(uow).timezone)
    flags.set_status(uow, flag, before, by=by.id, on=today, undoes=True)
    changes.note_unmarked(uow, _place(flag))
    _record(uow, clock, keyring, flag=flag, by=by, action="flag.review_undone")


def _place(flag: RuptureFlag) -> Place:
    return (flag.case_code, flag.session_number, flag.seat)


def _record(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, flag: RuptureFlag, by: Staff, action: str) -> None:
    """Write down what was done by case and session, so that the case's therapist finds what a colleague marked."""
    seat = flag.seat if get_case(uow, flag.case_code).seats > 1 else ""
    subject = f"{flag.case_code}/{flag.session_number}{seat}"
    record_audit(uow, clock, keyring, actor=by.id, action=action, subject=subject)
