"""A case followed with the clinic's own questionnaire: asked, stored, judged, withdrawn, shown."""

import pytest

from feedback.persistence.answers.responses import list_responses
from feedback.persistence.cases.care import get_case
from feedback.security.receipts import make_nonce
from feedback.services.answers.submit_response import Sending, submit_response
from feedback.services.answers.withdraw_response import withdraw_response
from feedback.services.cases.open_case import open_case
from feedback.services.clinic.add_instrument import add_instrument
from feedback.services.clinic.find_instrument import find_instrument
from tests.support.answering import found_to_send
from tests.support.builders import a_response
from tests.support.desk import a_desk
from tests.support.html import soup
from tests.support.phone import NONCE
from tests.support.questionnaires import SAID, a_questionnaire, an_instrument_file


@pytest.fixture
def case(world):
    it = world.installation
    with world.writing() as uow:
        add_instrument(uow, it.clock, it.keyring, content=an_instrument_file(), file="f", holds_right=True, by="anna")
        return open_case(uow, it.clock, it.keyring, it.chance, by=world.therapist, instrument_id="our-form")


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
        assert get_case(uow, made).instrument_id == "our-form"
    assert desk.sends("/cases", label="", seats="1", instrument="nobody").status_code == 400


def test_a_note_or_a_rating_may_follow_a_choice_and_a_rating_may_be_in_words(world, phone):
    it = world.installation
    with world.writing() as uow:
        add_instrument(
            uow, it.clock, it.keyring, content=a_questionnaire(), file="f", holds_right=True, by="anna", **SAID
        )
        made = open_case(uow, it.clock, it.keyring, it.chance, by=world.therapist, instrument_id="ward7-form")
    code = world.shows_a_code(made, world.meets(made))
    page = soup(phone.opens(code.token).text)
    follower = page.select_one(".w .if textarea")
    assert follower["name"] == "item_4"
    assert [label.text.strip() for label in page.select(".s.t.v label")] == ["Never", "At times", "Always"]
    answers(phone, code.token, item_1="4", grp_2="1", item_3="y", item_4="The end came too soon.")
    with world.reading() as uow:
        (stored,) = list_responses(uow, made.code)
    assert stored.response.ratings == {"item_1": 4, "grp_2": 5}
    assert stored.response.chosen("item_3") == "y"
    assert "The end came too soon." in a_desk(world).opens(f"/cases/{made.code}").text


def test_a_fall_on_it_is_a_possible_rupture_with_its_reasons(world, case):
    for day in ("2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23"):
        there = world.on(day)
        gives(there, there.shows_a_code(case, there.meets(case)), calm=9.0, clear=9.0)
    last = world.on("2026-03-30")
    gives(last, last.shows_a_code(case, last.meets(case)), calm=1.0, clear=2.0)
    desk = a_desk(last)
    flag = soup(desk.opens("/dashboard").text).select_one("article[data-flag]")
    assert flag["data-case"] == case.code
    assert "How calm was it?" in desk.opens(f"/cases/{case.code}").text


def gives(world, code, **ratings):
    it = world.installation
    response = a_response(instrument_id="our-form", ratings=ratings, choices={})
    sending = Sending(code.token, make_nonce(it.keyring, it.chance, code.token), response)
    with world.writing() as uow:
        instrument = find_instrument(uow, "our-form")
        form = found_to_send(uow, world, sending)
        submit_response(
            uow, it.keyring, it.chance, form=form, sending=sending, instrument=instrument, journal=it.journal
        )
