"""What a therapist's own figures are counted from: their flags and what followed, their sessions, their guesses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, exists, func, insert, select

from feedback.domain.rupture import FlagStatus
from feedback.persistence.answers.responses import Place, at, key
from feedback.persistence.dashboard.followup_responses import LaterRow, by_flag, later_forms
from feedback.persistence.dashboard.overview_queries import meeting_of, same
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import (
    cases,
    responses,
    rupture_flags,
    therapist_predictions,
    therapy_sessions,
)

_KEY = ("clinic_id", "case_code", "session_number", "seat")


@dataclass(frozen=True, slots=True)
class OwnFlag:
    """A flag of one's own cases: its status, and whether the case goes on."""

    id: str
    status: FlagStatus
    instrument_id: str
    case_is_open: bool


@dataclass(frozen=True, slots=True)
class Guess:
    """A guess beside the answer, both on 0–10."""

    held_on: date
    place: Place
    guessed: float
    answered: float


def list_own_flags(uow: UnitOfWork, therapist_id: str, since: date) -> tuple[OwnFlag, ...]:
    """Return the flags of one's own cases since a day, of closed cases too; withdrawn answers raise none."""
    chosen = (
        select(rupture_flags.c.id, rupture_flags.c.status, cases.c.instrument_id, cases.c.closed_on.is_(None))
        .join(cases, _own(uow, therapist_id) & (cases.c.code == rupture_flags.c.case_code))
        .where(_since(uow, since))
    )
    return tuple(
        OwnFlag(flag_id, FlagStatus(status), name, bool(is_open))
        for flag_id, status, name, is_open in uow.connection.execute(chosen)
    )


def list_later_forms(uow: UnitOfWork, therapist_id: str, since: date) -> Mapping[str, tuple[LaterRow, ...]]:
    """Return what was shared after each of these flags by the same person, oldest first, by flag."""
    chosen = later_forms(_own(uow, therapist_id), _since(uow, since))
    return by_flag(uow.connection.execute(chosen, {"therapist": therapist_id}))


def count_sessions(uow: UnitOfWork, therapist_id: str, since: date) -> tuple[int, int]:
    """Count the therapy sessions held since a day, and those after which at least one person shared an answer.

    Codes are not counted: they are purged days after they end.
    """
    is_shared = exists().where(meeting_of(responses)).correlate(therapy_sessions)
    counted = (
        select(func.count(), func.coalesce(func.sum(case((is_shared, 1), else_=0)), 0))
        .select_from(therapy_sessions)
        .join(cases, _own(uow, therapist_id) & (cases.c.code == therapy_sessions.c.case_code))
        .where(therapy_sessions.c.clinic_id == uow.clinic_id, therapy_sessions.c.held_on >= since)
    )
    row = uow.connection.execute(counted).one()
    return int(row[0]), int(row[1])


def put_guess(uow: UnitOfWork, staff_id: str, place: Place, value: float) -> None:
    """Keep a guess, once: the place has none of this person yet."""
    uow.connection.execute(
        insert(therapist_predictions).values(key(uow, place) | {"staff_id": staff_id, "value": value})
    )


def get_guess(uow: UnitOfWork, staff_id: str, place: Place) -> float | None:
    """Return somebody's own guess at a place."""
    return uow.connection.scalar(
        select(therapist_predictions.c.value).where(
            at(therapist_predictions, uow, place), therapist_predictions.c.staff_id == staff_id
        )
    )


def list_guesses(uow: UnitOfWork, staff_id: str) -> tuple[Guess, ...]:
    """Return somebody's guesses on their own cases that have an answer with a score beside them, oldest first."""
    chosen = (
        select(
            therapy_sessions.c.held_on,
            therapist_predictions.c.case_code,
            therapist_predictions.c.session_number,
            therapist_predictions.c.seat,
            therapist_predictions.c.value,
            responses.c.score,
        )
        .select_from(therapist_predictions)
        .join(responses, same(responses, therapist_predictions, _KEY))
        .join(therapy_sessions, meeting_of(therapist_predictions))
        .join(cases, and_(_own(uow, staff_id), cases.c.code == therapist_predictions.c.case_code))
        .where(
            therapist_predictions.c.clinic_id == uow.clinic_id,
            therapist_predictions.c.staff_id == staff_id,
            responses.c.score.isnot(None),
        )
        .order_by(therapy_sessions.c.held_on, therapist_predictions.c.case_code, therapist_predictions.c.session_number)
    )
    return tuple(
        Guess(row.held_on, (row.case_code, row.session_number, row.seat), row.value, row.score)
        for row in uow.connection.execute(chosen)
    )


def _own(uow: UnitOfWork, therapist_id: str) -> ColumnElement[bool]:
    return and_(cases.c.clinic_id == uow.clinic_id, cases.c.therapist_id == therapist_id)


def _since(uow: UnitOfWork, since: date) -> ColumnElement[bool]:
    return and_(
        rupture_flags.c.clinic_id == uow.clinic_id,
        rupture_flags.c.held_on >= since,
        rupture_flags.c.finding.isnot(None),
    )
