"""What a therapist's first page costs, in figures that no neighbour changes: questions, calls, rows gone through."""

import pytest

from tests.support.answering import GOOD, LOW, a_case_that_fell, a_couple, meets_and_sends
from tests.support.counting import calls, counting, going_through, least_calls
from tests.support.desk import BASE, Desk

TO_SHOW = 14
"""Statements: who is signed in (3), what was told, flags, the cases that met last, what is said of each (6),
whether today's read is in the log, and which of the answers shown were seen before."""

PAGE_CALLS = 27
"""Function calls of the page with two flags, as a multiple of those of a page of one word; 23.5 as written."""

CALLS_A_FLAG = 1_000
"""Function calls of one more possible rupture on the page, with the line of its session; 880 as written."""

CALLS_A_CASE = 100
"""Function calls of one more open case with a flag that is not shown at first, told outright; 88 as written."""


@pytest.fixture
def desk(world):
    return Desk(world, world.therapist, strict=False)


def with_flags(world, count):
    """So many more cases with a possible rupture after their third session."""
    for _ in range(count):
        case = world.on("2026-02-01").opens_a_case()
        for day in ("2026-02-09", "2026-02-16"):
            meets_and_sends(world, case, day, GOOD)
        meets_and_sends(world, case, "2026-02-23", LOW, off="yes")


def cost(desk):
    """Count the calls of the page once everything that is kept is there."""
    cookie = desk.http.get_cookie("__Host-feedback", domain="hl.example")
    headers = {"Cookie": f"{cookie.key}={cookie.value}"}
    for _ in range(2):
        called, status = calls(desk.http.application, "/dashboard", base_url=BASE, headers=headers)
        assert status == "200"
    return called


def test_the_page_asks_fourteen_questions(world, desk):
    with_flags(world, 1)
    desk.opens("/dashboard")
    with counting(world) as asked:
        desk.opens("/dashboard")
    assert len(asked) == TO_SHOW, asked


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_page_calls_few_functions_and_one_more_flag_or_case_adds_few(world, desk):
    with_flags(world, 2)
    two = cost(desk)
    with_flags(world, 4)
    six = cost(desk)
    with_flags(world, 4)
    ten = cost(desk)
    least = least_calls()
    assert two <= PAGE_CALLS * least, two / least
    assert six - two <= 4 * CALLS_A_FLAG, (six - two) / 4
    assert ten - six <= 4 * CALLS_A_CASE, (ten - six) / 4
    print(f"{two / least:.1f} times as many calls; {(six - two) / 4:.0f} a flag, {(ten - six) / 4:.0f} a case")  # noqa: T201  the figures belong in the report


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_no_page_of_the_desk_goes_through_what_belongs_to_others(world, desk):
    fell = a_case_that_fell(world, off="yes")
    a_couple(world)
    here = f"/cases/{fell.code}"
    for page in ("/dashboard", here):
        desk.opens(page)  # the day's first read is written into the log
    with going_through(world) as through:
        for page in ("/dashboard", "/dashboard?all=1", "/cases", here, f"{here}?session=5", f"{here}/arrangements"):
            assert desk.opens(page).status_code == 200
    assert through == []
