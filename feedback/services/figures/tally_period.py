"""Putting together what a period's figures are drawn from: clients, their means, flags, codes handed out.

Everything is summed in the database but for clients who also sent answers that are only counted. What those add by
their shared answers alone is taken away again, and what they add by both put in its place: one contribution a client.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from feedback.domain.figures import measures
from feedback.domain.figures.contribution import CENTRE, TOP, Answer, Sums, of_client
from feedback.domain.figures.draw import Tally
from feedback.domain.figures.period import Period, PeriodKind
from feedback.domain.figures.release import Rule
from feedback.domain.figures.unseen import UnseenAnswer, UnseenAnswers
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures import register, tallies
from feedback.persistence.figures.tallies import Asked, Client, ClientGroup, MeanGroup, SharedAnswer
from feedback.services.answers.answer_sums import AskedItems
from feedback.services.clinic.find_instrument import find_instrument


def tally_period(uow: UnitOfWork, period: Period, rule: Rule, timezone: str, unseen: UnseenAnswers) -> Tally:
    """Count a month or quarter, each client once. What is only counted enters a quarter only, and never a team."""
    is_quarter = period.kind is not PeriodKind.MONTH
    items = AskedItems([find_instrument(uow, each) for each in register.instruments_of_cases(uow)])
    asked = Asked(items.counts_for, items.direct_items, items.ranking)
    clients = tallies.count_clients(uow, period, asked)
    are_codes_published = rule.is_strict or not is_quarter
    codes = _codes(uow, period, timezone) if are_codes_published else 0
    if not is_quarter:
        return Tally(flags=_flags(clients), codes=codes)
    sums = _shared(uow, period, asked, items, clients)
    _take_in_unseen(uow, period, items, sums, unseen.answers)
    return Tally(
        flags=_flags(clients),
        codes=codes,
        sums=sums,
        items=items.items,
        off=items.off,
        repairs=_repairs(clients),
        contested=unseen.contested,
    )


def _shared(uow: UnitOfWork, period: Period, asked: Asked, items: AskedItems, clients: Iterable[ClientGroup]) -> Sums:
    """Return the sums over clients of shared answers alone: the same as adding up `of_client` one by one."""
    sums = Sums()
    groups = tallies.sum_means(uow, period, asked)
    for group in groups:
        if group.item_id is None:
            _add_score(sums, group, items)
    for group in groups:
        if group.item_id is not None:
            _add_item(sums, group, items)
    sums.off.update(tallies.count_clearest(uow, period, asked))
    if items.off:
        answered = sums.off.total()
        unanswered = measures.off_option(measures.UNANSWERED)
        sums.off[unanswered] = sum(each.count for each in clients if each.is_asked) - answered
    return sums


def _add_score(sums: Sums, group: MeanGroup, items: AskedItems) -> None:
    """Add an instrument's scores, and to each of its items the same: as if nobody had rated any."""
    mine = items.counts_for[group.instrument_id]
    sums.up[mine.id] += group.scores
    sums.down[mine.id] += TOP * group.weight - group.scores
    for item, measure in mine.items.items():
        usual = TOP * group.weight - group.scores if item in mine.reverse else group.scores
        sums.items[measure] += usual - CENTRE * group.weight


def _add_item(sums: Sums, group: MeanGroup, items: AskedItems) -> None:
    """Put ratings in the place of scores, for those answers that rated this item."""
    mine = items.counts_for[group.instrument_id]
    measure = mine.items.get(group.item_id or "")
    if measure is not None:
        usual = TOP * group.weight - group.scores if group.item_id in mine.reverse else group.scores
        sums.items[measure] += group.ratings - usual


def _take_in_unseen(
    uow: UnitOfWork, period: Period, items: AskedItems, sums: Sums, unseen: Iterable[UnseenAnswer]
) -> None:
    of_period = {str(month) for month in period.months}
    more: dict[Client, list[Answer]] = defaultdict(list)
    for each in unseen:
        answer = items.answer(each.instrument_id, each.ratings, each.direct)
        if answer is not None and each.month in of_period:
            more[each.case_code, each.seat].append(answer)
    for client, shared in tallies.shared_answers_of(uow, period, more):
        seen = [answer for each in shared if (answer := _as_answer(each, items)) is not None]
        sums.add(of_client(seen, items.ranking), times=-1)
        sums.add(of_client([*seen, *more[client]], items.ranking))


def _as_answer(shared: SharedAnswer, items: AskedItems) -> Answer | None:
    direct = shared.choices.get(items.direct_items.get(shared.instrument_id, ""))
    answer = items.answer(shared.instrument_id, shared.ratings, direct, shared.score)
    if answer is not None and shared.score is None:
        return Answer(answer.questionnaire, None, answer.ratings, direct)  # as it was stored, not scored anew
    return answer


def _codes(uow: UnitOfWork, period: Period, timezone: str) -> int:
    zone = ZoneInfo(timezone)
    begin, end = (
        datetime.combine(day, time(), zone) for day in (period.first_day, period.last_day + timedelta(days=1))
    )
    return register.count_codes(uow, begin, end)


def _flags(clients: Iterable[ClientGroup]) -> dict[str | None, tuple[int, int]]:
    counts: Counter[tuple[str | None, bool]] = Counter()
    for group in clients:
        counts[group.team_id, group.is_flagged] += group.count
    return {team: (counts[team, True], counts[team, False]) for team, _ in counts}


def _repairs(clients: Iterable[ClientGroup]) -> dict[measures.RepairState, int]:
    counts: Counter[measures.RepairState] = Counter()
    for group in clients:
        if group.state is not None:
            counts[group.state] += group.count
    return dict(counts)
