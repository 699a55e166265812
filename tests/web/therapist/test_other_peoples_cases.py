"""Nobody opens somebody else's case, and nobody can tell it from none at all."""

from dataclasses import replace

import pytest

from feedback.domain.care import Role
from feedback.persistence.clinic import clinics
from feedback.persistence.flags import flags
from tests.support.answering import a_case_that_fell
from tests.support.builders import a_clinic, a_therapist
from tests.support.desk import Desk, a_desk
from tests.support.world import World


@pytest.fixture
def case(world):
    return a_case_that_fell(world, off="yes")


@pytest.fixture
def flag_id(world, case):
    with world.reading() as uow:
        return flags.list_flags(uow, case.code)[0].id


def intruder(world, who):
    if who == "of the same clinic":
        return Desk(world, world.hire(a_therapist(id="mika", email="mika@example.org")))
    if who == "clinic admin":
        return Desk(world, world.hire(a_therapist(id="ada", email="ada@example.org", role=Role.CLINIC_ADMIN)))
    other = World(world.installation, a_clinic(id="other", name="Other"), a_therapist(id="dana"))
    with world.installation.database.writing(None) as uow:
        clinics.add_clinic(uow.within("other"), other.clinic)
    other.hire(other.therapist)
    return Desk(other, other.therapist)


GETS = (
    "/cases/{code}",
    "/cases/{code}?session=5",
    "/cases/{code}/code?session=5",
    "/cases/{code}/code",
    "/cases/{code}/card",
)
POSTS = (
    "/cases/{code}/sessions",
    "/cases/{code}/language",
    "/cases/{code}/close",
    "/cases/{code}/reopen",
    "/cases/{code}/code",
    "/cases/{code}/code/x/close",
)


@pytest.mark.parametrize("who", ["of the same clinic", "clinic admin", "of another clinic with the same id"])
def test_every_address_of_a_case_is_a_404_in_the_same_bytes_as_one_that_does_not_exist(world, case, flag_id, who):
    desk = intruder(world, who)
    for path in GETS:
        there, nowhere = desk.opens(path.format(code=case.code)), desk.opens(path.format(code="00000-0"))
        assert there.status_code == 404, path
        assert there.text == nowhere.text, path
        assert case.code not in there.text
    for path in POSTS:
        there = desk.sends(path.format(code=case.code), session="5")
        nowhere = desk.sends(path.format(code="00000-0"), session="5")
        assert there.status_code == 404, path
        assert there.text == nowhere.text, path
    for path in ("/flags/{}", "/flags/{}/undo"):
        there, nowhere = (
            desk.sends(path.format(flag_id), outcome="settled"),
            desk.sends(path.format("x"), outcome="settled"),
        )
        assert (there.status_code, there.text) == (404, nowhere.text), path


def test_the_caseload_and_the_dashboard_of_another_therapist_do_not_name_it(world, case):
    desk = intruder(world, "of the same clinic")
    assert case.code not in desk.opens("/cases").text + desk.opens("/dashboard").text
    assert case.code in a_desk(world).opens("/cases").text


def test_a_therapist_of_a_case_opens_it_however_the_code_is_typed(world, case):
    assert a_desk(world).opens(f"/cases/{case.code.lower()}").status_code == 200


def test_a_form_of_another_session_changes_nothing(world, case, flag_id):
    desk = a_desk(world)
    stranger = replace(world.therapist)
    foreign = Desk(world, stranger).secret
    assert desk.sends(f"/cases/{case.code}/close", csrf_token=foreign).status_code == 409
    assert desk.sends(f"/flags/{flag_id}", outcome="settled", csrf_token=foreign).status_code == 400
    with world.reading() as uow:
        assert flags.get_flag(uow, flag_id).status.value == "new"
