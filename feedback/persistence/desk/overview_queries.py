"""The queries behind the therapist's pages, built once: taking a SELECT together costs more than running it.

Every query starts from therapy sessions and what was shared after them. Nothing here reads the pool.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    union,
    union_all,
)

from feedback.domain.care import SEATS, Part
from feedback.domain.rupture import OPEN_STATUSES
from feedback.domain.who_reads import Reader, versions_naming
from feedback.persistence.tables import (
    answers,
    case_staff,
    cases,
    findings,
    looks,
    responses,
    rupture_flags,
    therapy_sessions,
)


def same(left: Any, right: Any, names: Iterable[str]) -> ColumnElement[bool]:
    """Join two tables by columns of the same names."""
    return and_(*(left.c[name] == right.c[name] for name in names))


def meeting_of(table: Any) -> ColumnElement[bool]:
    """Join a table to its therapy session."""
    return and_(
        same(table, therapy_sessions, ("clinic_id", "case_code")),
        table.c.session_number == therapy_sessions.c.number,
    )


def by_case(day: Any) -> Any:
    """Hide a day from the index over all days of the clinic: one's own cases are fewer, however large the clinic."""
    return func.coalesce(day, None)


def case_of(table: Any) -> ColumnElement[bool]:
    """Join a table to its case."""
    return and_(cases.c.clinic_id == table.c.clinic_id, cases.c.code == table.c.case_code)


SEAT = union_all(
    *(select(literal(seat).label("name"), literal(place).label("place")) for place, seat in enumerate(SEATS, 1))
).subquery("seat")
"""The places in a room, to join a case's own to its therapy sessions."""


def meetings(readable: ColumnElement[bool], seat: ColumnElement[str], held: FromClause) -> Select[Any]:
    """Start a query over therapy sessions, each with what a seat shared after it; columns as in `MeetingRow`.

    `readable` says which answers the one who asks may see; the others are as if nothing had been shared. `held` joins
    therapy sessions to their cases and to whatever names the seat.
    """

    def given(table: Any) -> ColumnElement[bool]:
        return and_(meeting_of(table), table.c.seat == seat)

    return (
        select(
            therapy_sessions.c.case_code,
            seat,
            cases.c.seats,
            therapy_sessions.c.number,
            therapy_sessions.c.held_on,
            cases.c.instrument_id,
            responses.c.seat.isnot(None),
            responses.c.score,
            findings.c.expected_low,
            findings.c.expected_high,
            findings.c.forms,
            rupture_flags.c.id.isnot(None),
        )
        .select_from(held)
        .outerjoin(responses, and_(given(responses), readable))
        .outerjoin(findings, and_(given(findings), responses.c.seat.isnot(None)))
        .outerjoin(rupture_flags, given(rupture_flags))
        .where(therapy_sessions.c.clinic_id == _CLINIC)
    )


def _count(table: Any, *more: ColumnElement[bool], of: Any = None) -> ScalarSelect[int]:
    """Count a table's rows of the case at hand, or the different values of one column."""
    counted = func.count() if of is None else func.count(of.distinct())
    return select(counted).select_from(table).where(case_of(table), *more).correlate(cases).scalar_subquery()


_CLINIC: BindParameter[str] = bindparam("clinic")
_THERAPIST: BindParameter[str] = bindparam("therapist")
MINE = cases.c.code.in_(
    union_all(
        select(cases.c.code).where(cases.c.clinic_id == _CLINIC, cases.c.therapist_id == _THERAPIST).correlate(None),
        select(case_staff.c.case_code).where(
            case_staff.c.clinic_id == _CLINIC,
            case_staff.c.staff_id == _THERAPIST,
            case_staff.c.part == Part.CO_THERAPIST,
        ),
    )
)
"""The cases somebody is a therapist of: their own, and those they work on beside a colleague."""


def readable(given: Any) -> ColumnElement[bool]:
    """Let through their own cases' answers, and a colleague's where the sentence on the form named them."""
    named = given.c.who_reads_version.in_(sorted(versions_naming(Reader.CO_THERAPIST)))
    return or_(cases.c.therapist_id == _THERAPIST, named)


READABLE = readable(responses)

OPEN_CASES = and_(cases.c.clinic_id == _CLINIC, MINE, cases.c.closed_on.is_(None))
_BY_DAY = (therapy_sessions.c.held_on, therapy_sessions.c.number, SEAT.c.name)

_OF_EVERY_SEAT = therapy_sessions.join(cases, case_of(therapy_sessions)).join(SEAT, SEAT.c.place <= cases.c.seats)

OF_CASE = (
    meetings(responses.c.who_reads_version.in_(bindparam("versions", expanding=True)), SEAT.c.name, _OF_EVERY_SEAT)
    .where(therapy_sessions.c.case_code == bindparam("case"))
    .order_by(*_BY_DAY)
)

_LAST_HELD = (
    select(func.max(therapy_sessions.c.held_on)).where(case_of(therapy_sessions)).correlate(cases).scalar_subquery()
)

LATEST_CASES = (
    select(cases.c.code)
    .where(OPEN_CASES)
    .order_by(_LAST_HELD.desc().nulls_last(), cases.c.code)
    .limit(bindparam("limit"))
)
"""The open cases that met last: what the desk says of the last weeks, it reads of these alone."""

THESE_CODES: BindParameter[str] = bindparam("codes", expanding=True)
THESE_CASES = and_(cases.c.clinic_id == _CLINIC, cases.c.code.in_(THESE_CODES))
_NEWEST_FIRST = (therapy_sessions.c.held_on.desc(), therapy_sessions.c.case_code, therapy_sessions.c.number.desc())

_RECENT = (
    select(therapy_sessions.c.clinic_id, therapy_sessions.c.case_code, therapy_sessions.c.number)
    .where(
        therapy_sessions.c.clinic_id == _CLINIC,
        therapy_sessions.c.case_code.in_(bindparam("codes", expanding=True)),
    )
    .order_by(by_case(therapy_sessions.c.held_on).desc(), *_NEWEST_FIRST[1:])
    .limit(bindparam("limit"))
    .subquery("recent")
)

_OPENED = exists().where(
    same(looks, responses, ("clinic_id", "case_code", "session_number", "seat")),
    looks.c.staff_id == _THERAPIST,
    looks.c.opened,
)

_NOT_OPENED = and_(responses.c.seat.isnot(None), therapy_sessions.c.held_on >= bindparam("new_since"), ~_OPENED)

RECENT = (
    meetings(
        READABLE,
        SEAT.c.name,
        _RECENT.join(therapy_sessions, same(therapy_sessions, _RECENT, ("clinic_id", "case_code", "number")))
        .join(cases, case_of(therapy_sessions))
        .join(SEAT, SEAT.c.place <= cases.c.seats),
    )
    .add_columns(_NOT_OPENED)
    .order_by(*_NEWEST_FIRST, SEAT.c.name)
)


_IS_SHARED = and_(
    therapy_sessions.c.held_on >= bindparam("shared_since"),
    exists().where(meeting_of(responses), READABLE).correlate(therapy_sessions, cases),
)

_UNOPENED = (
    select(func.count())
    .select_from(responses)
    .where(meeting_of(responses), READABLE, ~_OPENED)
    .correlate(therapy_sessions, cases)
    .scalar_subquery()
)

NEWS = (
    select(
        func.coalesce(func.sum(case((_IS_SHARED, 1), else_=0)), 0),
        func.coalesce(func.sum(_UNOPENED), 0),
    )
    .select_from(cases)
    .join(therapy_sessions, and_(case_of(therapy_sessions), therapy_sessions.c.held_on >= bindparam("new_since")))
    .where(THESE_CASES)
)
"""Through the sessions of the last weeks and no others, which a join of three tables would leave to the planner."""

_PLACES = union(
    select(_RECENT.c.clinic_id, _RECENT.c.case_code, _RECENT.c.number),
    select(rupture_flags.c.clinic_id, rupture_flags.c.case_code, rupture_flags.c.session_number).where(
        rupture_flags.c.clinic_id == _CLINIC, rupture_flags.c.id.in_(bindparam("flags", expanding=True))
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

_OPEN_FLAGS = (
    select(func.count())
    .select_from(rupture_flags)
    .outerjoin(responses, same(responses, rupture_flags, ("clinic_id", "case_code", "session_number", "seat")))
    .where(case_of(rupture_flags), rupture_flags.c.status.in_(sorted(OPEN_STATUSES)), READABLE)
    .correlate(cases)
    .scalar_subquery()
)

CASELOAD = (
    select(
        cases.c.code,
        cases.c.opened_on,
        cases.c.closed_on,
        _count(therapy_sessions),
        _count(responses, READABLE, of=responses.c.session_number),
        _LAST_HELD,
        _OPEN_FLAGS,
        cases.c.therapist_id == _THERAPIST,
        case((cases.c.therapist_id == _THERAPIST, cases.c.sealed_label), else_=None),
    )
    .where(cases.c.clinic_id == _CLINIC, MINE, or_(cases.c.closed_on.is_(None), bindparam("closed", type_=Boolean)))
    .order_by(cases.c.closed_on.isnot(None), func.coalesce(_LAST_HELD, cases.c.opened_on).desc(), cases.c.code)
)
