"""Disabling a therapist asks where the open cases go; no answer is taken while nobody can read it."""

import pytest

from feedback.domain.care import Part, Role
from feedback.domain.errors import Refused
from feedback.persistence.accounts.accounts import get_staff, set_disabled
from feedback.persistence.audit import list_records
from feedback.persistence.cases import care
from feedback.services.cases.cases_left import hand_over_led
from feedback.services.cases.share_case import share_case
from tests.support.answering import LOW, sends
from tests.support.builders import a_therapist
from tests.support.desk import Desk, a_desk
from tests.support.html import soup
from tests.support.phone import Phone, heading


@pytest.fixture
def iris(world):
    """A colleague of Dana's."""
    return world.hire(a_therapist(id="iris", email="iris@example.org", display_name="Iris"))


@pytest.fixture
def case(world):
    """An open case of Dana's with an answer, and a label of hers."""
    opened = world.opens_a_case(label="Tuesdays, blue coat")
    sends(world, world.shows_a_code(opened, world.meets(opened)), LOW, off="yes", comment="Between us.")
    return opened


@pytest.fixture
def code(world, case):
    """A code of a session that nobody has answered yet."""
    return world.shows_a_code(case, world.meets(case))


def leads(world, case):
    with world.reading() as uow:
        return care.get_case(uow, case.code).therapist_id


def is_disabled(world):
    with world.reading() as uow:
        return get_staff(uow, "dana").disabled_on is not None


def disables_before_this_version(world):
    with world.writing() as uow:
        set_disabled(uow, "dana", world.installation.clock.now().date())


def test_disabling_asks_first_where_the_cases_go_and_shows_nothing_of_them(admin, world, iris, case):
    button = soup(admin.opens("/clinic/staff").text).select_one('form[action="/clinic/staff/dana/cases"]')
    assert button.get_text() == "Disable Dana"
    page = admin.opens("/clinic/staff/dana/cases").text
    assert not is_disabled(world)
    for secret in (case.code, "Tuesdays", "Between us."):
        assert secret not in page
    options = [each.get_text() for each in soup(page).select("option")]
    assert options == ["Nobody yet: keep them until somebody asks for them", "Iris"]


def test_handed_over_the_form_names_the_new_therapist_who_reads_what_was_sent(admin, world, iris, case, code):
    assert admin.sends("/clinic/staff/dana/cases", colleague="iris").status_code == 303
    assert (is_disabled(world), leads(world, case)) == (True, "iris")
    text = Phone(admin.http.application).opens(code.token).text
    assert "Iris can read what you send and knows it is yours." in text
    assert "Dana" not in text
    page = Desk(world, iris).opens(f"/cases/{case.code}", session="1").text
    assert "Between us." in page
    assert "Tuesdays" not in page
    with world.reading() as uow:
        done = [one.action for one in list_records(uow) if one.actor == "anna"]
        assert done[-2:] == ["staff.disabled", "case.handed_over"]


def test_kept_the_codes_take_nothing_until_the_case_is_asked_for(admin, world, iris, case, code):
    other = world.opens_a_case()
    admin.sends("/clinic/staff/dana/cases", colleague="")
    assert (is_disabled(world), leads(world, case)) == (True, "dana")
    phone = Phone(admin.http.application)
    assert heading(phone.opens(code.token)) == "No one reads this code just now."
    assert "Hand over cases of Dana" in soup(admin.opens("/clinic/staff").text).main.get_text()
    page = soup(admin.opens("/clinic/staff/dana/cases").text)
    assert [each["value"] for each in page.select("option")] == ["iris"]
    wrong = admin.sends("/clinic/staff/dana/cases", colleague="iris", code="K7Q2X-M")
    assert (wrong.status_code, "no open case with this code among theirs" in wrong.text) == (400, True)
    typed = case.code.lower().replace("-", " ")
    assert admin.sends("/clinic/staff/dana/cases", colleague="iris", code=typed).status_code == 303
    assert (leads(world, case), leads(world, other)) == ("iris", "dana")
    assert "Iris can read what you send" in phone.opens(code.token).text
    assert admin.sends("/clinic/staff/dana/cases", colleague="iris").status_code == 303
    assert leads(world, other) == "iris"


def test_a_case_of_who_was_disabled_before_this_version_waits_to_be_handed_over(admin, world, iris, case, code):
    disables_before_this_version(world)
    assert heading(Phone(admin.http.application).opens(code.token)) == "No one reads this code just now."
    assert admin.sends("/clinic/staff/dana/cases", colleague="iris").status_code == 303
    assert leads(world, case) == "iris"


def test_what_the_admin_sees_is_the_same_whatever_cases_there_are(admin, world, iris):
    before = admin.opens("/clinic/staff/dana/cases").text
    world.opens_a_case()
    assert admin.opens("/clinic/staff/dana/cases").text == before
    assert admin.opens("/clinic/staff/anna/cases").status_code == 404


def test_cases_of_an_account_in_use_are_not_handed_over_from_here(admin, world, iris, case):
    it = world.installation
    with world.writing() as uow, pytest.raises(Refused, match="hands their cases over themselves"):
        hand_over_led(uow, it.clock, it.keyring, journal=it.journal, of=world.therapist, to="iris", by="anna")


def test_an_admin_hands_no_case_to_another_account_of_their_own(admin, world, case):
    world.hire(a_therapist(id="anna2", email="anna@example.org", display_name="Anna too"))
    assert [each["value"] for each in soup(admin.opens("/clinic/staff/dana/cases").text).select("option")] == [""]
    assert admin.sends("/clinic/staff/dana/cases", colleague="anna2").status_code == 400
    assert leads(world, case) == "dana"


def test_nobody_but_an_admin_decides(world, iris, case):
    for person in (iris, world.hire(a_therapist(id="desk", email="d@example.org", role=Role.DESK))):
        assert Desk(world, person).opens("/clinic/staff/dana/cases").status_code == 404
        assert Desk(world, person).sends("/clinic/staff/dana/cases", colleague="iris").status_code == 404
    assert leads(world, case) == "dana"


def test_no_code_is_handed_out_for_who_cannot_read(admin, world, iris, case, code):
    it = world.installation
    with world.writing() as uow:
        share_case(
            uow,
            it.clock,
            it.keyring,
            journal=it.journal,
            case=case,
            part=Part.CO_THERAPIST,
            staff_id="iris",
            days=0,
            by=world.therapist,
        )
    admin.sends("/clinic/staff/dana/cases", colleague="")
    desk = Desk(world, world.hire(a_therapist(id="desk", email="d@example.org", role=Role.DESK)))
    handed = desk.sends("/desk", case=case.code, seat="A")
    assert "no account in use" in handed.text
    assert admin.sends("/clinic/staff/dana/enable").status_code == 303
    assert "Dana and the therapists who work with Dana" in Phone(admin.http.application).opens(code.token).text


def test_the_form_names_no_second_therapist_whose_account_is_disabled(admin, world, iris, case, code):
    share = a_desk(world).sends(f"/cases/{case.code}/share", part="co_therapist", colleague="iris")
    assert share.status_code == 303
    phone = Phone(admin.http.application)
    assert "the therapists who work with Dana" in phone.opens(code.token).text
    assert admin.sends("/clinic/staff/iris/disable").status_code == 303
    assert "the therapists who work with Dana" not in phone.opens(code.token).text
