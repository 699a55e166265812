"""Which days were planned and are not yet known to have taken place."""

from datetime import date

from feedback.domain.care import TherapySession
from feedback.domain.case_card import Target, choose_target
from feedback.domain.weekly import WeeklyDay, planned_days

TUESDAYS = WeeklyDay(1, since=date(2026, 1, 1))
THURSDAY = date(2026, 3, 5)


def test_every_week_without_a_session_has_a_planned_day_up_to_today_newest_first():
    held = [date(2026, 2, 17)]
    assert planned_days(TUESDAYS, held, THURSDAY) == (date(2026, 3, 3), date(2026, 2, 24), date(2026, 2, 10))


def test_a_session_on_another_day_of_that_week_stands_for_the_planned_one():
    assert date(2026, 3, 3) not in planned_days(TUESDAYS, [date(2026, 3, 6)], THURSDAY)


def test_nothing_is_planned_before_the_day_was_set_nor_for_a_day_to_come():
    assert planned_days(WeeklyDay(1, since=date(2026, 3, 3)), [], THURSDAY) == (date(2026, 3, 3),)
    assert planned_days(WeeklyDay(4, since=date(2026, 3, 3)), [], THURSDAY) == ()


def test_the_planned_day_itself_is_planned_today():
    assert planned_days(TUESDAYS, [], date(2026, 3, 3))[0] == date(2026, 3, 3)


def test_a_card_answers_the_planned_day_within_three_days_and_today_after_that():
    assert choose_target([], [], THURSDAY, [date(2026, 3, 3)]) == Target(None, date(2026, 3, 3), is_shared=False)
    assert choose_target([], [], THURSDAY, [date(2026, 2, 24)]) == Target(None, THURSDAY, is_shared=False)


def test_a_session_that_is_there_comes_before_a_planned_day():
    there = TherapySession("K7Q2X-M", 1, date(2026, 3, 4))
    assert choose_target([there], [], THURSDAY, [date(2026, 3, 3)]).number == 1
