"""After a new version of the detector every case is brought up to date, once, and nothing old rings a bell."""

import pytest

from feedback.persistence.flags import findings, flags
from feedback.persistence.tables import detector_states, rupture_flags
from feedback.persistence.tables import findings as finding_rows
from feedback.services.flags.judge_all_again import judge_outdated, list_outdated
from tests.support.answering import meets_and_sends

FORMS = [(9, 9, 9, 9, 9, 9), (9, 8, 9, 9, 9, 9), (2, 2, 3, 4, 3, 2)]


@pytest.fixture
def cases(world):
    """Two cases, each with a dip in its third session, judged by an older version that saw nothing in it."""
    opened = [world.on("2026-01-05").opens_a_case() for _ in range(2)]
    for case in opened:
        for day, ratings in zip(("06", "13", "20"), FORMS, strict=True):
            meets_and_sends(world, case, f"2026-01-{day}", ratings)
    return opened


def outdate(world):
    """Make everything look like the work of an older version, without flags."""
    with world.writing() as uow:
        uow.connection.execute(rupture_flags.delete())
        uow.connection.execute(finding_rows.update().values(version="older", flag=False, probability=0.0, level="none"))
        uow.connection.execute(detector_states.update().values(version="older", state=b"unreadable"))


def up_to_date(world):
    """Bring everything up to date; say how many there were."""
    it = world.installation
    outdated = list_outdated(it.database, it.chance)
    for one in outdated:
        judge_outdated(it.database, it.chance, one)
    return len(outdated)


def found(world, case):
    with world.reading() as uow:
        return findings.list_findings(uow, case.code), findings.get_state(uow, case.code, "A").state


def test_findings_and_states_become_what_they_would_have_been(world, cases):
    before = [found(world, case) for case in cases]
    outdate(world)
    assert up_to_date(world) == 2
    assert [found(world, case) for case in cases] == before
    assert up_to_date(world) == 0


def test_no_flag_is_raised_for_what_is_past(world, cases):
    outdate(world)
    up_to_date(world)
    with world.reading() as uow:
        assert findings.list_findings(uow, cases[0].code)[3, "A"].flag
        assert flags.list_flags(uow, cases[0].code) == ()


def test_an_open_flag_gets_its_new_finding(world, cases):
    with world.writing() as uow:
        (flag,) = flags.list_flags(uow, cases[0].code)
        uow.connection.execute(detector_states.update().values(version="older"))
        uow.connection.execute(rupture_flags.update().values(finding=None, direct=None, fell_by=None))
    up_to_date(world)
    with world.reading() as uow:
        assert flags.list_flags(uow, cases[0].code) == (flag,)


def test_interrupted_it_goes_on_where_it_stopped(world, cases):
    outdate(world)
    it = world.installation
    first, _ = list_outdated(it.database, it.chance)
    judge_outdated(it.database, it.chance, first)
    assert [one.key.case_code for one in list_outdated(it.database, it.chance)] != [first.key.case_code]
    assert up_to_date(world) == 1


def test_an_answer_that_came_in_meanwhile_is_left_alone(world, cases):
    outdate(world)
    it = world.installation
    listed = list_outdated(it.database, it.chance)
    meets_and_sends(world, cases[0], "2026-01-27", FORMS[0])
    before = found(world, cases[0])
    for one in listed:
        judge_outdated(it.database, it.chance, one)
    assert found(world, cases[0]) == before


def test_the_first_answer_after_an_upgrade_raises_a_flag_for_itself_alone(world, cases):
    outdate(world)
    meets_and_sends(world, cases[0], "2026-01-27", FORMS[2], off="yes")
    with world.reading() as uow:
        assert [flag.session_number for flag in flags.list_flags(uow, cases[0].code)] == [4]
