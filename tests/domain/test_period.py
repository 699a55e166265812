"""Months and quarters: how they are written, which days they hold, when they close."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.domain.errors import PeriodUnknown
from feedback.domain.figures.period import Period, PeriodKind

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize("written", ["2026-09", "2026-Q3", "2026", "2024-02", "2026-12", "2026-Q4"])
def test_a_period_is_written_as_it_was_read(written):
    assert str(Period.read(written)) == written


@pytest.mark.parametrize("written", ["", "2026-13", "2026-00", "2026-Q5", "26-09", "0000", "2026-9", "2026-09-01"])
def test_anything_else_is_refused_with_the_accepted_form(written):
    with pytest.raises(PeriodUnknown, match="2026-Q3"):
        Period.read(written)


@given(DAYS)
def test_every_day_lies_in_one_month_one_quarter_and_one_year(day):
    month, quarter = Period.month_of(day), Period.quarter_of(day)
    year = Period(PeriodKind.YEAR, day.year)
    for period in (month, quarter, year):
        assert period.first_day <= day <= period.last_day
    assert month in quarter.months
    assert quarter.months == tuple(each for each in year.months if each.quarters == (quarter,))
    assert year.quarters == tuple(dict.fromkeys(each.quarters[0] for each in year.months))


def test_the_months_of_a_year_follow_one_another_without_a_gap():
    for month in Period.read("2024").months:
        after = Period.month_of(month.last_day + timedelta(days=1))
        assert after.first_day == month.last_day + timedelta(days=1)
    assert Period.read("2024-02").last_day == date(2024, 2, 29)
    assert Period.read("2024").last_day == date(2024, 12, 31)


def test_a_period_closes_when_seven_whole_days_after_it_are_over():
    assert Period.read("2026-09").closes_on == Period.read("2026-Q3").closes_on == date(2026, 10, 8)
    assert Period.read("2026-12").closes_on == date(2027, 1, 8)
