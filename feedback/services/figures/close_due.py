"""Which periods are due to be closed, and closing them one after the other, months before their quarter."""

from collections.abc import Iterator
from datetime import date, timedelta

from feedback.domain.care import Chance
from feedback.domain.clock import Clock, local_day
from feedback.domain.figures.period import Period
from feedback.domain.figures.release import Release, Rule
from feedback.persistence.clinic.clinics import get_clinic, list_zones
from feedback.persistence.database import Database, UnitOfWork
from feedback.persistence.figures import ledger, register
from feedback.persistence.figures.journal import Journal
from feedback.security.keyring import Keyring
from feedback.services.figures.close_release import close_release, count_period, may_close
from feedback.services.figures.ledger_recovery import take_in_journal
from feedback.services.figures.open_submissions import forget_opened, open_submissions


def close_due(
    database: Database, clock: Clock, keyring: Keyring, chance: Chance, *, journal: Journal, rule: Rule
) -> tuple[Release, ...]:
    """Close everything that is due in every clinic, each period in a transaction of its own; gives what was closed.

    Periods are counted before that, while others write. Raises what `close_release` raises.
    """
    with database.reading(None) as uow:
        clinic_ids = sorted(list_zones(uow))
    closed: list[Release] = []
    for clinic_id in clinic_ids:
        with database.writing(clinic_id) as uow:
            ledger.keep_others_from_closing(uow)
            take_in_journal(uow, journal)
            if not journal.is_begun:
                journal.begin()  # from now on a restored database can be told from one that never published
            due = due_periods(uow, clock, rule)
        for period in due:
            with database.reading(clinic_id) as uow:
                opened = open_submissions(uow, keyring, journal, period)
                counted = count_period(uow, clock, period, rule, opened.unseen)
            with database.writing(clinic_id) as uow:
                made = close_release(
                    uow, clock, chance, journal, period=period, rule=rule, unseen=opened.unseen, counted=counted
                )
                forget_opened(uow, opened)
            closed.append(made)
    return tuple(closed)


def due_periods(uow: UnitOfWork, clock: Clock, rule: Rule) -> tuple[Period, ...]:
    """Return the periods that are over and not closed, oldest first, from the first therapy session that is kept.

    A quarter comes after its months. Under the strict rule there are only quarters; months of a quarter that was
    published under it stay unpublished when the rule is changed.
    """
    clinic = get_clinic(uow)
    today, first = local_day(clock, clinic.timezone), register.first_meeting(uow)
    if first is None:
        return ()
    closed = set(ledger.list_periods(uow))
    return tuple(
        period
        for period in _periods(first, today, rule)
        if period not in closed and may_close(uow, period, rule, clinic, today)
    )


def _periods(first: date, today: date, rule: Rule) -> Iterator[Period]:
    """Return months and quarters from the one a day lies in, quarters after their months."""
    day = Period.quarter_of(first).first_day
    while day <= today:
        quarter = Period.quarter_of(day)
        if not rule.is_strict:
            yield from (month for month in quarter.months if month.last_day >= first)
        yield quarter
        day = quarter.last_day + timedelta(days=1)
