"""The true counts of a period, straight from the rows: the one place that counts answers for figures.

Of one case a bounded number of shared responses is counted per month, the first by therapy session and seat: which
ones does not depend on what they say. Sums are made in the database, of whole tenths of a point.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, FromClause, Select, and_, case, func, literal, null, select, union_all

from feedback.domain.figures.period import Period
from feedback.domain.filing import AnonymousResponse
from feedback.persistence.answers.filing import anonymous_columns
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures.whole_tables import InOrder, Tenths, Unsought, prepare_counting
from feedback.persistence.tables import (
    anonymous_responses,
    answers,
    cases,
    responses,
    rupture_flags,
    staff,
    therapy_sessions,
)

_PLACE = ("clinic_id", "case_code", "session_number", "seat")
_ALIKE = 6
"""So many columns say in what counted rows are alike; the others are numbers."""

_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class SharedGroup:
    """Shared responses alike in team, instrument, flag and case: how many, how many have a score, and its sum.

    `flag_status` is the mark on their flag, None for responses without one. Sums are in tenths of a point.
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
    """Count what came in a period, at most `most` responses of a case per month.

    All are counted first, and what is beyond the bound is taken off: to choose what counts by its place takes several
    times as long as to count all, and few responses are beyond it.
    """
    prepare_counting(uow)
    counted = _count(uow, _shared(uow, period), with_answers=with_answers)
    for alike, numbers in _count(uow, _beyond(uow, period, most), with_answers=with_answers).items():
        counted[alike] = tuple(have - gone for have, gone in zip(counted[alike], numbers, strict=True))
    sent, said = [], []
    for (team, instrument, status, case_is_open, item, choice), (count, scored, tenths) in counted.items():
        if not count:
            continue
        if item is None:
            sent.append(SharedGroup(team, instrument, status, bool(case_is_open), count, scored, tenths))
        else:
            said.append(AnswerGroup(instrument, item, choice, count, tenths))
    return Shared(tuple(sent), tuple(said))


_Counts = dict[tuple[Any, ...], tuple[int, ...]]


def _count(uow: UnitOfWork, chosen: FromClause, *, with_answers: bool) -> _Counts:
    """Count chosen responses and their answers in one statement, so that what is chosen by its place is so once."""
    counted = _responses_of(chosen)
    rows = uow.connection.execute(union_all(counted, _answers_of(chosen)) if with_answers else counted)
    return {tuple(row[:_ALIKE]): tuple(map(int, row[_ALIKE:])) for row in rows}


def _responses_of(chosen: FromClause) -> Select[Any]:
    is_open = case((cases.c.closed_on.is_(None), 1), else_=0)
    alike = (staff.c.team_id, chosen.c.instrument_id, rupture_flags.c.status, is_open)
    of_case = and_(cases.c.clinic_id == chosen.c.clinic_id, cases.c.code == chosen.c.case_code)
    of_therapist = and_(staff.c.clinic_id == cases.c.clinic_id, staff.c.id == cases.c.therapist_id)
    theirs = InOrder(InOrder(chosen, cases, of_case), staff, of_therapist)
    rows = theirs.outerjoin(rupture_flags, _same_place(rupture_flags, chosen))
    numbers = (func.count(), func.count(chosen.c.score), _sum_of_tenths(chosen.c.score))
    return select(*alike, null(), null(), *numbers).select_from(rows).group_by(*alike)


def _answers_of(chosen: FromClause) -> Select[Any]:
    said = (answers.c.item_id, answers.c.choice)
    rows = InOrder(chosen, answers, _same_place(answers, chosen))
    numbers = (func.count(), literal(0), _sum_of_tenths(answers.c.value))
    counted = select(null(), chosen.c.instrument_id, null(), null(), *said, *numbers)
    return counted.select_from(rows).group_by(chosen.c.instrument_id, *said)


def _sum_of_tenths(column: ColumnElement[Any]) -> ColumnElement[int]:
    return func.coalesce(func.sum(Tenths(column)), 0)


def _same_place(table: FromClause, chosen: FromClause) -> ColumnElement[bool]:
    return and_(*(table.c[name] == chosen.c[name] for name in _PLACE))


def anonymous_of(uow: UnitOfWork, period: Period) -> Iterator[AnonymousResponse]:
    """Give the filed answers of a period's months that nobody took back, one by one."""
    chosen = select(*anonymous_columns()).where(
        anonymous_responses.c.clinic_id == uow.clinic_id,
        anonymous_responses.c.month.in_([str(month) for month in period.months]),
        anonymous_responses.c.withdrawn.is_(False),
    )
    for row in uow.connection.execute(chosen.execution_options(yield_per=_AT_ONCE)):
        yield AnonymousResponse(**row._mapping)


def _beyond(uow: UnitOfWork, period: Period, most: int) -> CTE:
    """Choose the responses that do not count: in a month, a case had `most` before them by therapy session and seat."""
    shared = _shared(uow, period)
    place = func.row_number().over(
        partition_by=(shared.c.case_code, shared.c.month), order_by=(shared.c.session_number, shared.c.seat)
    )
    placed = select(shared, place.label("place")).subquery("placed")
    return select(placed).where(placed.c.place > most).cte("beyond")


def _shared(uow: UnitOfWork, period: Period) -> FromClause:
    """Choose the period's responses. They belong to the month of their therapy session, whenever they were sent."""
    day = therapy_sessions.c.held_on
    of_meeting = and_(
        responses.c.clinic_id == therapy_sessions.c.clinic_id,
        responses.c.case_code == therapy_sessions.c.case_code,
        responses.c.session_number == therapy_sessions.c.number,
    )
    month = case(*((day <= each.last_day, each.number) for each in period.months))
    place = (responses.c[name] for name in _PLACE)
    return (
        select(*place, responses.c.instrument_id, responses.c.score, month.label("month"))
        .select_from(InOrder(therapy_sessions, responses, of_meeting))
        .where(
            therapy_sessions.c.clinic_id == uow.clinic_id,
            Unsought(day) >= period.first_day,
            Unsought(day) <= period.last_day,
        )
        .subquery("shared")
    )
