"""Closing a period: its figures are drawn once, written to the journal, then to the ledger, and never drawn again.

In this order, so that it may be killed anywhere and run again: the journal's line is on the disk before the ledger's
row is committed. A line that is only in the journal was drawn, so it is taken from there, never drawn anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from feedback.domain.care import Chance, Clinic
from feedback.domain.clock import Clock, local_day
from feedback.domain.errors import Refused
from feedback.domain.figures.draw import Drawing, Tally, draw_figures
from feedback.domain.figures.ledger import next_entry
from feedback.domain.figures.noise import Draws
from feedback.domain.figures.period import Period, PeriodKind
from feedback.domain.figures.release import Release, Rule, Unit, UnitKind
from feedback.domain.figures.rule import including_months_by_answers
from feedback.domain.figures.unseen import UnseenAnswers
from feedback.domain.retention import kept_from
from feedback.persistence.clinic.clinics import get_clinic, list_teams
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures import ledger, register
from feedback.persistence.figures.journal import Journal
from feedback.services.figures.ledger_recovery import take_in_journal
from feedback.services.figures.tally_period import tally_period


@dataclass(frozen=True, slots=True)
class Counted:
    """What a period's figures are drawn from, and the local day on which that was counted. Never kept anywhere."""

    drawing: Drawing
    tally: Tally
    today: date


def close_release(
    uow: UnitOfWork,
    clock: Clock,
    chance: Chance,
    journal: Journal,
    *,
    period: Period,
    rule: Rule,
    unseen: UnseenAnswers,
    counted: Counted | None = None,
    is_demo: bool = False,
    step: Callable[[str], None] = lambda _name: None,
) -> Release:
    """Close a month or quarter and give its release; one that is closed already is given as it stands.

    `unseen` is what the clinic's sealed submissions say of a quarter (`open_submissions`); the caller forgets those.
    `counted` was counted before, in a unit of work that kept nobody waiting, and took them in; else it is counted now.
    The caller commits. `step` is told the name of each step done. Raises `Refused` before the period may be closed,
    `LedgerBroken` when the ledger is damaged or the journal does not account for it.
    """
    ledger.keep_others_from_closing(uow)
    take_in_journal(uow, journal)
    known = ledger.find_entry(uow, period)
    if known is not None:
        return known.release
    found = counted or count_period(uow, clock, period, rule, unseen)
    entry = next_entry(ledger.last_entry(uow), _draw(found, chance, is_demo=is_demo))
    journal.add_entries([entry])
    step("in the journal")
    ledger.add_entry(uow, entry)
    step("in the ledger")
    return entry.release


def count_period(uow: UnitOfWork, clock: Clock, period: Period, rule: Rule, unseen: UnseenAnswers) -> Counted:
    """Count what a period's figures are drawn from. Raises `Refused` before the period may be closed."""
    clinic = get_clinic(uow)
    today = local_day(clock, clinic.timezone)
    check_may_close(uow, period, rule, clinic, today)
    drawing = Drawing(
        period=period,
        clinic=Unit(UnitKind.CLINIC, clinic.id, clinic.name),
        teams=[Unit(UnitKind.TEAM, team.id, team.name) for team in list_teams(uow)],
        register=register.open_cases_on(uow, period.first_day),
        rule=_with_what_was_spent(uow, period, rule),
    )
    return Counted(drawing, tally_period(uow, period, rule, clinic.timezone, unseen), today)


def _with_what_was_spent(uow: UnitOfWork, period: Period, rule: Rule) -> Rule:
    """Return the rule with the ε of months of this quarter that were published by answers, before clients counted."""
    published = (ledger.find_entry(uow, month) for month in period.quarters[0].months)
    rules = [entry.release.rule for entry in published if entry is not None]
    return including_months_by_answers(rule, tuple(each for each in rules if not each.counts_clients))


def check_may_close(uow: UnitOfWork, period: Period, rule: Rule, clinic: Clinic, today: date) -> None:
    """Pass when the period is over, its answers are kept, and its rule lets it be drawn. Raises `Refused`."""
    if period.kind is PeriodKind.YEAR:
        raise Refused("A year is the sum of its months and quarters. Close those.")
    if today < period.closes_on:
        raise Refused(f"{period} can be closed from {period.closes_on:%-d %B %Y} on: answers may still come in.")
    if rule.is_strict and period.kind is PeriodKind.MONTH:
        raise Refused("Under the strict rule only quarters are published.")
    if period.kind is PeriodKind.MONTH and _is_in_strict_quarter(uow, period):
        raise Refused(f"The quarter of {period} was published under the strict rule. Its months stay unpublished.")
    if period.first_day < kept_from(today, clinic.retention_months):
        raise Refused(f"Answers of {period} are deleted already. It can no longer be closed.")


def may_close(uow: UnitOfWork, period: Period, rule: Rule, clinic: Clinic, today: date) -> bool:
    """Return whether `check_may_close` would pass."""
    try:
        check_may_close(uow, period, rule, clinic, today)
    except Refused:
        return False
    return True


def _is_in_strict_quarter(uow: UnitOfWork, month: Period) -> bool:
    entry = ledger.find_entry(uow, month.quarters[0])
    return entry is not None and entry.release.rule.is_strict


def _draw(counted: Counted, chance: Chance, *, is_demo: bool) -> Release:
    drawing = counted.drawing
    return Release(
        clinic_id=drawing.clinic.id,
        clinic_name=drawing.clinic.name,
        period=drawing.period,
        closed_on=counted.today,
        rule=drawing.rule,
        figures=draw_figures(drawing, counted.tally, Draws(chance)),
        number=0,
        chain="",
        is_demo=is_demo,
        gated=drawing.gated,
    )
