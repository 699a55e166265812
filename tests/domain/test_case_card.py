"""Which therapy session a card answers."""

from datetime import date, timedelta

import pytest

from feedback.domain.care import TherapySession
from feedback.domain.case_card import Target, choose_target

TODAY = date(2026, 3, 5)


def held(*days_ago):
    return [TherapySession("K7Q2X-M", number, TODAY - timedelta(days)) for number, days in enumerate(days_ago, 1)]


@pytest.mark.parametrize(
    ("meetings", "shared", "target"),
    [
        (held(), set(), Target(None, TODAY, is_shared=False)),
        (held(0), set(), Target(1, TODAY, is_shared=False)),
        (held(0), {1}, Target(1, TODAY, is_shared=True)),
        (held(3), set(), Target(1, TODAY - timedelta(3), is_shared=False)),
        (held(4), set(), Target(None, TODAY, is_shared=False)),
        (held(1), {1}, Target(None, TODAY, is_shared=False)),
        (held(3, 1), set(), Target(2, TODAY - timedelta(1), is_shared=False)),
        (held(3, 1), {2}, Target(1, TODAY - timedelta(3), is_shared=False)),
        (held(1, 0), {2}, Target(2, TODAY, is_shared=True)),
        (held(-1), set(), Target(None, TODAY, is_shared=False)),
    ],
)
def test_the_newest_unanswered_one_within_three_days_else_todays(meetings, shared, target):
    assert choose_target(meetings, shared, TODAY) == target


@pytest.mark.parametrize(
    ("meetings", "shared", "number"), [(held(3), set(), None), (held(3, 0), set(), 2), (held(1), {1}, None)]
)
def test_about_today_reaches_no_session_before_it(meetings, shared, number):
    assert choose_target(meetings, shared, TODAY, [TODAY - timedelta(2)], reach=timedelta(0)) == Target(
        number, TODAY, is_shared=False
    )
