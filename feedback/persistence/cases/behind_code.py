"""All that the form of a code is about, in one question to the database instead of six.

What follows an answer that came meanwhile, the answers themselves, is asked apart: see `responses.nonces_of`.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, and_, bindparam, select, true

from feedback.domain.access import AccessCode
from feedback.domain.care import Case, Clinic, TherapySession
from feedback.domain.errors import AccessCodeUnknown
from feedback.domain.weekly import WeeklyDay
from feedback.persistence.cases.care import CASE, HAS_CO_THERAPIST, read_case
from feedback.persistence.cases.codes import PLAIN, read_code
from feedback.persistence.clinic.clinics import read_clinic
from feedback.persistence.database import UnitOfWork
from feedback.persistence.ready import Ready
from feedback.persistence.tables import (
    access_codes,
    cases,
    clinics,
    rupture_flags,
    staff,
    therapy_sessions,
    weekly_days,
)
from feedback.persistence.tables.judging import FLAG_IS_OPEN

_CODE_ENDS: Final = len(PLAIN)
_CASE_ENDS: Final = _CODE_ENDS + len(CASE)
_CLINIC_ENDS: Final = _CASE_ENDS + len(clinics.c)


def _with_case(table: Table, *, by: str = "case_code") -> ColumnElement[bool]:
    return and_(table.c.clinic_id == access_codes.c.clinic_id, table.c[by] == access_codes.c.case_code)


_OPEN_FLAG = (
    select(true()).where(_with_case(rupture_flags), rupture_flags.c.seat == access_codes.c.seat, FLAG_IS_OPEN).exists()
)
_BEHIND = Ready(
    select(
        *PLAIN,
        *CASE,
        *clinics.c,
        staff.c.display_name,
        staff.c.disabled_on.is_(None),
        HAS_CO_THERAPIST,
        therapy_sessions.c.held_on,
        weekly_days.c.weekday,
        weekly_days.c.since,
        _OPEN_FLAG,
    )
    .join(cases, _with_case(cases, by="code"))
    .join(clinics, clinics.c.id == access_codes.c.clinic_id)
    .join(staff, (staff.c.clinic_id == cases.c.clinic_id) & (staff.c.id == cases.c.therapist_id))
    .outerjoin(
        therapy_sessions,
        _with_case(therapy_sessions) & (therapy_sessions.c.number == access_codes.c.session_number),
    )
    .outerjoin(weekly_days, _with_case(weekly_days))
    .where(access_codes.c.clinic_id == bindparam("clinic"), access_codes.c.token_hash == bindparam("hash"))
)
_LOCK = Ready(
    select(cases.c.code)
    .join(access_codes, _with_case(cases, by="code"))
    .where(access_codes.c.clinic_id == bindparam("clinic"), access_codes.c.token_hash == bindparam("hash"))
    .with_for_update(key_share=True, of=cases)
)


@dataclass(frozen=True, slots=True)
class BehindCode:
    """A code, whose it is, and what its form asks about.

    `can_be_read` while the therapist's account is in use; `has_co_therapist` when somebody else is a therapist of the
    case too; `meeting` of a code for one therapy session; `has_open_flag` when a possible rupture of this seat is open.
    """

    code: AccessCode
    case: Case
    clinic: Clinic
    therapist: str
    can_be_read: bool
    has_co_therapist: bool
    meeting: TherapySession | None
    weekly: WeeklyDay | None
    has_open_flag: bool


def get_behind(uow: UnitOfWork, token_hash: bytes) -> BehindCode:
    """Give what stands behind a code by the hash of its token, whatever its state. Raises `AccessCodeUnknown`."""
    row = _BEHIND.first(uow, clinic=uow.clinic_id, hash=token_hash)
    if row is None:
        raise AccessCodeUnknown("We could not find that code.")
    return _read(tuple(row))


def lock_behind(uow: UnitOfWork, token_hash: bytes) -> None:
    """Wait until nobody else writes to a code's case. SQLite has one writer anyway; PostgreSQL locks the row."""
    if uow.database == "postgresql":
        _LOCK.run(uow, clinic=uow.clinic_id, hash=token_hash)


def _read(row: tuple[Any, ...]) -> BehindCode:
    code = read_code(row[:_CODE_ENDS])
    therapist, in_use, several, held_on, weekday, since, has_open_flag = row[_CLINIC_ENDS:]
    return BehindCode(
        code=code,
        case=read_case(row[_CODE_ENDS:_CASE_ENDS]),
        clinic=read_clinic(row[_CASE_ENDS:_CLINIC_ENDS]),
        therapist=therapist,
        can_be_read=bool(in_use),
        has_co_therapist=bool(several),
        meeting=None if code.session_number is None else TherapySession(code.case_code, code.session_number, held_on),
        weekly=None if since is None else WeeklyDay(weekday, since),
        has_open_flag=bool(has_open_flag),
    )
