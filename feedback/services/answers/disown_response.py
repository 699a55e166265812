"""A therapist says that a shared answer is not from their client: somebody else had the code."""

from feedback.domain.care import Case, Chance, Staff
from feedback.domain.clock import Clock
from feedback.domain.response import WithdrawnBy
from feedback.persistence.answers.taken_back import note_taken_back
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.security.keyring import Keyring
from feedback.services.answers.erase_response import erase_response
from feedback.services.answers.withdraw_response import note_not_counted
from feedback.services.audit.record_audit import record_audit


def disown_response(
    uow: UnitOfWork,
    clock: Clock,
    keyring: Keyring,
    chance: Chance,
    *,
    journal: Journal,
    case: Case,
    number: int,
    seat: str,
    by: Staff,
) -> None:
    """Erase the answer of a therapy session and seat for good, and write it into the log.

    The log, because this could also be used against an answer one does not like; the journal, so that no copy of the
    database brings it back, and so that nothing counts that the same form sent without the therapist seeing it. Whether
    it sent such a thing makes no difference to anything here. Raises `NotFound`.
    """
    gone = erase_response(uow, chance, place=(case.code, number, seat), by=WithdrawnBy.THERAPIST)
    month = f"{clock.now():%Y-%m}"
    note_taken_back(uow, gone, month)
    journal.note_withdrawn(uow.clinic_id, gone, month)
    note_not_counted(uow, journal, gone, month)
    subject = f"{case.code}/{number}{seat if case.seats > 1 else ''}"
    record_audit(uow, clock, keyring, actor=by.id, action="response.not_from_client", subject=subject)
