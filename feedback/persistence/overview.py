"""What the therapist's pages read: small rows, a fixed number of queries whatever the caseload.

Every query starts from therapy sessions and what was shared after them. Nothing here reads the pool.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

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


def list_meetings(uow: UnitOfWork, case_code: str, seat: str) -> tuple[MeetingRow, ...]:
    """Give the therapy sessions of one case in the order they were held."""
    chosen = _meetings(uow, seat).where(therapy_sessions.c.case_code == case_code)
    return _rows(uow, chosen.order_by(therapy_sessions.c.held_on, therapy_sessions.c.number))


def list_flagged_meetings(uow: UnitOfWork, therapist_id: str, seat: str) -> Mapping[str, tuple[MeetingRow, ...]]:
    """Give, by case, the therapy sessions of those of a therapist's open cases that have an open flag."""
    flagged = select(rupture_flags.c.case_code).where(
        rupture_flags.c.clinic_id == uow.clinic_id, rupture_flags.c.status.in_(sorted(OPEN_STATUSES))
    )
    chosen = _meetings(uow, seat).where(_open_case_of(therapist_id), therapy_sessions.c.case_code.in_(flagged))
    grouped: dict[str, list[MeetingRow]] = defaultdict(list)
    for row in _rows(uow, chosen.order_by(therapy_sessions.c.held_on, therapy_sessions.c.number)):
        grouped[row.case_code].append(row)
    return {code: tuple(rows) for code, rows in grouped.items()}


def list_recent_meetings(uow: UnitOfWork, therapist_id: str, seat: str, limit: int) -> tuple[MeetingRow, ...]:
    """Give the latest therapy sessions of a therapist's open cases, newest first."""
    newest = therapy_sessions.c.held_on.desc(), therapy_sessions.c.case_code, therapy_sessions.c.number.desc()
    return _rows(uow, _meetings(uow, seat).where(_open_case_of(therapist_id)).order_by(*newest).limit(limit))


def count_shared_since(uow: UnitOfWork, therapist_id: str, day: date) -> int:
    """Count the therapy sessions from a day on whose answers were shared with this therapist."""
    chosen = (
        select(func.count())
        .select_from(responses)
        .join(therapy_sessions, _meeting_of(responses))
        .join(cases, _case_of(therapy_sessions))
        .where(
            responses.c.clinic_id == uow.clinic_id,
            cases.c.therapist_id == therapist_id,
            therapy_sessions.c.held_on >= day,
        )
    )
    return uow.connection.scalar(chosen) or 0


def list_choices(uow: UnitOfWork, therapist_id: str, since: date) -> Mapping[Place, Mapping[str, tuple[str, ...]]]:
    """Give what was chosen, not rated, where a flag is open or since a day: by place, then by item."""
    is_open = and_(
        rupture_flags.c.clinic_id == answers.c.clinic_id,
        rupture_flags.c.case_code == answers.c.case_code,
        rupture_flags.c.session_number == answers.c.session_number,
        rupture_flags.c.seat == answers.c.seat,
        rupture_flags.c.status.in_(sorted(OPEN_STATUSES)),
    )
    chosen = (
        select(answers)
        .join(therapy_sessions, _meeting_of(answers))
        .join(cases, _case_of(therapy_sessions))
        .outerjoin(rupture_flags, is_open)
        .where(
            answers.c.clinic_id == uow.clinic_id,
            answers.c.choice != "",
            cases.c.therapist_id == therapist_id,
            cases.c.closed_on.is_(None),
            rupture_flags.c.id.isnot(None) | (therapy_sessions.c.held_on >= since),
        )
    )
    found: dict[Place, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for row in uow.connection.execute(chosen):
        given = found[row.case_code, row.session_number, row.seat]
        given[row.item_id] = (*given.get(row.item_id, ()), row.choice)
    return found


def list_flag_words(uow: UnitOfWork, therapist_id: str) -> Mapping[Place, FlagWords]:
    """Give what goes with each open flag, by its place."""
    chosen = (
        select(
            rupture_flags.c.case_code,
            rupture_flags.c.session_number,
            rupture_flags.c.seat,
            responses.c.sealed_comment,
            cases.c.sealed_label,
            cases.c.instrument_id,
        )
        .join(cases, _case_of(rupture_flags))
        .outerjoin(responses, and_(*(responses.c[name] == rupture_flags.c[name] for name in _PLACE)))
        .where(
            rupture_flags.c.clinic_id == uow.clinic_id,
            rupture_flags.c.status.in_(sorted(OPEN_STATUSES)),
            cases.c.therapist_id == therapist_id,
        )
    )
    return {
        (row.case_code, row.session_number, row.seat): FlagWords(
            row.instrument_id, row.sealed_comment, row.sealed_label
        )
        for row in uow.connection.execute(chosen)
    }


def list_caseload(uow: UnitOfWork, therapist_id: str) -> tuple[CaseRow, ...]:
    """Give a therapist's cases, open ones first, then by the latest therapy session."""
    held = _counted(therapy_sessions, uow, func.max(therapy_sessions.c.held_on).label("last_held_on"))
    shared = _counted(responses, uow)
    flags = _counted(rupture_flags, uow, only=rupture_flags.c.status.in_(sorted(OPEN_STATUSES)))
    rows = uow.connection.execute(
        select(
            cases.c.code,
            cases.c.opened_on,
            cases.c.closed_on,
            cases.c.sealed_label,
            func.coalesce(held.c.many, 0).label("meetings"),
            held.c.last_held_on,
            func.coalesce(shared.c.many, 0).label("shared"),
            func.coalesce(flags.c.many, 0).label("open_flags"),
        )
        .outerjoin(held, held.c.case_code == cases.c.code)
        .outerjoin(shared, shared.c.case_code == cases.c.code)
        .outerjoin(flags, flags.c.case_code == cases.c.code)
        .where(cases.c.clinic_id == uow.clinic_id, cases.c.therapist_id == therapist_id)
        .order_by(
            cases.c.closed_on.isnot(None), func.coalesce(held.c.last_held_on, cases.c.opened_on).desc(), cases.c.code
        )
    )
    return tuple(CaseRow(**row._mapping) for row in rows)


_PLACE = ("clinic_id", "case_code", "session_number", "seat")


def _counted(table: Any, uow: UnitOfWork, *more: Any, only: ColumnElement[bool] | None = None) -> Any:
    """Count a table's rows by case."""
    chosen = select(table.c.case_code, func.count().label("many"), *more).where(table.c.clinic_id == uow.clinic_id)
    return (chosen if only is None else chosen.where(only)).group_by(table.c.case_code).subquery()


def _meetings(uow: UnitOfWork, seat: str) -> Select[Any]:
    """Start a query over therapy sessions with what was shared after them in one seat."""
    return (
        select(
            therapy_sessions.c.case_code,
            therapy_sessions.c.number,
            therapy_sessions.c.held_on,
            cases.c.instrument_id,
            responses.c.seat.isnot(None).label("is_shared"),
            responses.c.score,
            findings.c.expected_low,
            findings.c.expected_high,
            findings.c.forms,
            rupture_flags.c.id.isnot(None).label("flagged"),
        )
        .join(cases, _case_of(therapy_sessions))
        .outerjoin(responses, _meeting_of(responses) & (responses.c.seat == seat))
        .outerjoin(findings, _meeting_of(findings) & (findings.c.seat == seat))
        .outerjoin(rupture_flags, _meeting_of(rupture_flags) & (rupture_flags.c.seat == seat))
        .where(therapy_sessions.c.clinic_id == uow.clinic_id)
    )


def _rows(uow: UnitOfWork, chosen: Select[Any]) -> tuple[MeetingRow, ...]:
    return tuple(MeetingRow(**row._mapping) for row in uow.connection.execute(chosen))


def _meeting_of(table: Any) -> ColumnElement[bool]:
    return and_(
        table.c.clinic_id == therapy_sessions.c.clinic_id,
        table.c.case_code == therapy_sessions.c.case_code,
        table.c.session_number == therapy_sessions.c.number,
    )


def _case_of(table: Any) -> ColumnElement[bool]:
    return and_(cases.c.clinic_id == table.c.clinic_id, cases.c.code == table.c.case_code)


def _open_case_of(therapist_id: str) -> ColumnElement[bool]:
    return and_(cases.c.therapist_id == therapist_id, cases.c.closed_on.is_(None))
