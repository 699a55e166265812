"""That a client replaced a shared answer which may have been read before: nothing of the answer, and no day."""

from sqlalchemy import delete, insert, select

from feedback.persistence.answers.responses import Place, at, key
from feedback.persistence.counters import inserting
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import changed_answers, unmarked_changes


def note_changed(uow: UnitOfWork, place: Place) -> None:
    """Store that the answer of a place was changed by its client, and that no mark covers it. Twice changes nothing."""
    for table in (changed_answers, unmarked_changes):
        row = inserting(uow.database, table).values(key(uow, place))
        uow.connection.execute(row.on_conflict_do_nothing())


def list_changed(uow: UnitOfWork, case_code: str) -> frozenset[tuple[int, str]]:
    """Return where a case's answers were changed, by number of the therapy session and seat."""
    mine = select(changed_answers).filter_by(clinic_id=uow.clinic_id, case_code=case_code)
    return frozenset((row.session_number, row.seat) for row in uow.connection.execute(mine))


def list_unmarked(uow: UnitOfWork, case_code: str) -> frozenset[tuple[int, str]]:
    """Return where a case's answers were changed and not marked since, by number of the therapy session and seat."""
    mine = select(unmarked_changes).filter_by(clinic_id=uow.clinic_id, case_code=case_code)
    return frozenset((row.session_number, row.seat) for row in uow.connection.execute(mine))


def note_marked(uow: UnitOfWork, place: Place) -> None:
    """Store that a mark covers the answer of a place as it stands now."""
    uow.connection.execute(delete(unmarked_changes).where(at(unmarked_changes, uow, place)))


def note_unmarked(uow: UnitOfWork, place: Place) -> None:
    """Store that no mark covers the answer of a place any more, where it was changed."""
    note_marked(uow, place)
    there = select(changed_answers).where(at(changed_answers, uow, place))
    uow.connection.execute(insert(unmarked_changes).from_select(unmarked_changes.c.keys(), there))
