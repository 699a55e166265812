"""The queries behind the therapist's pages, built once: taking a SELECT together costs more than running it.

Every query starts from therapy sessions and what was shared after them. Nothing here reads the pool.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
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
    union_all,
)

from feedback.domain.care import SEATS, Part
from feedback.domain.rupture import OPEN_STATUSES
from feedback.domain.soft_note import SILENT_FROM, TENS_FROM, TOP
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


def case_of(table: Any) -> ColumnElement[bool]:
    """Join a table to its case."""
    return and_(cases.c.clinic_id == table.c.clinic_id, cases.c.code == table.c.case_code)


_SEAT = union_all(
    *(select(literal(seat).label("name"), literal(place).label("place")) for place, seat in enumerate(SEATS, 1))
).subquery("seat")
"""The places in a room, to join a case's own to its therapy sessions."""


def _meetings(readable: ColumnElement[bool]) -> Select[Any]:
    """Start a query over therapy sessions, each with what every seat shared after it; columns as in `MeetingRow`.

    `readable` says which answers the one who asks may see; the others are as if nothing had been shared.
    """

    def given(table: Any) -> ColumnElement[bool]:
        return and_(meeting_of(table), table.c.seat == _SEAT.c.name)

    return (
        select(
            therapy_sessions.c.case_code,
            _SEAT.c.name,
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
        .select_from(therapy_sessions)
        .join(cases, case_of(therapy_sessions))
        .join(_SEAT, _SEAT.c.place <= cases.c.seats)
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
_BY_DAY = (therapy_sessions.c.held_on, therapy_sessions.c.number, _SEAT.c.name)

OF_CASE = (
    _meetings(responses.c.who_reads_version.in_(bindparam("versions", expanding=True)))
    .where(therapy_sessions.c.case_code == bindparam("case"))
    .order_by(*_BY_DAY)
)

UP_TO_FLAGS = (
    _meetings(READABLE)
    .where(
        OPEN_CASES,
        exists().where(
            same(_FLAG, therapy_sessions, ("clinic_id", "case_code")),
            _FLAG.c.seat == _SEAT.c.name,
            _FLAG_IS_OPEN,
            therapy_sessions.c.number > _FLAG.c.session_number - SPARK_SESSIONS,
            therapy_sessions.c.number <= _FLAG.c.session_number,
        ),
    )
    .order_by(*_BY_DAY)
)

_NEWEST_FIRST = (
    therapy_sessions.c.held_on.desc(),
    therapy_sessions.c.case_code,
    therapy_sessions.c.number.desc(),
)

RECENT = (
    _meetings(READABLE)
    .where(
        OPEN_CASES,
        tuple_(therapy_sessions.c.case_code, therapy_sessions.c.number).in_(
            select(therapy_sessions.c.case_code, therapy_sessions.c.number)
            .join(cases, case_of(therapy_sessions))
            .where(therapy_sessions.c.clinic_id == _CLINIC, OPEN_CASES)
            .order_by(*_NEWEST_FIRST)
            .limit(bindparam("limit"))
            .correlate(None)
        ),
    )
    .order_by(*_NEWEST_FIRST, _SEAT.c.name)
)

SHARED_SINCE = (
    select(func.count())
    .select_from(therapy_sessions)
    .join(cases, case_of(therapy_sessions))
    .where(
        therapy_sessions.c.clinic_id == _CLINIC,
        cases.c.clinic_id == _CLINIC,
        MINE,
        therapy_sessions.c.held_on >= bindparam("since"),
        exists().where(meeting_of(responses), READABLE),
    )
)

CHOICES = (
    select(answers.c.case_code, answers.c.session_number, answers.c.seat, answers.c.item_id, answers.c.choice)
    .select_from(therapy_sessions)
    .join(cases, case_of(therapy_sessions))
    .join(answers, meeting_of(answers))
    .where(
        therapy_sessions.c.clinic_id == _CLINIC,
        OPEN_CASES,
        answers.c.choice != "",
        or_(
            therapy_sessions.c.held_on >= bindparam("since"),
            exists().where(same(_FLAG, answers, ("clinic_id", "case_code", "session_number", "seat")), _FLAG_IS_OPEN),
        ),
    )
)

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

_SO_FAR = (
    select(
        responses.c.clinic_id,
        responses.c.case_code,
        responses.c.seat,
        cases.c.seats,
        func.count(responses.c.score).label("scored"),
        func.min(responses.c.score).label("lowest"),
        func.max(therapy_sessions.c.held_on).label("last"),
    )
    .select_from(cases)
    .join(responses, case_of(responses))
    .join(therapy_sessions, meeting_of(responses))
    .where(cases.c.clinic_id == _CLINIC, OPEN_CASES, READABLE)
    .group_by(responses.c.clinic_id, responses.c.case_code, responses.c.seat, cases.c.seats)
    .subquery("so_far")
)

_MEETINGS_SINCE = (
    select(func.count())
    .select_from(therapy_sessions)
    .where(same(therapy_sessions, _SO_FAR, ("clinic_id", "case_code")), therapy_sessions.c.held_on > _SO_FAR.c.last)
    .correlate(_SO_FAR)
    .scalar_subquery()
)

QUIET = (
    select(
        _SO_FAR.c.case_code,
        _SO_FAR.c.seat,
        _SO_FAR.c.seats,
        _SO_FAR.c.scored,
        _SO_FAR.c.lowest,
        _SO_FAR.c.last,
        _MEETINGS_SINCE,
    )
    .where(or_(_MEETINGS_SINCE >= SILENT_FROM, and_(_SO_FAR.c.scored >= TENS_FROM, _SO_FAR.c.lowest == TOP)))
    .order_by(_SO_FAR.c.last.desc(), _SO_FAR.c.case_code, _SO_FAR.c.seat)
)
"""Seats about which there may be a soft note; `soft_notes` of the domain decides which."""

_LAST_HELD = (
    select(func.max(therapy_sessions.c.held_on)).where(case_of(therapy_sessions)).correlate(cases).scalar_subquery()
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
