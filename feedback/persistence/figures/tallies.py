"""The true counts of a period, straight from the rows: the one place that counts answers for figures.

Of one case a bounded number of shared responses is counted per month, the first by therapy session and seat: which
ones does not depend on what they say. Sums are made in the database, of whole tenths of a point.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, Subquery, and_, case, extract, func, select, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from feedback.domain.figures.period import Period
from feedback.domain.filing import AnonymousResponse
from feedback.persistence.answers.filing import anonymous_columns
from feedback.persistence.database import UnitOfWork
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


class _Tenths(FunctionElement[int]):
    """A number in whole tenths, halves up, the same on both engines."""

    type = Integer()
    inherit_cache = True


@compiles(_Tenths, "sqlite")
def _tenths_on_sqlite(element: Any, compiler: SQLCompiler, **more: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **more)} * 10 + 0.5 AS INTEGER)"


@compiles(_Tenths, "postgresql")
def _tenths_on_postgresql(element: Any, compiler: SQLCompiler, **more: Any) -> str:
    return f"CAST(floor({compiler.process(element.clauses, **more)} * 10 + 0.5) AS BIGINT)"


class _Unsought(FunctionElement[date]):
    """A column that SQLite looks up in no index: what it bounds is then read in the order of the rows' own keys."""

    type = Date()
    inherit_cache = True


@compiles(_Unsought, "sqlite")
def _unsought_on_sqlite(element: Any, compiler: SQLCompiler, **more: Any) -> str:
    return f"+{compiler.process(element.clauses, **more)}"


@compiles(_Unsought, "postgresql")
def _unsought_on_postgresql(element: Any, compiler: SQLCompiler, **more: Any) -> str:
    return str(compiler.process(element.clauses, **more))


_JOIN_WHOLE_TABLES = ("enable_memoize = off", "enable_nestloop = off", "work_mem = '64MB'")
"""PostgreSQL takes the parts of our long keys for independent, expects few rows, and looks each one up by itself:
at 80,000 responses that took six times as long as joining whole tables."""


def prepare_counting(uow: UnitOfWork) -> None:
    """Let PostgreSQL join whole tables until this unit of work ends."""
    if uow.connection.dialect.name == "postgresql":
        for setting in _JOIN_WHOLE_TABLES:
            uow.connection.execute(text(f"SET LOCAL {setting}"))


def group_shared(uow: UnitOfWork, period: Period, most: int) -> tuple[SharedGroup, ...]:
    """Count what the therapists of a clinic were sent in a period, at most `most` of a case per month."""
    counted = _less(_count_shared(uow, _shared(uow, period)), _count_shared(uow, _beyond(uow, period, most)))
    return tuple(SharedGroup(*alike, *numbers) for alike, numbers in counted.items())


def group_answers(uow: UnitOfWork, period: Period, most: int) -> tuple[AnswerGroup, ...]:
    """Count and sum the answers of those same responses."""
    counted = _less(_count_answers(uow, _shared(uow, period)), _count_answers(uow, _beyond(uow, period, most)))
    return tuple(AnswerGroup(*alike, *numbers) for alike, numbers in counted.items())


_Counts = dict[tuple[Any, ...], tuple[int, ...]]


def _less(everything: _Counts, beyond: _Counts) -> _Counts:
    """Take off what is beyond the bound.

    To choose what counts by its place takes several times as long as to count all, and few responses are beyond it.
    """
    left = {
        alike: tuple(have - gone for have, gone in zip(numbers, beyond.get(alike, (0,) * len(numbers)), strict=True))
        for alike, numbers in everything.items()
    }
    return {alike: numbers for alike, numbers in left.items() if numbers[0]}


def _count_shared(uow: UnitOfWork, chosen: Subquery) -> _Counts:
    of_flag = and_(*(rupture_flags.c[name] == chosen.c[name] for name in _PLACE))
    alike = (
        staff.c.team_id,
        chosen.c.instrument_id,
        rupture_flags.c.status,
        case((cases.c.closed_on.is_(None), 1), else_=0),
    )
    sums = (func.count(), func.count(chosen.c.score), func.coalesce(func.sum(_Tenths(chosen.c.score)), 0))
    rows = uow.connection.execute(
        select(*alike, *sums)
        .select_from(chosen)
        .join(cases, and_(cases.c.clinic_id == chosen.c.clinic_id, cases.c.code == chosen.c.case_code))
        .join(staff, and_(staff.c.clinic_id == cases.c.clinic_id, staff.c.id == cases.c.therapist_id))
        .outerjoin(rupture_flags, of_flag)
        .group_by(*alike)
    )
    return {(*row[:3], bool(row[3])): tuple(map(int, row[4:])) for row in rows}


def _count_answers(uow: UnitOfWork, chosen: Subquery) -> _Counts:
    theirs = and_(*(answers.c[name] == chosen.c[name] for name in _PLACE))
    alike = (chosen.c.instrument_id, answers.c.item_id, answers.c.choice)
    sums = (func.count(), func.coalesce(func.sum(_Tenths(answers.c.value)), 0))
    rows = uow.connection.execute(select(*alike, *sums).join_from(chosen, answers, theirs).group_by(*alike))
    return {tuple(row[:3]): tuple(map(int, row[3:])) for row in rows}


def anonymous_of(uow: UnitOfWork, period: Period) -> Iterator[AnonymousResponse]:
    """Give the filed answers of a period's months that nobody took back, one by one."""
    chosen = select(*anonymous_columns()).where(
        anonymous_responses.c.clinic_id == uow.clinic_id,
        anonymous_responses.c.month.in_([str(month) for month in period.months]),
        anonymous_responses.c.withdrawn.is_(False),
    )
    for row in uow.connection.execute(chosen.execution_options(yield_per=_AT_ONCE)):
        yield AnonymousResponse(**row._mapping)


def _beyond(uow: UnitOfWork, period: Period, most: int) -> Subquery:
    """Choose the responses that do not count: in a month, a case had `most` before them by therapy session and seat."""
    shared = _shared(uow, period)
    full = select(shared.c.case_code).group_by(shared.c.case_code, shared.c.month).having(func.count() > most)
    place = func.row_number().over(
        partition_by=(shared.c.case_code, shared.c.month), order_by=(shared.c.session_number, shared.c.seat)
    )
    placed = select(shared, place.label("place")).where(shared.c.case_code.in_(full)).subquery("placed")
    return select(placed).where(placed.c.place > most).subquery("beyond")


def _shared(uow: UnitOfWork, period: Period) -> Subquery:
    """Choose the period's responses. They belong to the month of their therapy session, whenever they were sent."""
    of_meeting = and_(
        responses.c.clinic_id == therapy_sessions.c.clinic_id,
        responses.c.case_code == therapy_sessions.c.case_code,
        responses.c.session_number == therapy_sessions.c.number,
    )
    return (
        select(
            *(responses.c[name] for name in _PLACE),
            responses.c.instrument_id,
            responses.c.score,
            extract("month", therapy_sessions.c.held_on).label("month"),
        )
        .join_from(therapy_sessions, responses, of_meeting)
        .where(
            therapy_sessions.c.clinic_id == uow.clinic_id,
            _Unsought(therapy_sessions.c.held_on) >= period.first_day,
            _Unsought(therapy_sessions.c.held_on) <= period.last_day,
        )
        .subquery("shared")
    )
