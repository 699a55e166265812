"""One question to the database gives all that stands behind a code, as it went in, and only in its clinic."""

from datetime import date

import pytest

from feedback.domain.care import CaseStaff, Part
from feedback.domain.errors import AccessCodeUnknown
from feedback.domain.rupture import FlagStatus
from feedback.domain.weekly import WeeklyDay
from feedback.persistence.cases import care
from feedback.persistence.cases.case_staff import put_case_staff
from feedback.persistence.cases.form_context_query import get_behind, lock_behind
from feedback.persistence.flags import flags
from feedback.security.access_codes import token_hash
from tests.support.builders import MONDAY, a_finding, a_therapist


def behind(world, shown):
    with world.reading() as uow:
        return get_behind(uow, token_hash(world.installation.keyring, shown.token))


def test_a_code_of_a_therapy_session_comes_with_all_that_it_is_about(world):
    case = world.opens_a_case(label="Tuesdays")
    meeting = world.meets(case)
    shown = world.shows_a_code(case, meeting)
    found = behind(world, shown)
    assert (found.code, found.case, found.clinic, found.meeting) == (shown.code, case, world.clinic, meeting)
    assert (found.therapist, found.has_co_therapist, found.has_open_flag, found.weekly) == ("Dana", False, False, None)


def test_a_card_has_no_therapy_session_of_its_own_but_the_weekly_day(world):
    case = world.opens_a_case()
    weekly = WeeklyDay(1, date(2026, 3, 3))
    with world.writing() as uow:
        care.put_weekly_day(uow, case.code, weekly)
    found = behind(world, world.shows_a_code(case))
    assert (found.meeting, found.weekly) == (None, weekly)


def test_only_an_open_flag_of_the_same_seat_is_asked_about(world):
    case = world.opens_a_case(seats=2)
    meeting = world.meets(case)
    first, second = (world.shows_a_code(case, meeting, seat) for seat in "AB")
    with world.writing() as uow:
        flags.add_flag(uow, "f1", (case.code, meeting.number, "A"), a_finding(), MONDAY)
    assert [behind(world, shown).has_open_flag for shown in (first, second)] == [True, False]
    with world.writing() as uow:
        flags.set_status(uow, flags.get_flag(uow, "f1"), FlagStatus.NOT_A_RUPTURE, by="dana", on=MONDAY)
    assert not behind(world, first).has_open_flag


def test_another_therapist_of_the_case_is_known(world):
    case = world.opens_a_case()
    world.hire(a_therapist(id="eli", email="eli@example.org", display_name="Eli"))
    with world.writing() as uow:
        put_case_staff(uow, CaseStaff(case.code, "eli", Part.CO_THERAPIST, MONDAY))
    assert behind(world, world.shows_a_code(case)).has_co_therapist


def test_an_unknown_hash_leads_nowhere_and_locks_nothing(world):
    with world.writing() as uow:
        lock_behind(uow, b"unknown")
        with pytest.raises(AccessCodeUnknown):
            get_behind(uow, b"unknown")
