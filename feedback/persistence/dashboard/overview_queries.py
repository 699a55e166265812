"""The queries behind the therapist's pages, built once: taking a SELECT together costs more than running it.

Every query starts from therapy sessions and what was shared after them. Nothing here reads the pool.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    CompoundSelect,
    FromClause,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)

from feedback.domain.care import SEATS, Part
from feedback.domain.who_reads import Reader, versions_naming
from feedback.persistence.tables import (
    case_staff,
    cases,
    changed_answers,
    findings,
    responses,
    rupture_flags,
    therapy_sessions,
)
from feedback.persistence.tables.judging import FLAG_IS_OPEN

CLINIC: BindParameter[str] = bindparam("clinic")
THERAPIST: BindParameter[str] = bindparam("therapist")
IS_OWN = cases.c.therapist_id == THERAPIST
"""Of a query over `cases`: whether the one who asks is its own therapist, to whom every answer was sent."""


def same(left: Any, right: Any, names: Iterable[str]) -> ColumnElement[bool]:
    """Join two tables by columns of the same names."""
    return and_(*(left.c[name] == right.c[name] for name in names))


def meeting_of(table: Any) -> ColumnElement[bool]:
    """Join a table to its therapy session."""
    return and_(
        same(table, therapy_sessions, ("clinic_id", "case_code")),
        table.c.session_number == therapy_sessions.c.number,
    )


def case_of(table: Any, of: FromClause = cases) -> ColumnElement[bool]:
    """Join a table to its case, among all cases or `of` some."""
    return and_(of.c.clinic_id == table.c.clinic_id, of.c.code == table.c.case_code)


SEAT = union_all(
    *(select(literal(seat).label("name"), literal(place).label("place")) for place, seat in enumerate(SEATS, 1))
).subquery("seat")
"""The places in a room, to join a case's own to its therapy sessions."""


def meetings(readable: ColumnElement[bool], seat: ColumnElement[str], held: FromClause) -> Select[Any]:
    """Start a query over therapy sessions, each with what a seat shared after it; columns as in `MeetingRow`.

    `readable` says which answers the one who asks may see; the others are as if nothing had been shared, and so are
    their flags. The usual range rests on every answer before, so it is the case's own therapist's alone. `held` joins
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
            IS_OWN,
            changed_answers.c.seat.isnot(None),
        )
        .select_from(held)
        .outerjoin(responses, and_(given(responses), readable))
        .outerjoin(findings, and_(given(findings), responses.c.seat.isnot(None), IS_OWN))
        .outerjoin(rupture_flags, and_(given(rupture_flags), or_(responses.c.seat.isnot(None), IS_OWN)))
        .outerjoin(changed_answers, and_(given(changed_answers), responses.c.seat.isnot(None)))
        .where(therapy_sessions.c.clinic_id == CLINIC)
    )


def _count(table: Any, *more: ColumnElement[bool], of: Any = None) -> ScalarSelect[int]:
    """Count a table's rows of the case at hand, or the different values of one column."""
    counted = func.count() if of is None else func.count(of.distinct())
    return select(counted).select_from(table).where(case_of(table), *more).correlate(cases).scalar_subquery()


MINE = cases.c.code.in_(
    union_all(
        select(cases.c.code).where(cases.c.clinic_id == CLINIC, cases.c.therapist_id == THERAPIST).correlate(None),
        select(case_staff.c.case_code).where(
            case_staff.c.clinic_id == CLINIC,
            case_staff.c.staff_id == THERAPIST,
            case_staff.c.part == Part.CO_THERAPIST,
        ),
    )
)
"""The cases somebody is a therapist of: their own, and those they work on beside a colleague."""


def readable(given: Any, of: FromClause = cases) -> ColumnElement[bool]:
    """Let through their own cases' answers, and a colleague's where the sentence on the form named them."""
    named = (given.c.who_reads_version == version for version in sorted(versions_naming(Reader.CO_THERAPIST)))
    return or_(of.c.therapist_id == THERAPIST, *named)


READABLE = readable(responses)

OPEN_CASES = and_(cases.c.clinic_id == CLINIC, MINE, cases.c.closed_on.is_(None))


def _my_cases(*which: ColumnElement[bool]) -> CompoundSelect[Any]:
    return union_all(
        select(cases).where(cases.c.clinic_id == CLINIC, cases.c.therapist_id == THERAPIST, *which),
        select(cases)
        .join(case_staff, case_of(case_staff))
        .where(
            case_staff.c.clinic_id == CLINIC,
            case_staff.c.staff_id == THERAPIST,
            case_staff.c.part == Part.CO_THERAPIST,
            cases.c.therapist_id != THERAPIST,
            *which,
        ),
    )


MY_CASES = _my_cases().subquery("my_cases")
"""The cases somebody is a therapist of, as a table, closed ones too."""

MY_OPEN_CASES = _my_cases(cases.c.closed_on.is_(None)).subquery("my_open_cases")
"""The same as a table, each by its own index: however many cases the clinic has, none but these is looked at."""

_BY_DAY = (therapy_sessions.c.held_on, therapy_sessions.c.number, SEAT.c.name)

_OF_EVERY_SEAT = therapy_sessions.join(cases, case_of(therapy_sessions)).join(SEAT, SEAT.c.place <= cases.c.seats)

OF_CASE = (
    meetings(responses.c.who_reads_version.in_(bindparam("versions", expanding=True)), SEAT.c.name, _OF_EVERY_SEAT)
    .where(therapy_sessions.c.case_code == bindparam("case"))
    .order_by(*_BY_DAY)
)


THESE_CASES = and_(cases.c.clinic_id == CLINIC, cases.c.code.in_(bindparam("codes", expanding=True)))

_OPEN_FLAGS = (
    select(func.count())
    .select_from(rupture_flags)
    .outerjoin(responses, same(responses, rupture_flags, ("clinic_id", "case_code", "session_number", "seat")))
    .where(case_of(rupture_flags), FLAG_IS_OPEN, READABLE)
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
        cases.c.last_held_on,
        _OPEN_FLAGS,
        cases.c.therapist_id == THERAPIST,
        case((cases.c.therapist_id == THERAPIST, cases.c.sealed_label), else_=None),
    )
    .where(cases.c.clinic_id == CLINIC, MINE, or_(cases.c.closed_on.is_(None), bindparam("closed", type_=Boolean)))
    .order_by(
        cases.c.closed_on.isnot(None), func.coalesce(cases.c.last_held_on, cases.c.opened_on).desc(), cases.c.code
    )
)
