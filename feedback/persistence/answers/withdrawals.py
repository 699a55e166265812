"""That an answer was once shared here and is gone: nothing of the answer, and no day on which it went."""

from sqlalchemy import delete, insert, select

from feedback.domain.response import WithdrawnBy
from feedback.persistence.answers.responses import Place, key, named_place
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import withdrawals

_DROP = delete(withdrawals).where(*named_place(withdrawals))


def put_withdrawal(uow: UnitOfWork, place: Place, by: WithdrawnBy) -> None:
    """Keep that the answer of a place is gone, and through whom."""
    drop_withdrawal(uow, place)
    uow.connection.execute(insert(withdrawals), key(uow, place) | {"withdrawn_by": by})


def drop_withdrawal(uow: UnitOfWork, place: Place) -> None:
    """Forget it, once the place has an answer again."""
    uow.connection.execute(_DROP, key(uow, place))


def list_withdrawals(uow: UnitOfWork, case_code: str) -> dict[tuple[int, str], WithdrawnBy]:
    """Return the places of a case whose answer is gone, by number of the therapy session and seat."""
    mine = select(withdrawals).filter_by(clinic_id=uow.clinic_id, case_code=case_code)
    return {(row.session_number, row.seat): WithdrawnBy(row.withdrawn_by) for row in uow.connection.execute(mine)}
