"""Cases and therapy sessions, as rows and back."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, delete, exists, func, insert, or_, select, update

from feedback.domain.care import Case, Part, TherapySession
from feedback.domain.errors import NotFound
from feedback.domain.weekly import WeeklyDay
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import case_staff, cases, staff, therapy_sessions, weekly_days

CASE = [column for column in cases.c if column.name not in {"clinic_id", "last_held_on"}]
_NAMES = [column.name for column in CASE]
_MEETING = [column for column in therapy_sessions.c if column.name != "clinic_id"]
_THIS_CASE = (cases.c.clinic_id == bindparam("clinic"), cases.c.code == bindparam("case"))
_COLLEAGUES = staff.alias("colleagues")
HAS_CO_THERAPIST = exists().where(
    case_staff.c.clinic_id == cases.c.clinic_id,
    case_staff.c.case_code == cases.c.code,
    case_staff.c.part == Part.CO_THERAPIST,
    _COLLEAGUES.c.clinic_id == case_staff.c.clinic_id,
    _COLLEAGUES.c.id == case_staff.c.staff_id,
    _COLLEAGUES.c.disabled_on.is_(None),
)
"""Of a query over `cases`: whether somebody else whose account is in use is a therapist of the case too."""

_NOTE_HELD = (
    update(cases)
    .where(
        cases.c.clinic_id == bindparam("clinic"),
        cases.c.code.in_(bindparam("codes", expanding=True)),
        or_(cases.c.last_held_on.is_(None), cases.c.last_held_on < bindparam("day")),
    )
    .values(last_held_on=bindparam("day"))
)
_LOCK = select(cases.c.code).where(*_THIS_CASE).with_for_update(key_share=True)
_MEETINGS_OF = select(*_MEETING).where(
    therapy_sessions.c.clinic_id == bindparam("clinic"), therapy_sessions.c.case_code == bindparam("case")
)
_MEETINGS = _MEETINGS_OF.order_by(therapy_sessions.c.held_on, therapy_sessions.c.number)
_ONE_MEETING = _MEETINGS_OF.where(therapy_sessions.c.number == bindparam("number"))


def read_case(columns: Sequence[Any]) -> Case:
    """Return the case of the columns in `CASE`."""
    return Case(**dict(zip(_NAMES, columns, strict=True)))


def _meeting(row: Row[Any]) -> TherapySession:
    return TherapySession(**row._asdict())


def add_case(uow: UnitOfWork, case: Case) -> None:
    """Store a new case."""
    values = {column.name: getattr(case, column.name) for column in CASE}
    uow.connection.execute(insert(cases).values(clinic_id=uow.clinic_id, **values))


def get_case(uow: UnitOfWork, code: str) -> Case:
    """Return a case of this clinic. Raises `NotFound`."""
    chosen = select(*CASE).where(cases.c.clinic_id == uow.clinic_id, cases.c.code == code)
    row = uow.connection.execute(chosen).first()
    if row is None:
        raise NotFound("There is no case with this code.")
    return read_case(row)


def lock_case(uow: UnitOfWork, code: str) -> None:
    """Wait until nobody else writes to this case. SQLite has one writer anyway; PostgreSQL locks the row."""
    uow.connection.execute(_LOCK, {"clinic": uow.clinic_id, "case": code}).first()


def list_cases(uow: UnitOfWork, therapist_id: str) -> tuple[Case, ...]:
    """Return a therapist's cases: open ones first, then the most recently opened."""
    rows = uow.connection.execute(
        select(*CASE)
        .where(cases.c.clinic_id == uow.clinic_id, cases.c.therapist_id == therapist_id)
        .order_by(cases.c.closed_on.isnot(None), cases.c.opened_on.desc(), cases.c.code)
    )
    return tuple(map(read_case, rows))


def close_case(uow: UnitOfWork, code: str, on: date | None) -> None:
    """Close a case on a local day, or open it again with None."""
    chosen = update(cases).where(cases.c.clinic_id == uow.clinic_id, cases.c.code == code)
    uow.connection.execute(chosen.values(closed_on=on))


def put_language(uow: UnitOfWork, code: str, language: str | None) -> None:
    """Keep the language in which a case's forms are shown first, or none."""
    chosen = update(cases).where(cases.c.clinic_id == uow.clinic_id, cases.c.code == code)
    uow.connection.execute(chosen.values(language=language))


def add_therapy_session(uow: UnitOfWork, case_code: str, held_on: date) -> TherapySession:
    """Store a new meeting under the next number of its case."""
    last = uow.connection.scalar(
        select(func.max(therapy_sessions.c.number)).where(
            therapy_sessions.c.clinic_id == uow.clinic_id, therapy_sessions.c.case_code == case_code
        )
    )
    meeting = TherapySession(case_code, (last or 0) + 1, held_on)
    uow.connection.execute(
        insert(therapy_sessions).values(
            clinic_id=uow.clinic_id, case_code=case_code, number=meeting.number, held_on=held_on
        )
    )
    note_held(uow, [case_code], held_on)
    return meeting


def note_held(uow: UnitOfWork, case_codes: Sequence[str], day: date) -> None:
    """Keep the day as that of the last therapy session, in each of these cases that had none later."""
    uow.connection.execute(_NOTE_HELD, {"clinic": uow.clinic_id, "codes": case_codes, "day": day})


def list_therapy_sessions(uow: UnitOfWork, case_code: str) -> tuple[TherapySession, ...]:
    """Return a case's meetings in the order they were held."""
    return tuple(map(_meeting, uow.connection.execute(_MEETINGS, {"clinic": uow.clinic_id, "case": case_code}).all()))


def get_weekly_day(uow: UnitOfWork, case_code: str) -> WeeklyDay | None:
    """Return the day on which a case usually meets, where one is set."""
    row = uow.connection.execute(select(weekly_days).filter_by(clinic_id=uow.clinic_id, case_code=case_code)).first()
    return WeeklyDay(row.weekday, row.since) if row else None


def put_weekly_day(uow: UnitOfWork, case_code: str, weekly: WeeklyDay | None) -> None:
    """Keep the day on which a case usually meets, or none."""
    mine = {"clinic_id": uow.clinic_id, "case_code": case_code}
    uow.connection.execute(delete(weekly_days).filter_by(**mine))
    if weekly is not None:
        uow.connection.execute(insert(weekly_days).values(**mine, weekday=weekly.weekday, since=weekly.since))


def get_therapy_session(uow: UnitOfWork, case_code: str, number: int) -> TherapySession:
    """Return one meeting. Raises `NotFound`."""
    row = uow.connection.execute(_ONE_MEETING, {"clinic": uow.clinic_id, "case": case_code, "number": number}).first()
    if row is None:
        raise NotFound("There is no such therapy session in this case.")
    return _meeting(row)
