"""An answer sent without the therapist seeing it changes no byte of any staff page."""

import re

from feedback.domain.audience import Audience
from feedback.domain.care import Role
from tests.support.answering import LOW, a_case_that_fell, sends
from tests.support.builders import a_therapist
from tests.support.desk import Desk


def pages(world, desks, case):
    """Every staff page that can be opened by address, as bytes, for every role."""
    paths = (
        "/dashboard",
        "/cases",
        "/account",
        f"/cases/{case.code}",
        *(f"/cases/{case.code}?session={number}" for number in (1, 5, 6)),
        *(f"/cases/{case.code}/{kind}?session=6" for kind in ("code", "card")),
        f"/cases/{case.code}/code?session=6&view=square",
        f"/cases/{case.code}/code",
        *(f"/cases/{case.code}/{kind}" for kind in ("print", "together", "arrangements", "guess?session=6")),
        "/own-figures",
        f"/cases?q={case.code}",
        "/clinic",
        "/clinic/staff",
        "/clinic/settings",
    )
    seen = {}
    for role, desk in desks.items():
        for path in paths:
            page = desk.opens(path)
            seen[role, path] = (page.status_code, re.sub(r"Date: .*", "", str(page.headers)), page.get_data())
    return seen


def test_no_page_differs_by_a_byte_before_and_after(world):
    case = a_case_that_fell(world, off="yes")
    meeting = world.meets(case)
    code, card = world.shows_a_code(case, meeting), world.shows_a_code(world.opens_a_case())
    admin = world.hire(a_therapist(id="ada", email="ada@example.org", role=Role.CLINIC_ADMIN))
    desks = {person.role: Desk(world, person) for person in (world.therapist, admin)}
    pages(world, desks, case)  # what is new becomes opened, once
    before = pages(world, desks, case)
    assert {status for status, _, _ in before.values()} >= {200, 404}
    sends(world, code, LOW, audience=Audience.TOTALS, off="yes", wish="bring_up", comment="Please do not read this.")
    sends(world, card, LOW, audience=Audience.TOTALS, off="yes")
    assert pages(world, desks, case) == before
