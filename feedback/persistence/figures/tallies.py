"""The true counts of a period, straight from the rows: the one place that counts answers for figures.

Of one case a bounded number of shared responses is counted per month, the first by therapy session and seat: which
ones does not depend on what they say. Sums are made in the database, of whole tenths of a point.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, func, literal, null, select, union_all

from feedback.domain.figures.period import Period
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures.by_key import InOrder, Tenths, Unsought, prepare_counting
from feedback.persistence.tables import (
    answers,
    cases,
    responses,
    rupture_flags,
    staff,
    therapy_sessions,
)

_PLACE = ("case_code", "session_number", "seat")


@dataclass(frozen=True, slots=True)
class SharedGroup:
    """Shared responses alike in team, instrument, flag and case: how many, how many have a score, and its sum.

    There is one for each therapist of a team; whose is not said. `flag_status` is the mark on their flag, None for
    responses without one. Sums are in tenths of a point.
    """

    team_id: str | None
    instrument_id: str
    flag_status: str | None
    case_is_open: bool
    count: int
    scored: int
    tenths: int


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """Answers alike in instrument, item and choice (empty for a rating): how many, and the sum of ratings in tenths."""

    instrument_id: str
    item_id: str
    choice: str
    count: int
    tenths: int


@dataclass(frozen=True, slots=True)
class Shared:
    """What a clinic's therapists were sent in a period: its responses, and their answers where they were asked for."""

    responses: tuple[SharedGroup, ...]
    answers: tuple[AnswerGroup, ...]


def count_shared(uow: UnitOfWork, period: Period, most: int, *, with_answers: bool) -> Shared:
    """Count what came in a period, at most `most` responses of a case per month."""
    prepare_counting(uow)
    teams = select(staff.c.id, staff.c.team_id).where(staff.c.clinic_id == uow.clinic_id)
    team_of = {row.id: row.team_id for row in uow.connection.execute(teams)}
    chosen = _chosen(uow, period, most)
    counted = _responses_of(uow.clinic_id, chosen)
    rows = uow.connection.execute(union_all(counted, _answers_of(uow.clinic_id, chosen)) if with_answers else counted)
    sent, said = [], []
    for therapist, instrument, status, case_is_open, item, choice, count, scored, tenths in rows:
        if item is None:
            team = team_of[therapist]
            sent.append(SharedGroup(team, instrument, status, bool(case_is_open), count, scored, int(tenths)))
        else:
            said.append(AnswerGroup(instrument, item, choice, count, int(tenths)))
    return Shared(tuple(sent), tuple(said))


def _responses_of(clinic_id: str, chosen: FromClause) -> Select[Any]:
    is_open = case((cases.c.closed_on.is_(None), 1), else_=0)
    alike = (cases.c.therapist_id, chosen.c.instrument_id, rupture_flags.c.status, is_open)
    of_case = and_(cases.c.clinic_id == clinic_id, cases.c.code == chosen.c.case_code)
    theirs = InOrder(chosen, cases, of_case)
    rows = theirs.outerjoin(rupture_flags, _at_place_of(clinic_id, rupture_flags, chosen))
    numbers = (func.count(), func.count(chosen.c.score), _sum_of_tenths(chosen.c.score))
    return select(*alike, null(), null(), *numbers).select_from(rows).group_by(*alike)


def _answers_of(clinic_id: str, chosen: FromClause) -> Select[Any]:
    said = (answers.c.item_id, answers.c.choice)
    rows = InOrder(chosen, answers, _at_place_of(clinic_id, answers, chosen))
    numbers = (func.count(), literal(0), _sum_of_tenths(answers.c.value))
    counted = select(null(), chosen.c.instrument_id, null(), null(), *said, *numbers)
    return counted.select_from(rows).group_by(chosen.c.instrument_id, *said)


def _sum_of_tenths(column: ColumnElement[Any]) -> ColumnElement[int]:
    return func.coalesce(func.sum(Tenths(column)), 0)


def _at_place_of(clinic_id: str, table: FromClause, chosen: FromClause) -> ColumnElement[bool]:
    return and_(table.c.clinic_id == clinic_id, *(table.c[name] == chosen.c[name] for name in _PLACE))


def _chosen(uow: UnitOfWork, period: Period, most: int) -> FromClause:
    """Choose the period's responses that count: in its month, a case had fewer than `most` before each of them.

    They belong to the month of their therapy session, whenever they were sent. Each month is counted along the rows in
    the order of their keys, in which both engines read them: nothing has to be sorted.
    """
    day = therapy_sessions.c.held_on
    of_meeting = and_(
        responses.c.clinic_id == therapy_sessions.c.clinic_id,
        responses.c.case_code == therapy_sessions.c.case_code,
        responses.c.session_number == therapy_sessions.c.number,
    )
    case_code, number, seat = therapy_sessions.c.case_code, therapy_sessions.c.number, responses.c.seat
    months = [(day >= month.first_day) & (day <= month.last_day) for month in period.months]
    so_far = [
        func.count(case((is_in, 1))).over(partition_by=case_code, order_by=(number, seat), rows=(None, 0))
        for is_in in months
    ]
    place = case(*zip(months, so_far, strict=True))
    key = (case_code, number.label("session_number"), seat)
    shared = (
        select(*key, responses.c.instrument_id, responses.c.score, place.label("place"))
        .select_from(InOrder(therapy_sessions, responses, of_meeting))
        .where(
            therapy_sessions.c.clinic_id == uow.clinic_id,
            Unsought(day) >= period.first_day,
            Unsought(day) <= period.last_day,
        )
        .subquery("shared")
    )
    return select(shared).where(shared.c.place <= most).subquery("chosen")
