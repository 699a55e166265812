"""All that the form of a code is about, in two queries: what stands behind the code, and what its seat has sent."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, and_, bindparam, exists, select, true

from feedback.domain.access import AccessCode
from feedback.domain.care import Case, Clinic, TherapySession
from feedback.domain.errors import AccessCodeUnknown
from feedback.domain.weekly import WeeklyDay
from feedback.persistence.cases.care import CASE, HAS_CO_THERAPIST, read_case
from feedback.persistence.cases.codes import PLAIN, read_code
from feedback.persistence.clinic.clinics import read_clinic
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import (
    access_codes,
    cases,
    clinics,
    responses,
    rupture_flags,
    staff,
    taken_back,
    therapy_sessions,
    weekly_days,
    withdrawals,
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
_BEHIND = (
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
_LOCK = (
    select(cases.c.code)
    .join(access_codes, _with_case(cases, by="code"))
    .where(access_codes.c.clinic_id == bindparam("clinic"), access_codes.c.token_hash == bindparam("hash"))
    .with_for_update(key_share=True, of=cases)
)


def _at_session(table: Table) -> ColumnElement[bool]:
    """Join what hangs at each therapy session of a case for one seat."""
    return and_(
        table.c.clinic_id == cases.c.clinic_id,
        table.c.case_code == cases.c.code,
        table.c.session_number == therapy_sessions.c.number,
        table.c.seat == bindparam("seat"),
    )


_HISTORY = (
    select(
        therapy_sessions.c.number,
        therapy_sessions.c.held_on,
        responses.c.nonce_hash,
        withdrawals.c.withdrawn_by,
        exists()
        .where(taken_back.c.clinic_id == cases.c.clinic_id, taken_back.c.receipt_hash == bindparam("receipt"))
        .label("is_taken_back"),
    )
    .select_from(cases)
    .outerjoin(
        therapy_sessions,
        and_(therapy_sessions.c.clinic_id == cases.c.clinic_id, therapy_sessions.c.case_code == cases.c.code),
    )
    .outerjoin(responses, _at_session(responses))
    .outerjoin(withdrawals, _at_session(withdrawals))
    .where(cases.c.clinic_id == bindparam("clinic"), cases.c.code == bindparam("case"))
    .order_by(therapy_sessions.c.held_on, therapy_sessions.c.number)
)


@dataclass(frozen=True, slots=True)
class SeatHistory:
    """The therapy sessions of a case in the order they were held, and what one seat has sent about them.

    `nonces` are those of shared answers, and `withdrawn` the sessions whose shared answer is gone, by number of the
    session. `is_taken_back` says whether the answer of the receipt that was asked about was withdrawn.
    """

    meetings: tuple[TherapySession, ...]
    nonces: dict[int, bytes]
    withdrawn: frozenset[int]
    is_taken_back: bool


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
    """Return what stands behind a code by the hash of its token, whatever its state. Raises `AccessCodeUnknown`."""
    row = uow.connection.execute(_BEHIND, {"clinic": uow.clinic_id, "hash": token_hash}).first()
    if row is None:
        raise AccessCodeUnknown("We could not find that code.")
    return _read(tuple(row))


def lock_behind(uow: UnitOfWork, token_hash: bytes) -> None:
    """Wait until nobody else writes to a code's case. SQLite has one writer anyway; PostgreSQL locks the row."""
    if uow.database == "postgresql":
        uow.connection.execute(_LOCK, {"clinic": uow.clinic_id, "hash": token_hash})


def get_history(uow: UnitOfWork, case_code: str, seat: str, receipt_hash: bytes) -> SeatHistory:
    """Return what a seat has sent so far, and whether the answer of a receipt (empty for none) was withdrawn."""
    given = {"clinic": uow.clinic_id, "case": case_code, "seat": seat, "receipt": receipt_hash}
    rows = uow.connection.execute(_HISTORY, given).all()
    met = [row for row in rows if row.number is not None]
    return SeatHistory(
        tuple(TherapySession(case_code, row.number, row.held_on) for row in met),
        {row.number: row.nonce_hash for row in met if row.nonce_hash is not None},
        frozenset(row.number for row in met if row.withdrawn_by is not None),
        is_taken_back=any(row.is_taken_back for row in rows),
    )


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
