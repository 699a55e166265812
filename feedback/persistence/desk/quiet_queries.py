"""The query behind the soft notes: per seat a few look-ups by key, however long the case."""

from sqlalchemy import and_, case, exists, func, or_, select

from feedback.domain.soft_note import SILENT_FROM, TENS_FROM, TOP
from feedback.persistence.desk.overview_queries import READABLE, SEAT, THESE_CASES, THESE_CODES, case_of, same
from feedback.persistence.tables import cases, responses, therapy_sessions

_OF_SEAT = and_(case_of(responses), responses.c.seat == SEAT.c.name, READABLE)
_LAST = responses.alias("last_shared")
_HELD = therapy_sessions.alias("last_held")

_LAST_SHARED = (
    select(responses.c.session_number)
    .where(_OF_SEAT)
    .order_by(responses.c.session_number.desc())
    .limit(1)
    .correlate(cases, SEAT)
    .scalar_subquery()
)

_NEWEST = (
    select(func.max(therapy_sessions.c.number)).where(case_of(therapy_sessions)).correlate(cases).scalar_subquery()
)

_SINCE = (
    select(func.count())
    .select_from(therapy_sessions)
    .where(
        same(therapy_sessions, _HELD, ("clinic_id", "case_code")),
        therapy_sessions.c.number > _HELD.c.number,
        therapy_sessions.c.held_on > _HELD.c.held_on,
    )
    .correlate(_HELD)
    .scalar_subquery()
)

_TENS = case(
    (exists().where(_OF_SEAT, responses.c.score < TOP).correlate(cases, SEAT), 0),
    else_=select(func.count(responses.c.score)).where(_OF_SEAT).correlate(cases, SEAT).scalar_subquery(),
)
"""How many forms have a score, where every one of them is all tens; else 0, found at the first one that is not."""

_ALL_TENS = case((_LAST.c.score < TOP, 0), else_=_TENS)
_SILENT = case((_NEWEST - _LAST.c.session_number < SILENT_FROM, 0), else_=_SINCE)
"""The newest of a seat's answers settles most seats by itself: it is not all tens, and few sessions came after it."""

QUIET = (
    select(cases.c.code, SEAT.c.name, cases.c.seats, _ALL_TENS, _HELD.c.held_on, _SINCE)
    .select_from(cases)
    .join(SEAT, SEAT.c.place <= cases.c.seats)
    .join(
        _LAST,
        and_(
            _LAST.c.clinic_id == cases.c.clinic_id,
            _LAST.c.case_code == cases.c.code,
            _LAST.c.session_number == _LAST_SHARED,
            _LAST.c.seat == SEAT.c.name,
        ),
    )
    .join(
        _HELD,
        and_(same(_HELD, _LAST, ("clinic_id", "case_code")), _HELD.c.number == _LAST.c.session_number),
    )
    .where(THESE_CASES, _LAST.c.case_code.in_(THESE_CODES), or_(_SILENT >= SILENT_FROM, _ALL_TENS >= TENS_FROM))
    .order_by(_HELD.c.held_on.desc(), cases.c.code, SEAT.c.name)
)
"""Seats about which there may be a soft note; `soft_notes` of the domain decides which. Each costs a few look-ups.

That the answers are of these cases too is said once more: PostgreSQL expects few rows of so long a join, and without it
reads every answer of the clinic (among 150,000 answers 174 ms, 58 with it).
"""
