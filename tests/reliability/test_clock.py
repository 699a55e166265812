"""A clock that jumps: codes neither live for ever nor die early, and a day is a day in the clinic's own zone."""

import pytest

from feedback.web import create_app
from tests.support.phone import Phone, heading

OPEN, CLOSED = 200, 410

pytestmark = pytest.mark.fault("R7")


def opened_on(world, token, day, hour=12):
    return Phone(create_app(world.on(day, hour).installation)).opens(token).status_code


@pytest.fixture
def token(world):
    """A code of 2 March that lives to the end of 4 March."""
    case = world.opens_a_case()
    return world.shows_a_code(case, world.meets(case)).token


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2026-02-28", OPEN),
        ("2026-03-02", OPEN),
        ("2026-03-04", OPEN),
        ("2026-03-05", CLOSED),
        ("2027-04-06", CLOSED),
        ("2028-02-29", CLOSED),
    ],
)
def test_a_code_lives_to_the_end_of_its_third_day_whatever_the_clock_did_between(world, token, day, status, measured):
    opened_on(world, token, "2027-04-06")
    opened_on(world, token, "2026-02-28")
    assert opened_on(world, token, day) == status
    measured(
        "R7",
        f"{world.installation.database.engine.dialect.name}: a code of 2 to 4 March 2026, the clock at {day}: {status}",
    )


@pytest.mark.parametrize(("hour", "status"), [(22, OPEN), (23, CLOSED)])
def test_a_day_ends_at_midnight_of_the_clinic_in_summer_time_too(world, hour, status):
    before = world.on("2026-03-27")
    case = before.opens_a_case()
    code = before.shows_a_code(case, before.meets(case)).token
    assert opened_on(world, code, "2026-03-29", hour) == status


def test_an_answer_given_while_the_clock_stood_two_days_back_is_kept(world, token):
    early = Phone(create_app(world.on("2026-02-28").installation))
    assert early.sends(token).status_code == 303
    assert heading(Phone(create_app(world.installation)).opens(token)) == "This one is done."
