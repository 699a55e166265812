"""What the therapist's pages read: small rows, a fixed number of queries whatever the caseload.

Every query starts from therapy sessions and what was shared after them. Nothing here reads the pool.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, ScalarSelect, Select, and_, bindparam, exists, func, or_, select

from feedback.domain.rupture import OPEN_STATUSES
from feedback.persistence.database import UnitOfWork
from feedback.persistence.responses import Place
from feedback.persistence.tables import answers, cases, findings, responses, rupture_flags, therapy_sessions


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One therapy session and what was shared after it. Score and usual range are on 0–10; `forms` counts this one."""

    case_code: str
    number: int
    held_on: date
    instrument_id: str
    is_shared: bool
    score: float | None = None
    expected_low: float | None = None
    expected_high: float | None = None
    forms: int | None = None
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case in a caseload: meetings, how many were shared, the last one's day, and how many flags are open."""

    code: str
    opened_on: date
    closed_on: date | None
    meetings: int
    shared: int
    last_held_on: date | None
    open_flags: int
    sealed_label: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class FlagWords:
    """What goes with a flag: the case's instrument, and the client's comment and the case's label as sealed."""

    instrument_id: str
    sealed_comment: bytes | None = field(default=None, repr=False)
    sealed_label: bytes | None = field(default=None, repr=False)


SPARK_SESSIONS = 12
"""How many meetings up to a flag's own the small chart of a dashboard shows."""


def list_meetings(uow: UnitOfWork, case_code: str, seat: str) -> tuple[MeetingRow, ...]:
    """Give the therapy sessions of one case in the order they were held."""
    return _rows(uow, _OF_CASE, seat=seat, case=case_code)


def list_flagged_meetings(uow: UnitOfWork, therapist_id: str, seat: str) -> Mapping[str, tuple[MeetingRow, ...]]:
    """Give, by case, the last meetings up to each open flag of a therapist's open cases."""
    grouped: dict[str, list[MeetingRow]] = defaultdict(list)
    for row in _rows(uow, _UP_TO_FLAGS, seat=seat, therapist=therapist_id):
        grouped[row.case_code].append(row)
    return {code: tuple(rows) for code, rows in grouped.items()}


def list_recent_meetings(uow: UnitOfWork, therapist_id: str, seat: str, limit: int) -> tuple[MeetingRow, ...]:
    """Give the latest therapy sessions of a therapist's open cases, newest first."""
    return _rows(uow, _RECENT, seat=seat, therapist=therapist_id, limit=limit)


def count_shared_since(uow: UnitOfWork, therapist_id: str, day: date) -> int:
    """Count the therapy sessions from a day on whose answers were shared with this therapist."""
    return uow.connection.scalar(_SHARED_SINCE, _given(uow, therapist=therapist_id, since=day)) or 0


def list_choices(uow: UnitOfWork, therapist_id: str, since: date) -> Mapping[Place, Mapping[str, tuple[str, ...]]]:
    """Give what was chosen, not rated, where a flag is open or since a day: by place, then by item."""
    found: dict[Place, dict[str, tuple[str, ...]]] = defaultdict(dict)
    rows = uow.connection.execute(_CHOICES, _given(uow, therapist=therapist_id, since=since))
    for case_code, number, seat, item, choice in rows:
        given = found[case_code, number, seat]
        given[item] = (*given.get(item, ()), choice)
    return found


def list_flag_words(uow: UnitOfWork, therapist_id: str) -> Mapping[Place, FlagWords]:
    """Give what goes with each open flag, by its place."""
    rows = uow.connection.execute(_FLAG_WORDS, _given(uow, therapist=therapist_id))
    return {(case_code, number, seat): FlagWords(*words) for case_code, number, seat, *words in rows}


def list_caseload(uow: UnitOfWork, therapist_id: str) -> tuple[CaseRow, ...]:
    """Give a therapist's cases, open ones first, then by the latest therapy session."""
    return tuple(CaseRow(*row) for row in uow.connection.execute(_CASELOAD, _given(uow, therapist=therapist_id)))


def _given(uow: UnitOfWork, **more: Any) -> dict[str, Any]:
    return {"clinic": uow.clinic_id, **more}


def _rows(uow: UnitOfWork, chosen: Select[Any], **more: Any) -> tuple[MeetingRow, ...]:
    return tuple(MeetingRow(*row) for row in uow.connection.execute(chosen, _given(uow, **more)))


# The queries, built once: taking a SELECT together costs more than running it.


def _same(left: Any, right: Any, names: Iterable[str]) -> ColumnElement[bool]:
    return and_(*(left.c[name] == right.c[name] for name in names))


def _meeting_of(table: Any) -> ColumnElement[bool]:
    return and_(
        _same(table, therapy_sessions, ("clinic_id", "case_code")),
        table.c.session_number == therapy_sessions.c.number,
    )


def _case_of(table: Any) -> ColumnElement[bool]:
    return and_(cases.c.clinic_id == table.c.clinic_id, cases.c.code == table.c.case_code)


def _meetings() -> Select[Any]:
    """Start a query over therapy sessions with what was shared after them in one seat; columns as in `MeetingRow`."""
    seat: BindParameter[str] = bindparam("seat")
    return (
        select(
            therapy_sessions.c.case_code,
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
        .join(cases, _case_of(therapy_sessions))
        .outerjoin(responses, _meeting_of(responses) & (responses.c.seat == seat))
        .outerjoin(findings, _meeting_of(findings) & (findings.c.seat == seat))
        .outerjoin(rupture_flags, _meeting_of(rupture_flags) & (rupture_flags.c.seat == seat))
        .where(therapy_sessions.c.clinic_id == _CLINIC)
    )


def _count(table: Any, *more: ColumnElement[bool]) -> ScalarSelect[int]:
    """Count a table's rows of the case at hand."""
    return select(func.count()).select_from(table).where(_case_of(table), *more).correlate(cases).scalar_subquery()


_CLINIC: BindParameter[str] = bindparam("clinic")
_THERAPIST: BindParameter[str] = bindparam("therapist")
_OPEN_CASES = and_(cases.c.therapist_id == _THERAPIST, cases.c.closed_on.is_(None))
_FLAG = rupture_flags.alias("open_flag")
_FLAG_IS_OPEN = _FLAG.c.status.in_(sorted(OPEN_STATUSES))
_BY_DAY = (therapy_sessions.c.held_on, therapy_sessions.c.number)

_OF_CASE = _meetings().where(therapy_sessions.c.case_code == bindparam("case")).order_by(*_BY_DAY)

_UP_TO_FLAGS = (
    _meetings()
    .where(
        _OPEN_CASES,
        exists().where(
            _same(_FLAG, therapy_sessions, ("clinic_id", "case_code")),
            _FLAG_IS_OPEN,
            therapy_sessions.c.number > _FLAG.c.session_number - SPARK_SESSIONS,
            therapy_sessions.c.number <= _FLAG.c.session_number,
        ),
    )
    .order_by(*_BY_DAY)
)

_RECENT = (
    _meetings()
    .where(_OPEN_CASES)
    .order_by(therapy_sessions.c.held_on.desc(), therapy_sessions.c.case_code, therapy_sessions.c.number.desc())
    .limit(bindparam("limit"))
)

_SHARED_SINCE = (
    select(func.count())
    .select_from(therapy_sessions)
    .join(cases, _case_of(therapy_sessions))
    .join(responses, _meeting_of(responses))
    .where(
        therapy_sessions.c.clinic_id == _CLINIC,
        cases.c.therapist_id == _THERAPIST,
        therapy_sessions.c.held_on >= bindparam("since"),
    )
)

_CHOICES = (
    select(answers.c.case_code, answers.c.session_number, answers.c.seat, answers.c.item_id, answers.c.choice)
    .select_from(therapy_sessions)
    .join(cases, _case_of(therapy_sessions))
    .join(answers, _meeting_of(answers))
    .where(
        therapy_sessions.c.clinic_id == _CLINIC,
        _OPEN_CASES,
        answers.c.choice != "",
        or_(
            therapy_sessions.c.held_on >= bindparam("since"),
            exists().where(_same(_FLAG, answers, ("clinic_id", "case_code", "session_number", "seat")), _FLAG_IS_OPEN),
        ),
    )
)

_FLAG_WORDS = (
    select(
        _FLAG.c.case_code,
        _FLAG.c.session_number,
        _FLAG.c.seat,
        cases.c.instrument_id,
        responses.c.sealed_comment,
        cases.c.sealed_label,
    )
    .select_from(cases)
    .join(_FLAG, _case_of(_FLAG))
    .outerjoin(responses, _same(responses, _FLAG, ("clinic_id", "case_code", "session_number", "seat")))
    .where(cases.c.clinic_id == _CLINIC, _OPEN_CASES, _FLAG_IS_OPEN)
)

_LAST_HELD = (
    select(func.max(therapy_sessions.c.held_on)).where(_case_of(therapy_sessions)).correlate(cases).scalar_subquery()
)

_CASELOAD = (
    select(
        cases.c.code,
        cases.c.opened_on,
        cases.c.closed_on,
        _count(therapy_sessions),
        _count(responses),
        _LAST_HELD,
        _count(_FLAG, _FLAG_IS_OPEN),
        cases.c.sealed_label,
    )
    .where(cases.c.clinic_id == _CLINIC, cases.c.therapist_id == _THERAPIST)
    .order_by(cases.c.closed_on.isnot(None), func.coalesce(_LAST_HELD, cases.c.opened_on).desc(), cases.c.code)
)
