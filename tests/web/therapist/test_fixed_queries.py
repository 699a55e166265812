"""How often each page of the desk asks the database: as often with many cases, sessions and flags as with few."""

import pytest

from feedback.domain.rupture import FlagStatus
from feedback.persistence.dashboard.own_figures import put_guess
from feedback.persistence.flags import flags
from feedback.services.flags.review_flag import review_flag
from tests.support.answering import GOOD, LOW, a_case_that_fell, meets_and_sends
from tests.support.counting import counting
from tests.support.desk import a_desk

MOST = 20
"""More queries than any page of the desk needs, the two behind every signed-in page among them."""


def grows(world, case, cases):
    """More cases with flags and what followed, and in one of them more sessions, marks, notes and guesses."""
    it = world.installation
    for _ in range(cases):
        more = world.on("2026-02-01").opens_a_case(label="a label")
        meets_and_sends(world, more, "2026-02-24", LOW, off="yes", comment="It felt rushed.")
        meets_and_sends(world, more, "2026-03-02", GOOD, off="no", repair="helped")
    for _ in range(cases):
        meets_and_sends(world, case, "2026-03-02", LOW, off="yes", wish="bring_up", comment="Again.")
    with world.writing() as uow:
        for flag in flags.list_flags(uow, case.code):
            place = (case.code, flag.session_number, "A")
            if flag.status is FlagStatus.NEW:
                marked = FlagStatus.TALKED
                review_flag(uow, it.clock, it.keyring, flag=flag, outcome=marked, by=world.therapist, note="We spoke.")
                put_guess(uow, world.therapist.id, place, 6.0)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_number_of_queries_of_every_page_is_fixed(world):
    case = a_case_that_fell(world, off="yes", wish="bring_up", comment="Too fast.")
    grows(world, case, 1)
    desk, here = a_desk(world), f"/cases/{case.code}"
    pages = (
        *("/dashboard", "/dashboard?all=1", "/cases", "/cases?closed=1", "/own-figures", "/notices", "/sheet"),
        *(here, f"{here}?session=5", f"{here}/print", f"{here}/together", f"{here}/arrangements", f"{here}/code"),
    )

    def asked():
        counts = {}
        for page in pages:
            desk.opens(page)  # what is new becomes opened, once
            with counting(world) as statements:
                assert desk.opens(page).status_code == 200
            counts[page] = len(statements)
        return counts

    few = asked()
    grows(world, case, 5)
    assert asked() == few
    assert max(few.values()) <= MOST, few
