"""On which day a read by a case's own therapist was last written into the audit log, as rows and back."""

from datetime import date

from sqlalchemy import and_, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import reads

_DAY = select(reads.c.on_day).where(
    and_(
        reads.c.clinic_id == bindparam("clinic"),
        reads.c.staff_id == bindparam("staff"),
        reads.c.subject == bindparam("subject"),
    )
)


def last_read_on(uow: UnitOfWork, staff_id: str, subject: str) -> date | None:
    """Return the day of the latest read that was written down."""
    row = uow.connection.execute(_DAY, {"clinic": uow.clinic_id, "staff": staff_id, "subject": subject}).first()
    return row.on_day if row else None


def move_last_read(uow: UnitOfWork, staff_id: str, subject: str, day: date) -> bool:
    """Store that something was read on a day, and return whether that was not known yet: of two at once one is told."""
    engine = sqlite if uow.database == "sqlite" else postgresql
    row = engine.insert(reads).values(clinic_id=uow.clinic_id, staff_id=staff_id, subject=subject, on_day=day)
    renewed = row.on_conflict_do_update(
        index_elements=["clinic_id", "staff_id", "subject"], set_={"on_day": day}, where=reads.c.on_day < day
    )
    return uow.connection.execute(renewed.returning(reads.c.on_day)).first() is not None
