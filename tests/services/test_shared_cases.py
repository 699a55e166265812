"""Sharing a case and handing it over: who sees it, until when, and which of its answers."""

from dataclasses import replace
from datetime import date

import pytest

from feedback import instruments
from feedback.domain.care import CaseStaff, Part, Role
from feedback.domain.errors import NotFound, Refused
from feedback.persistence import audit
from feedback.persistence.cases import care
from feedback.persistence.cases.case_staff import get_case_staff, list_colleagues, list_shared_cases, put_case_staff
from feedback.persistence.tables import responses as response_rows
from feedback.services.cases.case_authorisation import open_to
from feedback.services.cases.hand_over_case import hand_over_case
from feedback.services.cases.list_caseload import list_caseload
from feedback.services.cases.share_case import share_case, stop_sharing
from feedback.services.cases.show_case import show_case
from feedback.services.dashboard.show_dashboard import show_dashboard
from tests.support.answering import GOOD, LOW, a_case_that_fell, meets_and_sends
from tests.support.builders import a_therapist


@pytest.fixture
def iris(world):
    return world.hire(a_therapist(id="iris", email="iris@example.org", display_name="Iris"))


@pytest.fixture
def sol(world):
    return world.hire(a_therapist(id="sol", email="sol@example.org", display_name="Sol", role=Role.SUPERVISOR))


@pytest.fixture
def case(world):
    return a_case_that_fell(world, off="yes", comment="Too fast.")


def shares(world, case, person, part, days=0):
    it = world.installation
    with world.writing() as uow:
        share_case(
            uow,
            it.clock,
            it.keyring,
            journal=it.journal,
            case=case,
            part=part,
            staff_id=person.id,
            days=days,
            by=world.therapist,
        )


def hands_over(world, case, person):
    it = world.installation
    with world.writing() as uow:
        hand_over_case(uow, it.clock, it.keyring, journal=it.journal, case=case, to=person.id, by=world.therapist)


def opens(world, case, person):
    with world.reading() as uow:
        return open_to(uow, world.installation.clock, code=case.code, by=person)


def sees(world, case, person):
    """The numbers of the sessions whose answers somebody sees, and of those with a flag."""
    with world.reading() as uow:
        access = open_to(uow, world.installation.clock, code=case.code, by=person)
        file = show_case(
            uow,
            world.installation.keyring,
            access=access,
            instrument=instruments.load("rapport-session"),
            session=None,
        )
    (only,) = file.people
    return (
        [row.number for row in only.meetings if row.is_shared],
        [story.flag.session_number for story in only.stories],
    )


def sent_under(world, case, version, *numbers):
    """Let these answers have been sent under an older version of the sentence."""
    with world.writing() as uow:
        for number in numbers:
            uow.connection.execute(
                response_rows.update()
                .where(response_rows.c.case_code == case.code, response_rows.c.session_number == number)
                .values(who_reads_version=version)
            )


def test_a_supervisor_sees_a_case_until_the_last_day_and_not_after(world, case, sol):
    with pytest.raises(NotFound):
        opens(world, case, sol)
    shares(world, case, sol, Part.SUPERVISOR, days=7)
    assert sees(world.on("2026-03-08"), case, sol) == ([1, 2, 3, 4, 5], [5])
    with pytest.raises(NotFound):
        opens(world.on("2026-03-09"), case, sol)


def test_a_supervisor_sees_nothing_that_was_sent_before_the_form_named_one(world, case, sol):
    sent_under(world, case, 1, 1, 2, 5)
    shares(world, case, sol, Part.SUPERVISOR, days=30)
    assert sees(world, case, sol) == ([3, 4], [])
    assert sees(world, case, world.therapist) == ([1, 2, 3, 4, 5], [5])


def test_a_second_therapist_sees_what_was_sent_since_the_form_says_so(world, case, iris):
    shares(world, case, iris, Part.CO_THERAPIST)
    assert sees(world, case, iris) == ([], [])
    meets_and_sends(world, case, "2026-03-09", LOW, off="yes", sentence=3)
    assert sees(world.on("2026-03-09"), case, iris) == ([6], [6])


def board(world, person):
    it = world.installation
    with world.reading() as uow:
        return show_dashboard(uow, it.clock, it.keyring, clinic=world.clinic, therapist=person)


def test_the_second_therapists_dashboard_and_caseload_hold_only_that(world, iris):
    case = world.on("2026-02-01").opens_a_case(label="Tuesdays")
    meets_and_sends(world, case, "2026-02-23", GOOD)
    meets_and_sends(world, case, "2026-03-02", LOW, off="yes")
    shares(world, case, iris, Part.CO_THERAPIST)
    before = board(world, iris)
    assert (before.cards, before.told.rows) == ((), ())
    assert [line.meeting.is_shared for line in before.recent] == [False, False]
    assert before.shared_this_week == 0
    meets_and_sends(world, case, "2026-03-09", LOW, off="yes", sentence=3)
    after = board(world.on("2026-03-09"), iris)
    assert [(one.place[1], one.label) for one in after.told.shown] == [(3, "")]
    assert after.shared_this_week == 1
    with world.reading() as uow:
        (line,) = list_caseload(uow, world.installation.keyring, therapist=iris)
    assert (line.case.shared, line.case.open_flags, line.case.is_own, line.label) == (1, 1, False, "")


def test_sharing_can_be_ended_and_each_step_is_in_the_log(world, case, iris, sol):
    it = world.installation
    shares(world, case, iris, Part.CO_THERAPIST)
    shares(world, case, sol, Part.SUPERVISOR, days=7)
    with world.writing() as uow:
        stop_sharing(uow, it.clock, it.keyring, journal=it.journal, case=case, staff_id=sol.id, by=world.therapist)
        stop_sharing(uow, it.clock, it.keyring, journal=it.journal, case=case, staff_id=sol.id, by=world.therapist)
    with pytest.raises(NotFound):
        opens(world, case, sol)
    with world.reading() as uow:
        deeds = [record.action for record in audit.list_records(uow)][-3:]
    assert deeds == ["case.shared_with_co_therapist", "case.shared_with_supervisor", "case.sharing_ended"]


def test_only_active_colleagues_of_the_fitting_role_can_be_let_in(world, case, iris, sol):
    gone = world.hire(a_therapist(id="gone", email="gone@example.org", disabled_on=date(2026, 1, 1)))
    for person, part in ((sol, Part.CO_THERAPIST), (iris, Part.SUPERVISOR), (gone, Part.CO_THERAPIST)):
        with pytest.raises(NotFound):
            shares(world, case, person, part, days=7)
    with pytest.raises(NotFound):
        shares(world, case, world.therapist, Part.CO_THERAPIST)
    with pytest.raises(Refused):
        shares(world, case, sol, Part.SUPERVISOR, days=365)


def test_handing_over_moves_the_case_and_its_flags_but_not_the_label(world, iris, sol):
    case = world.on("2026-02-01").opens_a_case(label="Tuesdays")
    meets_and_sends(world, case, "2026-03-02", LOW, off="yes")
    shares(world, case, sol, Part.SUPERVISOR, days=30)
    hands_over(world, case, iris)
    assert sees(world, case, iris) == ([1], [1])
    for person in (world.therapist, sol):
        with pytest.raises(NotFound):
            opens(world, case, person)
    assert [one.place for one in board(world, iris).told.shown] == [(case.code, 1, "A")]
    assert board(world, world.therapist).told.rows == ()
    with world.reading() as uow:
        assert care.get_case(uow, case.code).sealed_label is None


def test_the_new_therapist_reads_answers_of_every_version_since_each_names_who_takes_over(world, case, iris):
    sent_under(world, case, 1, 1, 2)
    hands_over(world, case, iris)
    assert sees(world, case, iris) == ([1, 2, 3, 4, 5], [5])


def test_a_therapist_whose_account_is_another_role_does_not_get_in_by_their_old_share(world, case, iris):
    shares(world, case, iris, Part.CO_THERAPIST)
    with pytest.raises(NotFound):
        opens(world, case, replace(iris, role=Role.CLINIC_ADMIN))


@pytest.mark.parametrize(
    ("role", "part"),
    [(Role.THERAPIST, Part.SUPERVISOR), (Role.SUPERVISOR, Part.CO_THERAPIST), (Role.DESK, Part.SUPERVISOR)],
)
def test_a_row_that_does_not_fit_the_role_opens_nothing(world, case, role, part):
    person = world.hire(a_therapist(id="odd", email="odd@example.org", role=role))
    until = date(2026, 4, 1) if part is Part.SUPERVISOR else None
    with world.writing() as uow:
        put_case_staff(uow, CaseStaff(case.code, "odd", part, date(2026, 3, 1), until))
    with pytest.raises(NotFound):
        opens(world, case, person)


def test_the_label_is_its_therapists_alone(world, iris, sol):
    case = world.on("2026-02-01").opens_a_case(label="Tuesdays")
    shares(world, case, iris, Part.CO_THERAPIST)
    shares(world, case, sol, Part.SUPERVISOR, days=7)
    for person, label in ((world.therapist, "Tuesdays"), (iris, ""), (sol, "")):
        with world.reading() as uow:
            access = open_to(uow, world.installation.clock, code=case.code, by=person)
            instrument = instruments.load("rapport-session")
            file = show_case(uow, world.installation.keyring, access=access, instrument=instrument, session=None)
        assert file.label == label


def test_who_takes_over_what_they_worked_on_beside_is_no_colleague_of_their_own(world, case, iris):
    shares(world, case, iris, Part.CO_THERAPIST)
    hands_over(world, case, iris)
    with world.reading() as uow:
        assert list_colleagues(uow, case.code, date(2026, 3, 2)) == ()
        assert get_case_staff(uow, case.code, "iris") is None


def test_a_second_therapist_advises_on_nothing(world, case, iris, sol):
    shares(world, case, iris, Part.CO_THERAPIST)
    shares(world, case, sol, Part.SUPERVISOR, days=7)
    with world.reading() as uow:
        assert list_shared_cases(uow, "iris", date(2026, 3, 2)) == ()
        assert [one.code for one in list_shared_cases(uow, "sol", date(2026, 3, 8))] == [case.code]
        assert list_shared_cases(uow, "sol", date(2026, 3, 9)) == ()
        assert [one.staff.staff_id for one in list_colleagues(uow, case.code, date(2026, 3, 9))] == ["iris"]
