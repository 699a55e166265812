"""The query behind the soft notes: per seat a few look-ups by key, however long the case."""

from sqlalchemy import and_, case, exists, func, select

from feedback.domain.soft_note import TOP
from feedback.persistence.dashboard.overview_queries import READABLE, SEAT, THESE_CASES, case_of, same
from feedback.persistence.tables import cases, responses, therapy_sessions

_OF_SEAT = and_(case_of(responses), responses.c.seat == SEAT.c.name, READABLE)

_LAST_SHARED = (
    select(responses.c.session_number)
    .where(_OF_SEAT)
    .order_by(responses.c.session_number.desc())
    .limit(1)
    .correlate(cases, SEAT)
    .scalar_subquery()
)

_TENS = case(
    (exists().where(_OF_SEAT, responses.c.score < TOP).correlate(cases, SEAT), 0),
    else_=select(func.count(responses.c.score)).where(_OF_SEAT).correlate(cases, SEAT).scalar_subquery(),
)
"""How many forms have a score, where every one of them is all tens; else 0, found at the first one that is not."""

_SEATS = (
    select(
        *(cases.c.clinic_id, cases.c.code, cases.c.seats, SEAT.c.name),
        *(_TENS.label("tens"), _LAST_SHARED.label("last")),
    )
    .select_from(cases)
    .join(SEAT, SEAT.c.place <= cases.c.seats)
    .where(THESE_CASES)
    .offset(0)
    .subquery("seats")
)
"""Look-ups within a select list, never a join, so that there is nothing to weigh. `OFFSET 0` keeps both engines from
taking them into the query around, which would look each up again wherever it is named."""

_HELD = therapy_sessions.alias("last_held")
_IS_LAST = and_(
    _HELD.c.clinic_id == _SEATS.c.clinic_id, _HELD.c.case_code == _SEATS.c.code, _HELD.c.number == _SEATS.c.last
)
_HELD_ON = select(_HELD.c.held_on).where(_IS_LAST).correlate(_SEATS).scalar_subquery().label("held_on")
_SINCE = (
    select(func.count())
    .select_from(_HELD)
    .join(
        therapy_sessions,
        and_(
            same(therapy_sessions, _HELD, ("clinic_id", "case_code")),
            therapy_sessions.c.number > _HELD.c.number,
            therapy_sessions.c.held_on > _HELD.c.held_on,
        ),
    )
    .where(_IS_LAST)
    .correlate(_SEATS)
    .scalar_subquery()
)

QUIET = (
    select(_SEATS.c.code, _SEATS.c.name, _SEATS.c.seats, _SEATS.c.tens, _HELD_ON, _SINCE)
    .where(_SEATS.c.last.isnot(None))
    .order_by(_HELD_ON.desc(), _SEATS.c.code, _SEATS.c.name)
)
"""Seats that have shared something, as in `SharedSoFar`: `soft_notes` of the domain decides what is worth a note."""
