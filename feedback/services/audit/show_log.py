"""The audit log as people read it: what was done, by whom, to what."""

from dataclasses import dataclass
from datetime import datetime

from feedback.domain.care import Role, Staff
from feedback.persistence.accounts.accounts import list_staff
from feedback.persistence.audit import AuditRecord, newest_records
from feedback.persistence.cases.care import list_cases
from feedback.persistence.clinic.clinics import list_teams
from feedback.persistence.database import UnitOfWork

PAGE = 100
"""Records on one page."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One record with its names spelled out. `subject` is a person's name, a case code, or an id."""

    number: int
    at: datetime
    actor: str
    action: str
    subject: str


def show_log(uow: UnitOfWork, *, before: int | None = None) -> tuple[LogLine, ...]:
    """Return a page of the clinic's whole log, newest first, from before a record's number on."""
    return _spelled(uow, newest_records(uow, before=before, most=PAGE))


def show_own_log(uow: UnitOfWork, *, staff: Staff, before: int | None = None) -> tuple[LogLine, ...]:
    """Return a page of what somebody did, and what anybody did with their account or their cases, newest first."""
    cases = [case.code for case in list_cases(uow, staff.id)] if staff.role is Role.THERAPIST else []
    return _spelled(uow, newest_records(uow, before=before, most=PAGE, about=[staff.id, *cases]))


def _spelled(uow: UnitOfWork, records: tuple[AuditRecord, ...]) -> tuple[LogLine, ...]:
    names = {person.id: f"{person.display_name} ({person.role})" for person in list_staff(uow)}
    names |= {team.id: f"team {team.name}" for team in list_teams(uow, with_archived=True)}
    return tuple(
        LogLine(
            record.number,
            record.at,
            names.get(record.actor, record.actor),
            record.action,
            ", ".join(names.get(part, part) for part in record.subject.split("/")),
        )
        for record in records
    )
