"""One step per form gives the same as judging from scratch, and other people's answers change nothing."""

from datetime import date, timedelta

import pytest

from feedback import instruments
from feedback.domain.rupture import FlagStatus
from feedback.persistence.flags import findings, flags
from feedback.persistence.tables import detector_states
from feedback.services.flags.review_flag import review_flag
from feedback.services.flags.run_detection import judge_again, make_judge
from tests.support.answering import meets_and_sends, sends

FORMS = [(8, 8, 8, 8, 8, 8), (9, 8, 9, 8, 9, 8), (3, 4, 8, 8, 7, 8), (8, 9, 8, 8, 8, 7)]


@pytest.fixture
def case(world):
    """A case with four answered sessions, a week apart."""
    opened = world.on("2026-02-01").opens_a_case()
    for day, ratings in zip(("02", "09", "16", "23"), FORMS, strict=True):
        meets_and_sends(world, opened, f"2026-02-{day}", ratings)
    return opened


def judge(world, budget=0.08):
    return make_judge(instruments.load("rapport-session"), budget, world.installation.chance)


def test_from_scratch_gives_the_same_findings_and_the_same_state(world, case):
    with world.writing() as uow:
        before = findings.list_findings(uow, case.code), findings.get_state(uow, case.code, "A").state
        judge_again(uow, judge(world), case, "A")
        assert (findings.list_findings(uow, case.code), findings.get_state(uow, case.code, "A").state) == before


def test_forms_of_other_people_do_not_change_what_was_found(world, case):
    other = world.on("2026-01-01").opens_a_case()
    meets_and_sends(world, other, "2026-01-05", (2, 2, 2, 2, 2, 2))
    with world.writing() as uow:
        before = findings.list_findings(uow, case.code)
        judge_again(uow, judge(world), case, "A")
        assert findings.list_findings(uow, case.code) == before


def test_a_new_case_is_judged_the_same_whatever_other_clients_of_its_therapist_answered(world, case):
    """Nothing of one client reaches another's figures through the detector: the privacy unit is one client."""
    for week in range(12):
        meets_and_sends(world, world.on("2026-01-01").opens_a_case(), date(2026, 1, 2), (week % 3,) * 6)
    other = world.on("2026-02-15").opens_a_case()
    for week, ratings in enumerate(FORMS):
        meets_and_sends(world, other, date(2026, 2, 16) + timedelta(weeks=week), ratings)
    with world.reading() as uow:
        mine, theirs = (findings.list_findings(uow, each.code) for each in (case, other))
        states = [findings.get_state(uow, each.code, "A").state for each in (case, other)]
    assert list(mine.values())[: len(theirs)] == list(theirs.values())
    assert states[0] == states[1] or len(mine) != len(theirs)


def everything(world, case):
    """Give the findings and the state, and the same judged from scratch."""
    with world.writing() as uow:
        kept = findings.list_findings(uow, case.code), findings.get_state(uow, case.code, "A").state
        judge_again(uow, judge(world), case, "A")
        return kept, (findings.list_findings(uow, case.code), findings.get_state(uow, case.code, "A").state)


def test_an_answer_to_a_session_added_late_is_judged_in_its_own_place(world, case):
    now = world.on("2026-02-24")
    late = now.meets(case, date(2026, 2, 12))
    sends(now, now.shows_a_code(case, late), (7, 7, 7, 7, 7, 7))
    kept, again = everything(world, case)
    assert kept == again
    assert {number: one.forms for (number, _), one in kept[0].items()} == {1: 1, 2: 2, 5: 3, 3: 4, 4: 5}


def test_a_session_without_an_answer_added_in_between_counts_as_time(world, case):
    world.on("2026-02-24").meets(case, date(2026, 2, 12))
    meets_and_sends(world, case, "2026-03-02", FORMS[0])
    kept, again = everything(world, case)
    assert kept == again


def test_a_flag_knows_the_day_of_its_session_not_of_its_answer(world):
    case = world.on("2026-02-01").opens_a_case()
    meeting = world.on("2026-02-03").meets(case, date(2026, 2, 2))
    later = world.on("2026-02-04")
    sends(later, later.shows_a_code(case, meeting), (8, 8, 8, 8, 8, 8), off="yes")
    with world.reading() as uow:
        (flag,) = flags.list_flags(uow, case.code)
    assert flag.held_on == date(2026, 2, 2)


def test_a_state_of_an_older_method_is_built_again(world, case):
    with world.writing() as uow:
        uow.connection.execute(detector_states.update().values(version="older", state=b"unreadable"))
    meets_and_sends(world, case, "2026-03-02", FORMS[0])
    with world.reading() as uow:
        assert findings.get_state(uow, case.code, "A").version == judge(world).method.version
        assert findings.list_findings(uow, case.code)[5, "A"].forms == 5


def test_methods_are_made_once_per_instrument_and_budget(world):
    assert judge(world).method is judge(world).method
    assert judge(world).method is not judge(world, 0.05).method


@pytest.mark.parametrize("status", FlagStatus)
def test_a_late_answer_gives_an_open_flag_its_new_finding_and_leaves_a_closed_one_as_it_was_judged(world, status):
    case = world.on("2026-02-01").opens_a_case()
    first = world.on("2026-02-02")
    late = first.shows_a_code(case, first.meets(case))
    for day in ("09", "16", "23"):
        meets_and_sends(world, case, f"2026-02-{day}", FORMS[0])
    meets_and_sends(world, case, "2026-03-02", (4, 3, 4, 4, 3, 4), off="yes")
    it = world.installation
    with world.writing() as uow:
        (before,) = flags.list_flags(uow, case.code)
        if status is not FlagStatus.NEW:
            review_flag(uow, it.clock, it.keyring, flag=before, outcome=status, by=world.therapist)
    sends(first, late, (2, 2, 2, 2, 2, 2))
    with world.reading() as uow:
        (after,) = [flag for flag in flags.list_flags(uow, case.code) if flag.id == before.id]
        found = findings.list_findings(uow, case.code)[5, "A"]
    assert found != before.finding
    assert after.finding == (found if after.is_open else before.finding)
    assert after.status is status
