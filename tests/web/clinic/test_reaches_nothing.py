"""A clinic admin, by every request there is, with names of real cases: no answer, no case, no therapist's figure."""

from dataclasses import replace

import pytest
from sqlalchemy import delete

from feedback.domain.care import Role
from feedback.persistence.tables import cases, rating_sums
from tests.support.answering import a_case_that_fell
from tests.support.desk import Desk
from tests.web.test_matrix import UNKNOWN, asks, rows_of, somebody, staff_entries, things_of

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])
OF_A_CASE = ("code", "code_id", "flag_id")
CHANGES = ("audit", "staff_sessions", "doors")
"""Tables in which a request by an admin may leave a line."""


@pytest.mark.checklist(42)
@pytest.mark.parametrize("role", [Role.CLINIC_ADMIN, Role.AUDITOR, Role.DESK])
def test_the_name_of_a_real_case_is_worth_no_more_than_one_made_up(world, role):
    real = things_of(world)
    named = UNKNOWN | {name: real[name] for name in OF_A_CASE}
    desk, before, asked = Desk(world, somebody(world, role)), rows_of(world, world.clinic.id), 0
    for entry in staff_entries(world):
        if any(f"{name}>" in entry.rule for name in OF_A_CASE):
            asked += 1
            answer = asks(desk, entry, named)
            assert answer == asks(desk, entry, UNKNOWN), (entry.rule, entry.method)
            assert role in entry.admits or answer[0] == 404, (entry.rule, entry.method)
    assert asked > 10
    after = rows_of(world, world.clinic.id)
    assert {name: rows for name, rows in after.items() if name not in CHANGES} == {
        name: rows for name, rows in before.items() if name not in CHANGES
    }


def test_no_page_by_any_route_depends_on_a_case_an_answer_or_a_therapists_sums(world):
    for _ in range(3):
        a_case_that_fell(world, off="yes", comment="Nobody else may read this.")
    things = UNKNOWN | {"staff_id": world.therapist.id}
    admin = Desk(world, somebody(world, Role.CLINIC_ADMIN))
    pages = [entry for entry in staff_entries(world) if entry.method == "GET"]

    def seen():
        return {entry.rule: asks(admin, entry, things) for entry in pages}

    before, again = seen(), seen()
    fresh = {rule for rule in before if before[rule] != again[rule]}
    assert fresh == {"/account/passkeys", "/account/second-step"}, "pages with something drawn anew at every look"
    with world.writing() as uow:
        uow.connection.execute(delete(cases))
        uow.connection.execute(delete(rating_sums))
        uow.commit()
    after = seen()
    assert {rule for rule in before if after[rule] != before[rule]} == fresh
    assert sum(answer[0] == 200 for answer in before.values()) > 8
    dana = Desk(world, replace(world.therapist))
    assert asks(dana, next(entry for entry in pages if entry.rule == "/dashboard"), things)[0] == 200
