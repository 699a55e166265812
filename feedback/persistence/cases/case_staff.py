"""Who works on a case besides its therapist, and its change of therapist, as rows and back."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, update

from feedback.domain.care import CaseStaff, Part
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import case_staff, cases, staff

_COLUMNS = [column for column in case_staff.c if column.name != "clinic_id"]


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works on a case, with the name clients know."""

    staff: CaseStaff
    name: str


@dataclass(frozen=True, slots=True)
class SharedCase:
    """A case somebody advises on: its therapist's name and the last local day."""

    code: str
    therapist: str
    until: date
    is_open: bool


def _person(row: Any) -> CaseStaff:
    return CaseStaff(row.case_code, row.staff_id, Part(row.part), row.since, row.until)


def put_case_staff(uow: UnitOfWork, person: CaseStaff) -> None:
    """Let somebody work on a case, in place of how they did before."""
    drop_case_staff(uow, person.case_code, person.staff_id)
    values = {column.name: getattr(person, column.name) for column in _COLUMNS}
    uow.connection.execute(insert(case_staff).values(clinic_id=uow.clinic_id, **values))


def drop_case_staff(uow: UnitOfWork, case_code: str, staff_id: str) -> bool:
    """End somebody's work on a case, and say whether there was any."""
    gone = uow.connection.execute(delete(case_staff).where(_of(uow, case_code), case_staff.c.staff_id == staff_id))
    return gone.rowcount > 0


def drop_supervisors(uow: UnitOfWork, case_code: str) -> None:
    """End every supervisor's access to a case."""
    uow.connection.execute(delete(case_staff).where(_of(uow, case_code), case_staff.c.part == Part.SUPERVISOR))


def get_case_staff(uow: UnitOfWork, case_code: str, staff_id: str) -> CaseStaff | None:
    """Return how somebody works on a case, if they do."""
    chosen = select(*_COLUMNS).where(_of(uow, case_code), case_staff.c.staff_id == staff_id)
    row = uow.connection.execute(chosen).first()
    return _person(row) if row else None


def list_all_case_staff(uow: UnitOfWork) -> tuple[CaseStaff, ...]:
    """Return everybody who works on any case of the clinic besides its therapist, whether or not their time is over."""
    rows = uow.connection.execute(select(*_COLUMNS).where(case_staff.c.clinic_id == uow.clinic_id))
    return tuple(map(_person, rows))


def list_colleagues(uow: UnitOfWork, case_code: str, today: date) -> tuple[Colleague, ...]:
    """Return those who work on a case today besides its therapist, by name."""
    chosen = (
        select(*_COLUMNS, staff.c.display_name)
        .join(staff, (staff.c.clinic_id == case_staff.c.clinic_id) & (staff.c.id == case_staff.c.staff_id))
        .where(_of(uow, case_code), _lasts(today))
        .order_by(staff.c.display_name)
    )
    return tuple(Colleague(_person(row), row.display_name) for row in uow.connection.execute(chosen))


def list_shared_cases(uow: UnitOfWork, staff_id: str, today: date) -> tuple[SharedCase, ...]:
    """Return the cases somebody advises on today, the soonest to end first."""
    chosen = (
        select(cases.c.code, staff.c.display_name, case_staff.c.until, cases.c.closed_on.is_(None))
        .select_from(case_staff)
        .join(cases, (cases.c.clinic_id == case_staff.c.clinic_id) & (cases.c.code == case_staff.c.case_code))
        .join(staff, (staff.c.clinic_id == cases.c.clinic_id) & (staff.c.id == cases.c.therapist_id))
        .where(
            case_staff.c.clinic_id == uow.clinic_id,
            case_staff.c.staff_id == staff_id,
            case_staff.c.part == Part.SUPERVISOR,
            _lasts(today),
        )
        .order_by(case_staff.c.until, cases.c.code)
    )
    return tuple(SharedCase(*row) for row in uow.connection.execute(chosen))


def change_therapist(uow: UnitOfWork, case_code: str, staff_id: str) -> None:
    """Give a case another therapist. The label goes: it was for the eyes of the one before."""
    mine = (cases.c.clinic_id == uow.clinic_id) & (cases.c.code == case_code)
    uow.connection.execute(update(cases).where(mine).values(therapist_id=staff_id, sealed_label=None))


def _of(uow: UnitOfWork, case_code: str) -> ColumnElement[bool]:
    return (case_staff.c.clinic_id == uow.clinic_id) & (case_staff.c.case_code == case_code)


def _lasts(today: date) -> ColumnElement[bool]:
    return case_staff.c.until.is_(None) | (case_staff.c.until >= today)
