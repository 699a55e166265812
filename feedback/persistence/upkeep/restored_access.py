"""What lets anybody in after a backup was restored: shares of cases that still run, and codes that open a form."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import access_codes, case_staff, staff


@dataclass(frozen=True, slots=True)
class RunningShare:
    """A case that a colleague may read or work on besides its therapist."""

    case_code: str
    email: str


def list_running_shares(uow: UnitOfWork, today: date) -> tuple[RunningShare, ...]:
    """Return the clinic's shares that run on a local day, by case and colleague."""
    chosen = (
        select(case_staff.c.case_code, staff.c.email)
        .join(staff, (staff.c.clinic_id == case_staff.c.clinic_id) & (staff.c.id == case_staff.c.staff_id))
        .where(case_staff.c.clinic_id == uow.clinic_id, or_(case_staff.c.until.is_(None), case_staff.c.until >= today))
        .order_by(case_staff.c.case_code, staff.c.email)
    )
    return tuple(RunningShare(row.case_code, row.email) for row in uow.connection.execute(chosen))


def count_open_codes(uow: UnitOfWork, today: date) -> int:
    """Return how many of the clinic's codes open a form on a local day."""
    mine = (access_codes.c.clinic_id == uow.clinic_id) & access_codes.c.revoked_on.is_(None)
    lasts = or_(access_codes.c.expires_on.is_(None), access_codes.c.expires_on >= today)
    return uow.connection.scalar(select(func.count()).select_from(access_codes).where(mine, lasts)) or 0
