"""That a client replaced a shared answer which may have been read before: nothing of the answer, and no day."""

from sqlalchemy import select

from feedback.persistence.answers.responses import Place, key
from feedback.persistence.counters import inserting
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import changed_answers


def note_changed(uow: UnitOfWork, place: Place) -> None:
    """Store that the answer of a place was changed by its client. Twice changes nothing."""
    row = inserting(uow.database, changed_answers).values(key(uow, place))
    uow.connection.execute(row.on_conflict_do_nothing())


def list_changed(uow: UnitOfWork, case_code: str) -> frozenset[tuple[int, str]]:
    """Return where a case's answers were changed, by number of the therapy session and seat."""
    mine = select(changed_answers).filter_by(clinic_id=uow.clinic_id, case_code=case_code)
    return frozenset((row.session_number, row.seat) for row in uow.connection.execute(mine))
