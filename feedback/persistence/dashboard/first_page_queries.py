"""The queries of the dashboard over the cases that met last; those over its flags stand in `flag_queries`."""

from typing import Any

from sqlalchemy import and_, bindparam, case, exists, func, select, union

from feedback.persistence.dashboard.overview_queries import (
    CLINIC,
    IS_OWN,
    MY_OPEN_CASES,
    READABLE,
    SEAT,
    THERAPIST,
    THESE_CASES,
    case_of,
    meeting_of,
    meetings,
    same,
)
from feedback.persistence.tables import (
    answers,
    cases,
    read_receipts,
    responses,
    rupture_flags,
    therapy_sessions,
    withdrawals,
)


def by_case(day: Any) -> Any:
    """Hide a day from the index over all days of the clinic: one's own cases are fewer, however large the clinic."""
    return func.coalesce(day, None)


LATEST_CASES = (
    select(MY_OPEN_CASES.c.code, MY_OPEN_CASES.c.last_held_on)
    .order_by(MY_OPEN_CASES.c.last_held_on.desc().nulls_last(), MY_OPEN_CASES.c.code)
    .limit(bindparam("limit"))
)
"""The open cases that met last: what the desk says of the last weeks, it reads of these alone."""

_NEWEST_FIRST = (therapy_sessions.c.held_on.desc(), therapy_sessions.c.case_code, therapy_sessions.c.number.desc())

_RECENT = (
    select(therapy_sessions.c.clinic_id, therapy_sessions.c.case_code, therapy_sessions.c.number)
    .where(
        therapy_sessions.c.clinic_id == CLINIC,
        therapy_sessions.c.case_code.in_(bindparam("codes", expanding=True)),
        therapy_sessions.c.held_on >= bindparam("not_before"),
    )
    .order_by(by_case(therapy_sessions.c.held_on).desc(), *_NEWEST_FIRST[1:])
    .limit(bindparam("limit"))
    .subquery("recent")
)

OPENED = exists().where(
    same(read_receipts, responses, ("clinic_id", "case_code", "session_number", "seat")),
    read_receipts.c.staff_id == THERAPIST,
    read_receipts.c.opened,
)
"""Of a query over `responses`: whether the one who asks has opened the answer."""

_NOT_OPENED = and_(responses.c.seat.isnot(None), therapy_sessions.c.held_on >= bindparam("new_since"), ~OPENED)

_WITHDRAWN_BY = (
    select(withdrawals.c.withdrawn_by)
    .where(meeting_of(withdrawals), withdrawals.c.seat == SEAT.c.name, IS_OWN)
    .correlate(therapy_sessions, cases, SEAT)
    .scalar_subquery()
)
"""How the answer of a seat went; of a colleague's case nobody is told that there was one."""

RECENT = (
    meetings(
        READABLE,
        SEAT.c.name,
        _RECENT.join(therapy_sessions, same(therapy_sessions, _RECENT, ("clinic_id", "case_code", "number")))
        .join(cases, case_of(therapy_sessions))
        .join(SEAT, SEAT.c.place <= cases.c.seats),
    )
    .add_columns(_NOT_OPENED, _WITHDRAWN_BY)
    .order_by(*_NEWEST_FIRST, SEAT.c.name)
)

_IS_SHARED = and_(
    therapy_sessions.c.held_on >= bindparam("shared_since"),
    exists().where(meeting_of(responses), READABLE).correlate(therapy_sessions, cases),
)

_UNOPENED = (
    select(func.count())
    .select_from(responses)
    .where(meeting_of(responses), READABLE, ~OPENED)
    .correlate(therapy_sessions, cases)
    .scalar_subquery()
)

NEWS = (
    select(
        func.coalesce(func.sum(case((_IS_SHARED, 1), else_=0)), 0),
        func.coalesce(func.sum(_UNOPENED), 0),
        func.count(),
    )
    .select_from(cases)
    .join(therapy_sessions, and_(case_of(therapy_sessions), therapy_sessions.c.held_on >= bindparam("new_since")))
    .where(THESE_CASES)
)
"""Through the sessions of the last weeks and no others, which a join of three tables would leave to the planner."""

_PLACES = union(
    select(_RECENT.c.clinic_id, _RECENT.c.case_code, _RECENT.c.number),
    select(rupture_flags.c.clinic_id, rupture_flags.c.case_code, rupture_flags.c.session_number).where(
        rupture_flags.c.clinic_id == CLINIC, rupture_flags.c.id.in_(bindparam("flags", expanding=True))
    ),
).subquery("places")

CHOICES = select(
    *(answers.c.case_code, answers.c.session_number, answers.c.seat, answers.c.item_id, answers.c.choice)
).join(
    _PLACES,
    and_(
        same(answers, _PLACES, ("clinic_id", "case_code")),
        answers.c.session_number == _PLACES.c.number,
        answers.c.choice != "",
    ),
)
"""By place, so that no other answer is looked at: of the recent sessions, and where these flags are."""
