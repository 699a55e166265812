"""A quarter's therapy sessions, and where the therapist has an answer: what sealed submissions are held against."""

from collections import defaultdict
from datetime import date

from sqlalchemy import and_, select

from feedback.domain.figures.period import Period
from feedback.domain.figures.submissions import Meetings
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import responses, therapy_sessions


def meetings_of(uow: UnitOfWork, period: Period) -> Meetings:
    """Return the clinic's therapy sessions of a period by case and local date, and the shared answers among them."""
    of_meeting = and_(
        responses.c.clinic_id == therapy_sessions.c.clinic_id,
        responses.c.case_code == therapy_sessions.c.case_code,
        responses.c.session_number == therapy_sessions.c.number,
    )
    rows = uow.connection.execute(
        select(
            *(therapy_sessions.c.case_code, therapy_sessions.c.number, therapy_sessions.c.held_on),
            *(responses.c.seat, responses.c.receipt_hash),
        )
        .outerjoin(responses, of_meeting)
        .where(
            therapy_sessions.c.clinic_id == uow.clinic_id,
            therapy_sessions.c.held_on >= period.first_day,
            therapy_sessions.c.held_on <= period.last_day,
        )
    )
    numbers: dict[tuple[str, date], tuple[int, ...]] = defaultdict(tuple)
    shared: dict[tuple[str, int, str], str] = {}
    for row in rows:
        numbers[row.case_code, row.held_on] += (row.number,)
        if row.seat is not None:
            shared[row.case_code, row.number, row.seat] = row.receipt_hash.hex()
    return Meetings(numbers, shared)
