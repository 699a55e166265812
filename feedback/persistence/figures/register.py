"""The register of cases as a release needs it: who had how many open ones on a day, and how many codes went out."""

from datetime import date, datetime

from sqlalchemy import and_, func, or_, select

from feedback.domain.figures.gate import OpenCases
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import audit_log, cases, staff, therapy_sessions


def open_cases_on(uow: UnitOfWork, day: date) -> tuple[OpenCases, ...]:
    """Count the cases open at the beginning of a day, by therapist. A therapist counts for the team they are in now."""
    was_open = and_(cases.c.opened_on <= day, or_(cases.c.closed_on.is_(None), cases.c.closed_on > day))
    rows = uow.connection.execute(
        select(cases.c.therapist_id, staff.c.team_id, func.count())
        .join(staff, and_(staff.c.clinic_id == cases.c.clinic_id, staff.c.id == cases.c.therapist_id))
        .where(cases.c.clinic_id == uow.clinic_id, was_open)
        .group_by(cases.c.therapist_id, staff.c.team_id)
        .order_by(cases.c.therapist_id)
    )
    return tuple(OpenCases(*row) for row in rows)


def count_codes(uow: UnitOfWork, begin: datetime, end: datetime) -> int:
    """Count the codes handed out from one instant until another, by the audit log: codes themselves are deleted."""
    chosen = select(func.count()).where(
        audit_log.c.clinic_id == uow.clinic_id,
        audit_log.c.action == "access_code.issued",
        audit_log.c.at >= begin,
        audit_log.c.at < end,
    )
    return uow.connection.scalar(chosen) or 0


def first_meeting(uow: UnitOfWork) -> date | None:
    """Return the day of the clinic's first therapy session that is kept."""
    chosen = select(func.min(therapy_sessions.c.held_on)).where(therapy_sessions.c.clinic_id == uow.clinic_id)
    day: date | None = uow.connection.scalar(chosen)
    return day


def instruments_of_cases(uow: UnitOfWork) -> tuple[str, ...]:
    """Return the ids of the instruments that cases are asked with, in alphabetical order."""
    chosen = select(cases.c.instrument_id).where(cases.c.clinic_id == uow.clinic_id).distinct()
    return tuple(sorted(uow.connection.scalars(chosen)))
