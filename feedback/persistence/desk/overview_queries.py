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
    tuple_,
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
    responses,
    rupture_flags,
    therapy_sessions,
)

SPARK_SESSIONS = 12
"""How many meetings up to a flag's own the small chart of a dashboard shows."""


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


def _meetings(readable: ColumnElement[bool], seat: ColumnElement[str], held: FromClause) -> Select[Any]:
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

READABLE = or_(
    cases.c.therapist_id == _THERAPIST,
    responses.c.who_reads_version.in_(sorted(versions_naming(Reader.CO_THERAPIST))),
)
"""Their own cases' answers, and a colleague's where the sentence on the form named them."""

OPEN_CASES = and_(cases.c.clinic_id == _CLINIC, MINE, cases.c.closed_on.is_(None))
_FLAG = rupture_flags.alias("open_flag")
_FLAG_IS_OPEN = _FLAG.c.status.in_(sorted(OPEN_STATUSES))
_BY_DAY = (therapy_sessions.c.held_on, therapy_sessions.c.number, SEAT.c.name)

_OF_EVERY_SEAT = therapy_sessions.join(cases, case_of(therapy_sessions)).join(SEAT, SEAT.c.place <= cases.c.seats)

OF_CASE = (
    _meetings(responses.c.who_reads_version.in_(bindparam("versions", expanding=True)), SEAT.c.name, _OF_EVERY_SEAT)
    .where(therapy_sessions.c.case_code == bindparam("case"))
    .order_by(*_BY_DAY)
)

UP_TO_FLAGS = (
    _meetings(
        READABLE,
        _FLAG.c.seat,
        cases.join(_FLAG, case_of(_FLAG)).join(
            therapy_sessions,
            and_(
                same(_FLAG, therapy_sessions, ("clinic_id", "case_code")),
                therapy_sessions.c.number > _FLAG.c.session_number - SPARK_SESSIONS,
                therapy_sessions.c.number <= _FLAG.c.session_number,
            ),
        ),
    )
    .where(OPEN_CASES, _FLAG_IS_OPEN)
    .order_by(therapy_sessions.c.held_on, therapy_sessions.c.number, _FLAG.c.seat)
)
"""A meeting comes once for each open flag it leads up to."""

_NEWEST_FIRST = (
    by_case(therapy_sessions.c.held_on).desc(),
    therapy_sessions.c.case_code,
    therapy_sessions.c.number.desc(),
)

_RECENT_PLACES = (
    select(therapy_sessions.c.case_code, therapy_sessions.c.number)
    .join(cases, case_of(therapy_sessions))
    .where(therapy_sessions.c.clinic_id == _CLINIC, OPEN_CASES)
    .order_by(*_NEWEST_FIRST)
    .limit(bindparam("limit"))
    .correlate(None)
)

RECENT = (
    _meetings(READABLE, SEAT.c.name, _OF_EVERY_SEAT)
    .where(
        OPEN_CASES,
        tuple_(therapy_sessions.c.case_code, therapy_sessions.c.number).in_(_RECENT_PLACES),
    )
    .order_by(*_NEWEST_FIRST, SEAT.c.name)
)

SHARED_SINCE = (
    select(func.count())
    .select_from(therapy_sessions)
    .join(cases, case_of(therapy_sessions))
    .where(
        therapy_sessions.c.clinic_id == _CLINIC,
        cases.c.clinic_id == _CLINIC,
        MINE,
        by_case(therapy_sessions.c.held_on) >= bindparam("since"),
        exists().where(meeting_of(responses), READABLE),
    )
)

_CHOSEN = (answers.c.case_code, answers.c.session_number, answers.c.seat, answers.c.item_id, answers.c.choice)

CHOICES = union(
    select(*_CHOSEN).where(
        answers.c.clinic_id == _CLINIC,
        answers.c.choice != "",
        tuple_(answers.c.case_code, answers.c.session_number).in_(_RECENT_PLACES),
    ),
    select(*_CHOSEN).where(
        answers.c.clinic_id == _CLINIC,
        answers.c.choice != "",
        tuple_(answers.c.case_code, answers.c.session_number, answers.c.seat).in_(
            select(_FLAG.c.case_code, _FLAG.c.session_number, _FLAG.c.seat)
            .join(cases, case_of(_FLAG))
            .where(OPEN_CASES, _FLAG_IS_OPEN)
            .correlate(None)
        ),
    ),
)
"""By place, so that no other answer is looked at: of the recent sessions, and where a flag is open."""

FLAG_WORDS = (
    select(
        _FLAG.c.case_code,
        _FLAG.c.session_number,
        _FLAG.c.seat,
        cases.c.instrument_id,
        cases.c.seats,
        responses.c.sealed_comment,
        case((cases.c.therapist_id == _THERAPIST, cases.c.sealed_label), else_=None),
    )
    .select_from(cases)
    .join(_FLAG, case_of(_FLAG))
    .join(responses, and_(same(responses, _FLAG, ("clinic_id", "case_code", "session_number", "seat")), READABLE))
    .where(cases.c.clinic_id == _CLINIC, OPEN_CASES, _FLAG_IS_OPEN)
)

_LAST_HELD = (
    select(func.max(by_case(therapy_sessions.c.held_on)))
    .where(case_of(therapy_sessions))
    .correlate(cases)
    .scalar_subquery()
)

_OPEN_FLAGS = (
    select(func.count())
    .select_from(_FLAG)
    .outerjoin(responses, same(responses, _FLAG, ("clinic_id", "case_code", "session_number", "seat")))
    .where(case_of(_FLAG), _FLAG_IS_OPEN, READABLE)
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
