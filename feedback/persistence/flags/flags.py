"""Rupture flags, their log of reviews and the repairs, as rows and back."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, delete, func, insert, select, update

from feedback.domain.errors import NotFound
from feedback.domain.rupture import Finding, FlagReview, FlagStatus, Level, RuptureFlag
from feedback.persistence.answers.responses import Place, key, named_place
from feedback.persistence.database import UnitOfWork
from feedback.persistence.flags.findings import finding_as_text, finding_from_text, weight_of
from feedback.persistence.tables import flag_reviews, repair_notes, rupture_flags

_ADD = insert(rupture_flags)
_AT = select(rupture_flags).where(*named_place(rupture_flags))

_WITHDRAWN = Finding(method="", version="", probability=0.0, flag=False, level=Level.NONE, forms=0)
"""Stands where a reviewed flag's answer was withdrawn: only status and date remain."""


def _flag(row: Row[Any]) -> RuptureFlag:
    return RuptureFlag(
        id=row.id,
        case_code=row.case_code,
        session_number=row.session_number,
        seat=row.seat,
        status=FlagStatus(row.status),
        finding=finding_from_text(row.finding) if row.finding else _WITHDRAWN,
        held_on=row.held_on,
    )


def _written(finding: Finding | None) -> dict[str, Any]:
    """Return a finding as the columns of a flag, or what stands there after it was withdrawn."""
    direct, fell_by = weight_of(finding) if finding else (None, None)
    return {"finding": finding and finding_as_text(finding), "direct": direct, "fell_by": fell_by}


def flag_row(uow: UnitOfWork, flag_id: str, place: Place, finding: Finding, held_on: date) -> dict[str, Any]:
    """Return a new flag for the response at a place as a row."""
    return key(uow, place) | {
        "id": flag_id,
        "status": FlagStatus.NEW,
        "held_on": held_on,
        **_written(finding),
    }


def add_flag(uow: UnitOfWork, flag_id: str, place: Place, finding: Finding, held_on: date) -> None:
    """Store a new flag for the response at a place."""
    uow.connection.execute(_ADD, flag_row(uow, flag_id, place, finding, held_on))


def get_flag(uow: UnitOfWork, flag_id: str) -> RuptureFlag:
    """Return a flag. Raises `NotFound`."""
    row = uow.connection.execute(select(rupture_flags).filter_by(clinic_id=uow.clinic_id, id=flag_id)).first()
    if row is None:
        raise NotFound("There is no such flag.")
    return _flag(row)


def flag_at(uow: UnitOfWork, place: Place) -> RuptureFlag | None:
    """Return the flag of the response at a place, if it has one."""
    row = uow.connection.execute(_AT, key(uow, place)).first()
    return _flag(row) if row else None


def list_flags(uow: UnitOfWork, case_code: str) -> tuple[RuptureFlag, ...]:
    """Return a case's flags by therapy session."""
    rows = uow.connection.execute(
        select(rupture_flags)
        .filter_by(clinic_id=uow.clinic_id, case_code=case_code)
        .order_by(rupture_flags.c.session_number, rupture_flags.c.seat)
    )
    return tuple(map(_flag, rows))


def forget_answer(uow: UnitOfWork, flag: RuptureFlag) -> None:
    """After a withdrawal: an unreviewed flag goes; a reviewed one keeps only its status and date."""
    mine = {"clinic_id": uow.clinic_id, "id": flag.id}
    if list_reviews(uow, flag.id):
        uow.connection.execute(update(rupture_flags).filter_by(**mine).values(_written(None)))
    else:
        uow.connection.execute(delete(rupture_flags).filter_by(**mine))


def drop_untouched(uow: UnitOfWork, flag_id: str) -> None:
    """Delete a flag that its therapist has neither marked nor noted anything about; any other stays."""
    mine = {"clinic_id": uow.clinic_id, "id": flag_id}
    if not list_reviews(uow, flag_id) and get_repair(uow, flag_id) is None:
        uow.connection.execute(delete(rupture_flags).filter_by(**mine))


def refresh_finding(uow: UnitOfWork, flag: RuptureFlag, finding: Finding) -> None:
    """Give an open flag the finding that a late form changed; the flag itself stays."""
    mine = {"clinic_id": uow.clinic_id, "id": flag.id}
    uow.connection.execute(update(rupture_flags).filter_by(**mine).values(_written(finding)))


def list_reviews(uow: UnitOfWork, flag_id: str) -> tuple[FlagReview, ...]:
    """Return a flag's log of reviews, oldest first."""
    rows = uow.connection.execute(
        select(flag_reviews).filter_by(clinic_id=uow.clinic_id, flag_id=flag_id).order_by(flag_reviews.c.number)
    )
    return tuple(map(_review, rows))


def list_case_reviews(uow: UnitOfWork, case_code: str) -> dict[str, tuple[FlagReview, ...]]:
    """Return the logs of all flags of a case, by flag, oldest first."""
    log: dict[str, list[FlagReview]] = defaultdict(list)
    chosen = select(flag_reviews).join(rupture_flags, _of_flag(flag_reviews))
    chosen = chosen.where(rupture_flags.c.clinic_id == uow.clinic_id, rupture_flags.c.case_code == case_code)
    for row in uow.connection.execute(chosen.order_by(flag_reviews.c.number)):
        log[row.flag_id].append(_review(row))
    return {flag_id: tuple(reviews) for flag_id, reviews in log.items()}


def _of_flag(table: Table) -> ColumnElement[bool]:
    return (table.c.clinic_id == rupture_flags.c.clinic_id) & (table.c.flag_id == rupture_flags.c.id)


def _review(row: Row[Any]) -> FlagReview:
    return FlagReview(
        flag_id=row.flag_id,
        number=row.number,
        old_status=FlagStatus(row.old_status),
        new_status=FlagStatus(row.new_status),
        by=row.by_staff,
        on=row.on_day,
        undoes=row.undoes,
    )


def set_status(uow: UnitOfWork, flag: RuptureFlag, new: FlagStatus, *, by: str, on: date, undoes: bool = False) -> None:
    """Change a flag's status and write the log row in the same breath."""
    mine = {"clinic_id": uow.clinic_id, "id": flag.id}
    uow.connection.execute(update(rupture_flags).filter_by(**mine).values(status=new))
    last = uow.connection.scalar(
        select(func.max(flag_reviews.c.number)).filter_by(clinic_id=uow.clinic_id, flag_id=flag.id)
    )
    uow.connection.execute(
        insert(flag_reviews).values(
            clinic_id=uow.clinic_id,
            flag_id=flag.id,
            number=(last or 0) + 1,
            old_status=flag.status,
            new_status=new,
            by_staff=by,
            on_day=on,
            undoes=undoes,
        )
    )


def put_repair(uow: UnitOfWork, flag_id: str, talked_on: date, sealed_note: bytes | None) -> None:
    """Keep the therapist's note on a talk, in place of the one before."""
    mine = {"clinic_id": uow.clinic_id, "flag_id": flag_id}
    uow.connection.execute(delete(repair_notes).filter_by(**mine))
    uow.connection.execute(insert(repair_notes).values(**mine, talked_on=talked_on, sealed_note=sealed_note))


def get_repair(uow: UnitOfWork, flag_id: str) -> tuple[date, bytes | None] | None:
    """Return the day of the talk and the sealed note."""
    row = uow.connection.execute(select(repair_notes).filter_by(clinic_id=uow.clinic_id, flag_id=flag_id)).first()
    return (row.talked_on, row.sealed_note) if row else None


def list_case_repairs(uow: UnitOfWork, case_code: str) -> dict[str, tuple[date, bytes | None]]:
    """Return the days of the talks and the sealed notes of a case, by flag."""
    chosen = select(repair_notes).join(rupture_flags, _of_flag(repair_notes))
    rows = uow.connection.execute(
        chosen.where(rupture_flags.c.clinic_id == uow.clinic_id, rupture_flags.c.case_code == case_code)
    )
    return {row.flag_id: (row.talked_on, row.sealed_note) for row in rows}
