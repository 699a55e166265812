"""The true counts of a period, straight from the rows: the one place that counts answers for figures.

Of one case a bounded number of shared responses is counted per month, the first by therapy session and seat: which
ones does not depend on what they say. Sums are made in the database, of whole tenths of a point.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Select, Subquery, and_, extract, func, select, text
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
    found = _counted(uow, period, most)
    of_flag = and_(*(rupture_flags.c[name] == found.c[name] for name in _PLACE))
    alike = (found.c.team_id, found.c.instrument_id, rupture_flags.c.status, found.c.is_open)
    sums = (func.count(), func.count(found.c.score), func.coalesce(func.sum(_Tenths(found.c.score)), 0))
    rows = uow.connection.execute(select(*alike, *sums).outerjoin_from(found, rupture_flags, of_flag).group_by(*alike))
    return tuple(
        SharedGroup(team, instrument, status, bool(is_open), int(count), int(scored), int(tenths))
        for team, instrument, status, is_open, count, scored, tenths in rows
    )


def group_answers(uow: UnitOfWork, period: Period, most: int) -> tuple[AnswerGroup, ...]:
    """Count and sum the answers of those same responses."""
    found = _counted(uow, period, most)
    theirs = and_(*(answers.c[name] == found.c[name] for name in _PLACE))
    alike = (found.c.instrument_id, answers.c.item_id, answers.c.choice)
    sums = (func.count(), func.coalesce(func.sum(_Tenths(answers.c.value)), 0))
    rows = uow.connection.execute(select(*alike, *sums).join_from(found, answers, theirs).group_by(*alike))
    return tuple(
        AnswerGroup(instrument, item, choice, int(count), int(tenths))
        for instrument, item, choice, count, tenths in rows
    )


def anonymous_of(uow: UnitOfWork, period: Period) -> Iterator[AnonymousResponse]:
    """Give the filed answers of a period's months that nobody took back, one by one."""
    chosen = select(*anonymous_columns()).where(
        anonymous_responses.c.clinic_id == uow.clinic_id,
        anonymous_responses.c.month.in_([str(month) for month in period.months]),
        anonymous_responses.c.withdrawn.is_(False),
    )
    for row in uow.connection.execute(chosen.execution_options(yield_per=_AT_ONCE)):
        yield AnonymousResponse(**row._mapping)


def _counted(uow: UnitOfWork, period: Period, most: int) -> Subquery:
    """Choose the responses that count. They belong to the month of their therapy session, whenever they were sent."""
    everything = _shared(uow, period).subquery("shared")
    return select(everything).where(everything.c.place <= most).subquery("counted")


def _shared(uow: UnitOfWork, period: Period) -> Select[Any]:
    month = extract("month", therapy_sessions.c.held_on)
    place = func.row_number().over(
        partition_by=(responses.c.case_code, month), order_by=(responses.c.session_number, responses.c.seat)
    )
    return (
        select(
            *(responses.c[name] for name in _PLACE),
            responses.c.instrument_id,
            responses.c.score,
            staff.c.team_id,
            cases.c.closed_on.is_(None).label("is_open"),
            place.label("place"),
        )
        .select_from(therapy_sessions)
        .join(
            responses,
            and_(
                responses.c.clinic_id == therapy_sessions.c.clinic_id,
                responses.c.case_code == therapy_sessions.c.case_code,
                responses.c.session_number == therapy_sessions.c.number,
            ),
        )
        .join(cases, and_(cases.c.clinic_id == responses.c.clinic_id, cases.c.code == responses.c.case_code))
        .join(staff, and_(staff.c.clinic_id == cases.c.clinic_id, staff.c.id == cases.c.therapist_id))
        .where(
            therapy_sessions.c.clinic_id == uow.clinic_id,
            therapy_sessions.c.held_on.between(period.first_day, period.last_day),
        )
    )
