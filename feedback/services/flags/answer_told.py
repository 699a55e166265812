"""Marking that one has talked about what a client told outright where no flag was raised, and taking the mark back."""

from feedback.domain.care import Staff
from feedback.domain.clock import Clock, local_day
from feedback.domain.errors import NotFound, Refused
from feedback.persistence.answers import changes
from feedback.persistence.answers.responses import Place, version_at
from feedback.persistence.cases.care import get_case, lock_case
from feedback.persistence.clinic.clinics import get_clinic
from feedback.persistence.dashboard import told
from feedback.persistence.database import UnitOfWork
from feedback.persistence.flags import flags
from feedback.security.keyring import Keyring
from feedback.services.audit.record_audit import record_audit
from feedback.services.cases.case_authorisation import open_to


def answer_told(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, place: Place, by: Staff) -> None:
    """Mark that one has talked about it; doing so twice changes nothing.

    Where a flag was raised that one is marked instead. Raises `NotFound`, `Refused`.
    """
    _check_readable(uow, clock, place=place, by=by)
    lock_case(uow, place[0])
    if flags.flag_at(uow, place) is not None:
        raise Refused("A possible rupture stands here. Please mark that.")
    if place[1:] not in told.list_marks(uow, place[0]):
        changes.note_marked(uow, place)
        told.put_mark(uow, place, by=by.id, on=local_day(clock, get_clinic(uow).timezone))
        _record(uow, clock, keyring, place=place, by=by, action="answer.talked_about")


def is_talked_about(uow: UnitOfWork, clock: Clock, *, place: Place, by: Staff) -> bool:
    """Return whether an answer they may read is marked as talked about: then the mark can be taken back."""
    try:
        _check_readable(uow, clock, place=place, by=by)
    except NotFound:
        return False
    return place[1:] in told.list_marks(uow, place[0])


def take_back_told(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, place: Place, by: Staff) -> None:
    """Take the mark back: the answer is on the first page again. Doing so twice changes nothing. Raises `NotFound`."""
    _check_readable(uow, clock, place=place, by=by)
    if told.drop_mark(uow, place):
        _record(uow, clock, keyring, place=place, by=by, action="answer.talk_undone")


def _check_readable(uow: UnitOfWork, clock: Clock, *, place: Place, by: Staff) -> None:
    """Pass where a therapist of the case may read an answer. Raises `NotFound` for none and for one they may not."""
    access = open_to(uow, clock, code=place[0], by=by)
    if not access.works or version_at(uow, place) not in access.versions:
        raise NotFound("There is no such answer.")


def _record(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, place: Place, by: Staff, action: str) -> None:
    code, number, seat = place
    subject = f"{code}/{number}{seat if get_case(uow, code).seats > 1 else ''}"
    record_audit(uow, clock, keyring, actor=by.id, action=action, subject=subject)
