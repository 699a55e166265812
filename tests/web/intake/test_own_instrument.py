"""A case followed with the clinic's own questionnaire: asked, stored, judged, withdrawn, shown."""

import pytest

from feedback.persistence.responses import list_responses
from feedback.services.add_instrument import add_instrument
from feedback.services.open_case import open_case
from feedback.services.withdraw_response import withdraw_response
from tests.support.desk import a_desk
from tests.support.html import soup
from tests.support.phone import NONCE
from tests.support.questionnaires import an_instrument_file


@pytest.fixture
def case(world):
    it = world.installation
    with world.writing() as uow:
        add_instrument(uow, it.clock, it.keyring, content=an_instrument_file(), file="f", holds_right=True, by="anna")
        made = open_case(uow, it.clock, it.keyring, it.chance, by=world.therapist, instrument_id="our-form")
        uow.commit()
    return made


def answers(phone, token, **fields):
    nonce = NONCE.search(phone.opens(token).text)[1]
    return phone.http.post(f"/F/{token}", data={"nonce": nonce, "audience": "therapist"} | fields)


def test_its_own_questions_are_asked_stored_and_shown_to_the_therapist(world, phone, case):
    code = world.shows_a_code(case, world.meets(case))
    page = soup(phone.opens(code.token).text)
    assert page.h1.text == "Our two questions"
    assert {field["name"] for field in page.select("input[type=radio]")} == {"calm", "clear"}
    assert answers(phone, code.token, calm="9", clear="4", note="Thank you").status_code == 303
    with world.reading() as uow:
        (stored,) = list_responses(uow, case.code)
    assert (stored.response.instrument_id, stored.response.ratings) == ("our-form", {"calm": 9, "clear": 4})
    assert stored.score == 6.5
    shown = a_desk(world).opens(f"/cases/{case.code}").text
    assert "How calm was it?" in shown
    assert a_desk(world).opens("/dashboard").status_code == 200


def test_it_can_be_taken_back(world, phone, case):
    code = world.shows_a_code(case, world.meets(case))
    thanks = phone.http.get(answers(phone, code.token, calm="9", clear="4").location)
    receipt = soup(thanks.text).select_one(".code").text.replace("-", "")
    it = world.installation
    with it.database.writing(None) as uow:
        assert withdraw_response(uow, it.clock, it.keyring, it.chance, receipt=receipt, journal=it.journal)
        uow.commit()
    with world.reading() as uow:
        assert list_responses(uow, case.code) == ()


def test_a_therapist_chooses_it_for_a_new_case(world, case):
    desk = a_desk(world)
    page = soup(desk.opens("/cases").text)
    assert [option["value"] for option in page.select("select[name=instrument] option")] == [
        "rapport-session",
        "our-form",
    ]
    made = desk.sends("/cases", label="", seats="1", instrument="our-form").location.rsplit("/", 1)[1]
    assert "Our two questions" not in made
    with world.reading() as uow:
        from feedback.persistence.care import get_case

        assert get_case(uow, made).instrument_id == "our-form"
    assert desk.sends("/cases", label="", seats="1", instrument="nobody").status_code == 400
