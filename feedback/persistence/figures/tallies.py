"""The true counts of a period, straight from the rows: the one place that counts answers for figures.

Clients are counted, one for each seat of a case: the database brings their answers together before anything is summed.
A client counts once, for the therapist who has the case and the team that one is in when the period is closed, however
often either changed before. Sums are of whole numbers.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, func, literal, null, or_, select, union_all

from feedback.domain.figures import measures
from feedback.domain.figures.contribution import FINE, Questionnaire
from feedback.domain.figures.measures import LEAST_DONE, RepairState
from feedback.domain.figures.period import Period
from feedback.domain.rupture import FlagStatus
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures.planner_hints import InOrder, Tenths, Unsought, prepare_counting
from feedback.persistence.tables import answers, cases, responses, rupture_flags, staff, therapy_sessions

_PLACE = ("case_code", "session_number", "seat")
_AT_ONCE = 200
"""Cases whose answers are read at once, one by one."""

Client = tuple[str, str]
"""Case code and seat."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the clinic's instruments ask, and every instrument id whose answers count for one of them."""

    counts_for: Mapping[str, Questionnaire]
    direct_items: Mapping[str, str]
    ranking: Sequence[str]


@dataclass(frozen=True, slots=True)
class ClientGroup:
    """Clients alike in their therapist's team, in whether they have a flag and where it stands, and in what was asked.

    `is_asked` says that one of their forms had a direct item.
    """

    team_id: str | None
    is_flagged: bool
    state: RepairState | None
    is_asked: bool
    count: int


@dataclass(frozen=True, slots=True)
class MeanGroup:
    """Weighted sums over answers to one instrument or, with `item_id`, over those that rated this item.

    Every scored answer of a client weighs as much as the others, all of a client's together `FINE`. `scores` and
    `ratings` are in tenths.
    """

    instrument_id: str
    item_id: str | None
    weight: int
    scores: int
    ratings: int


@dataclass(slots=True)
class SharedAnswer:
    """One shared answer as it was stored: for clients who also sent answers that are only counted."""

    instrument_id: str
    score: float | None
    ratings: dict[str, float]
    choices: dict[str, str]


def count_clients(uow: UnitOfWork, period: Period, asked: Asked) -> tuple[ClientGroup, ...]:
    """Return the clients who sent a shared answer to a therapy session of the period."""
    prepare_counting(uow)
    team_of = dict(
        uow.connection.execute(select(staff.c.id, staff.c.team_id).where(staff.c.clinic_id == uow.clinic_id)).all()
    )
    sent, clinic = _sent(uow, period), uow.clinic_id
    theirs = InOrder(sent, cases, and_(cases.c.clinic_id == clinic, cases.c.code == sent.c.case_code))
    rows = theirs.outerjoin(rupture_flags, _at_place_of(clinic, rupture_flags, sent))
    is_asked = sent.c.instrument_id.in_(list(asked.direct_items))
    each = (
        select(
            cases.c.therapist_id,
            func.max(case((rupture_flags.c.status.is_not(None), 1), else_=0)).label("flagged"),
            func.max(_state()).label("state"),
            func.max(case((is_asked, 1), else_=0)).label("asked"),
        )
        .select_from(rows)
        .group_by(sent.c.case_code, sent.c.seat, cases.c.therapist_id)
        .subquery("clients")
    )
    alike = (each.c.therapist_id, each.c.flagged, each.c.state, each.c.asked)
    found = uow.connection.execute(select(*alike, func.count()).group_by(*alike))
    return tuple(
        ClientGroup(team_of[therapist], bool(flagged), LEAST_DONE[state - 1] if state else None, bool(is_asked), count)
        for therapist, flagged, state, is_asked, count in found
    )


def sum_means(uow: UnitOfWork, period: Period, asked: Asked) -> tuple[MeanGroup, ...]:
    """Return the sums behind means over clients, of answers with a score."""
    prepare_counting(uow)
    sent = _sent(uow, period, [responses.c.score.is_not(None), responses.c.instrument_id.in_(list(asked.counts_for))])
    of_client = func.count().over(partition_by=(sent.c.case_code, sent.c.seat))
    each = select(
        *(sent.c[name] for name in _PLACE),
        sent.c.instrument_id,
        Tenths(sent.c.score).label("tenths"),
        (literal(FINE) // of_client).label("weight"),
    ).subquery("weighed")
    scores, weight = func.sum(each.c.weight * each.c.tenths), func.sum(each.c.weight)
    by_instrument = select(each.c.instrument_id, null(), weight, scores, literal(0)).group_by(each.c.instrument_id)
    is_rating = and_(_at_place_of(uow.clinic_id, answers, each), answers.c.choice == "")
    rated = func.sum(each.c.weight * Tenths(answers.c.value))
    alike = (each.c.instrument_id, answers.c.item_id)
    by_item = select(*alike, weight, scores, rated).select_from(InOrder(each, answers, is_rating)).group_by(*alike)
    rows = uow.connection.execute(union_all(by_instrument, by_item))
    return tuple(MeanGroup(name, item, *map(int, sums)) for name, item, *sums in rows if sums[0] is not None)


def count_clearest(uow: UnitOfWork, period: Period, asked: Asked) -> dict[str, int]:
    """Return how many clients' clearest shared answer to a direct item each option is, by measure."""
    if not asked.direct_items:
        return {}
    prepare_counting(uow)
    sent = _sent(uow, period, [responses.c.instrument_id.in_(list(asked.direct_items))])
    place = {measure: at for at, measure in enumerate(asked.ranking)}
    ranked = case(*((answers.c.choice == measures.member(measure), at) for measure, at in place.items()), else_=-1)
    is_answer = or_(
        *(
            and_(
                sent.c.instrument_id == name,
                answers.c.item_id == item,
                answers.c.choice.in_(asked.counts_for[name].options),
            )
            for name, item in asked.direct_items.items()
        )
    )
    is_direct = answers.c.item_id.in_(sorted(set(asked.direct_items.values())))
    rows = InOrder(sent, answers, and_(_at_place_of(uow.clinic_id, answers, sent), is_direct, is_answer))
    each = select(func.max(ranked).label("place")).select_from(rows)
    clients = each.group_by(sent.c.case_code, sent.c.seat).subquery("clients")
    found = uow.connection.execute(select(clients.c.place, func.count()).group_by(clients.c.place))
    return {asked.ranking[at]: count for at, count in found}


def shared_answers_of(
    uow: UnitOfWork, period: Period, clients: Iterable[Client]
) -> Iterator[tuple[Client, list[SharedAnswer]]]:
    """Return the shared answers of each of these clients to therapy sessions of the period, none for some."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for code, seat in clients:
        wanted[code].append(seat)
    in_order = sorted(wanted)
    for begin in range(0, len(in_order), _AT_ONCE):
        codes = in_order[begin : begin + _AT_ONCE]
        found = _answers_in(uow, period, codes)
        for code in codes:
            for seat in sorted(wanted[code]):
                yield (code, seat), list(found.get((code, seat), {}).values())


def _answers_in(uow: UnitOfWork, period: Period, codes: Sequence[str]) -> dict[Client, dict[int, SharedAnswer]]:
    sent = _sent(uow, period, [responses.c.case_code.in_(codes), therapy_sessions.c.case_code.in_(codes)])
    found: dict[Client, dict[int, SharedAnswer]] = defaultdict(dict)
    for row in uow.connection.execute(select(sent)):
        answer = SharedAnswer(row.instrument_id, row.score, {}, {})
        found[row.case_code, row.seat][row.session_number] = answer
    given = and_(_at_place_of(uow.clinic_id, answers, sent), answers.c.case_code.in_(codes))
    chosen = select(*(sent.c[name] for name in _PLACE), answers.c.item_id, answers.c.choice, answers.c.value)
    for row in uow.connection.execute(chosen.select_from(sent.join(answers, given))):
        answer = found[row.case_code, row.seat][row.session_number]
        if row.choice:
            answer.choices[row.item_id] = row.choice
        elif row.value is not None:
            answer.ratings[row.item_id] = row.value
    return found


def _state() -> ColumnElement[int]:
    """Return where a flag stands as its place in `LEAST_DONE`, from 1; 0 where there is nothing to repair."""
    status, is_closed = rupture_flags.c.status, cases.c.closed_on.is_not(None)
    open_ones = [each for each in FlagStatus if measures.repair_state(each, case_is_open=True) in _WHILE_OPEN]
    return case(
        (status == FlagStatus.SETTLED, 1 + LEAST_DONE.index(RepairState.SETTLED)),
        (status.in_(open_ones) & is_closed, 1 + LEAST_DONE.index(RepairState.ENDED)),
        (status == FlagStatus.MORE_TO_DO, 1 + LEAST_DONE.index(RepairState.MORE_TO_DO)),
        (status.in_(open_ones), 1 + LEAST_DONE.index(RepairState.OPEN)),
        else_=0,
    )


_WHILE_OPEN = (RepairState.OPEN, RepairState.MORE_TO_DO)


def _at_place_of(clinic_id: str, table: FromClause, chosen: FromClause) -> ColumnElement[bool]:
    return and_(table.c.clinic_id == clinic_id, *(table.c[name] == chosen.c[name] for name in _PLACE))


def _sent(uow: UnitOfWork, period: Period, more: Sequence[ColumnElement[bool]] = ()) -> FromClause:
    """Choose the period's shared answers: those to its therapy sessions, whenever they were sent.

    Rows are read in the order of their keys, on both engines: nothing has to be sorted.
    """
    day = therapy_sessions.c.held_on
    of_meeting = and_(
        responses.c.clinic_id == therapy_sessions.c.clinic_id,
        responses.c.case_code == therapy_sessions.c.case_code,
        responses.c.session_number == therapy_sessions.c.number,
    )
    key = (therapy_sessions.c.case_code, therapy_sessions.c.number.label("session_number"), responses.c.seat)
    chosen: Select[Any] = (
        select(*key, responses.c.instrument_id, responses.c.score)
        .select_from(InOrder(therapy_sessions, responses, of_meeting))
        .where(
            therapy_sessions.c.clinic_id == uow.clinic_id,
            Unsought(day) >= period.first_day,
            Unsought(day) <= period.last_day,
            *more,
        )
    )
    return chosen.subquery("sent")
