"""The query behind the soft notes: per seat a few look-ups by key, however long the case."""

from sqlalchemy import and_, case, exists, func, or_, select

from feedback.domain.soft_note import SILENT_FROM, TENS_FROM, TOP
from feedback.persistence.desk.overview_queries import OPEN_CASES, READABLE, SEAT, by_case, case_of, same
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

_LAST = therapy_sessions.alias("last_shared")

_SINCE = (
    select(func.count())
    .select_from(therapy_sessions)
    .where(
        same(therapy_sessions, _LAST, ("clinic_id", "case_code")),
        therapy_sessions.c.number > _LAST.c.number,
        by_case(therapy_sessions.c.held_on) > _LAST.c.held_on,
    )
    .correlate(_LAST)
    .scalar_subquery()
)

_TENS = case(
    (exists().where(_OF_SEAT, responses.c.score < TOP).correlate(cases, SEAT), 0),
    else_=select(func.count(responses.c.score)).where(_OF_SEAT).correlate(cases, SEAT).scalar_subquery(),
)
"""How many forms have a score, where every one of them is all tens; else 0, found at the first one that is not."""

QUIET = (
    select(cases.c.code, SEAT.c.name, cases.c.seats, _TENS, _LAST.c.held_on, _SINCE)
    .select_from(cases)
    .join(SEAT, SEAT.c.place <= cases.c.seats)
    .join(
        _LAST,
        and_(_LAST.c.clinic_id == cases.c.clinic_id, _LAST.c.case_code == cases.c.code, _LAST.c.number == _LAST_SHARED),
    )
    .where(OPEN_CASES, or_(_SINCE >= SILENT_FROM, _TENS >= TENS_FROM))
    .order_by(_LAST.c.held_on.desc(), cases.c.code, SEAT.c.name)
)
"""Seats about which there may be a soft note; `soft_notes` of the domain decides which. Each costs a few look-ups."""
