"""Putting together what a period's figures are drawn from: shared answers, unseen ones, flags, codes handed out."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from feedback.domain.figures import measures
from feedback.domain.figures.draw import Tally
from feedback.domain.figures.period import Period, PeriodKind
from feedback.domain.figures.protect import Answered
from feedback.domain.figures.release import Rule
from feedback.domain.rupture import FlagStatus
from feedback.domain.unseen import UnseenAnswers
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures import register, tallies
from feedback.persistence.figures.tallies import SharedGroup
from feedback.services.answers.answer_sums import AnswerSums
from feedback.services.clinic.find_instrument import find_instrument


def tally_period(uow: UnitOfWork, period: Period, rule: Rule, timezone: str, unseen: UnseenAnswers) -> Tally:
    """Count a month or quarter as the rule bounds it. Unseen answers enter a quarter only, and never a team."""
    is_quarter = period.kind is not PeriodKind.MONTH
    shared = tallies.count_shared(uow, period, rule.most_per_case_month, with_answers=is_quarter)
    are_codes_published = rule.is_strict or not is_quarter
    codes = _codes(uow, period, timezone) if are_codes_published else 0
    if not is_quarter:
        return Tally(flags=_flags(shared.responses), codes=codes)
    asked = AnswerSums([find_instrument(uow, each) for each in register.instruments_of_cases(uow)])
    for group in shared.responses:
        asked.add_responses(group.instrument_id, group.count, Answered(group.scored, group.tenths))
    for answer in shared.answers:
        asked.add_answers(answer.instrument_id, answer.item_id, answer.choice, Answered(answer.count, answer.tenths))
    for each in unseen.answers:
        asked.add_unseen(each)
    return Tally(
        flags=_flags(shared.responses),
        codes=codes,
        score=asked.score,
        items=asked.items,
        off=asked.off,
        repairs=_repairs(shared.responses),
    )


def _codes(uow: UnitOfWork, period: Period, timezone: str) -> int:
    zone = ZoneInfo(timezone)
    begin, end = (
        datetime.combine(day, time(), zone) for day in (period.first_day, period.last_day + timedelta(days=1))
    )
    return register.count_codes(uow, begin, end)


def _flags(shared: Iterable[SharedGroup]) -> dict[str | None, tuple[int, int]]:
    counts: Counter[tuple[str | None, bool]] = Counter()
    for group in shared:
        counts[group.team_id, group.flag_status is not None] += group.count
    return {team: (counts[team, True], counts[team, False]) for team, _ in counts}


def _repairs(shared: Iterable[SharedGroup]) -> dict[measures.RepairState, int]:
    counts: Counter[measures.RepairState] = Counter()
    for group in shared:
        if group.flag_status is not None:
            state = measures.repair_state(FlagStatus(group.flag_status), case_is_open=group.case_is_open)
            if state is not None:
                counts[state] += group.count
    return dict(counts)
