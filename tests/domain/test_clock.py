"""Days are the clinic's own, instants are UTC."""

from datetime import UTC, date, datetime

from feedback.domain.clock import FixedClock, SystemClock, local_day


def test_the_same_instant_is_another_day_elsewhere():
    late = FixedClock(datetime(2026, 3, 2, 23, 30, tzinfo=UTC))
    assert local_day(late, "Europe/London") == date(2026, 3, 2)
    assert local_day(late, "Europe/Berlin") == date(2026, 3, 3)
    assert local_day(late, "America/New_York") == date(2026, 3, 2)


def test_summer_time_moves_the_end_of_the_day():
    late = FixedClock(datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    assert local_day(late, "Europe/London") == date(2026, 7, 2)


def test_the_machines_clock_is_aware_and_in_utc():
    assert SystemClock().now().utcoffset().total_seconds() == 0


def test_a_clock_may_stand_on_a_day():
    assert FixedClock.on("2024-02-29").now() == datetime(2024, 2, 29, 12, tzinfo=UTC)
    assert FixedClock.on(date(2024, 2, 29), hour=3).now().hour == 3
