"""Many people at once: each waits for a turn, and nobody is turned away."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from feedback.persistence.audit import list_records
from tests.support.builders import a_therapist

AT_ONCE = 8

pytestmark = pytest.mark.fault("R4")


def test_staff_who_work_at_the_same_moment_do_not_lock_each_other_out(world):
    people = [world.hire(a_therapist(id=f"staff-{n}", email=f"t{n}@clinic.example")) for n in range(AT_ONCE)]

    def opens_cases(person):
        return [world.opens_a_case(by=person) for _ in range(3)]

    with ThreadPoolExecutor(AT_ONCE) as doors:
        opened = [case for cases in doors.map(opens_cases, people) for case in cases]
    with world.reading() as uow:
        records = list_records(uow)
    assert [record.number for record in records] == list(range(1, len(opened) + 1))
    assert {record.subject for record in records} == {case.code for case in opened}
