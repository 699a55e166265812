"""Who wants mail and when it last went out, as rows and back."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, insert, select, update

from feedback.domain.notice import Pace
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import notice_choices, staff


@dataclass(frozen=True, slots=True)
class NoticeChoice:
    """Somebody's choice; `email` is where it goes."""

    staff_id: str
    email: str
    pace: Pace
    last_sent_on: date | None


def get_pace(uow: UnitOfWork, staff_id: str) -> Pace | None:
    """Return how often somebody wants mail, or nothing."""
    found = uow.connection.scalar(select(notice_choices.c.pace).filter_by(clinic_id=uow.clinic_id, staff_id=staff_id))
    return Pace(found) if found else None


def put_pace(uow: UnitOfWork, staff_id: str, pace: Pace | None) -> None:
    """Keep how often somebody wants mail; with None they get none any more. The day of the last one stays."""
    mine = {"clinic_id": uow.clinic_id, "staff_id": staff_id}
    if pace is None:
        uow.connection.execute(delete(notice_choices).filter_by(**mine))
        return
    changed = uow.connection.execute(update(notice_choices).filter_by(**mine).values(pace=pace))
    if changed.rowcount == 0:
        uow.connection.execute(insert(notice_choices).values(**mine, pace=pace))


def list_choices(uow: UnitOfWork) -> tuple[NoticeChoice, ...]:
    """Return everybody of the clinic who wants mail and whose account is active."""
    chosen = (
        select(notice_choices.c.staff_id, staff.c.email, notice_choices.c.pace, notice_choices.c.last_sent_on)
        .join(staff, (staff.c.clinic_id == notice_choices.c.clinic_id) & (staff.c.id == notice_choices.c.staff_id))
        .where(notice_choices.c.clinic_id == uow.clinic_id, staff.c.disabled_on.is_(None))
        .order_by(notice_choices.c.staff_id)
    )
    return tuple(NoticeChoice(row[0], row[1], Pace(row[2]), row[3]) for row in uow.connection.execute(chosen))


def move_last_sent(uow: UnitOfWork, staff_id: str, before: date | None, after: date | None) -> bool:
    """Set the day of the last notice, if it still is what it was; so of two who try at once only one sends."""
    mine = update(notice_choices).filter_by(clinic_id=uow.clinic_id, staff_id=staff_id)
    unchanged = notice_choices.c.last_sent_on.is_(None) if before is None else notice_choices.c.last_sent_on == before
    return uow.connection.execute(mine.where(unchanged).values(last_sent_on=after)).rowcount == 1
