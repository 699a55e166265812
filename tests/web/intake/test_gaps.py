"""A form with gaps comes back once, with everything in it; a note too long loses nothing."""

import pytest

from feedback.persistence.answers import responses
from tests.support.html import soup
from tests.support.phone import NONCE


@pytest.mark.checklist(12)
def test_two_gaps_come_back_filled_with_links_to_them(phone, code):
    page = phone.sends(code.token, pace=None, respect=None, off="a_little", closest=["judged"], comment="kept")
    shown = soup(page.text)
    assert page.status_code == 200
    assert shown.title.text == "2 missed: How was today?"
    assert shown.select_one("[role=alert] h2").text == "Not sent yet: You missed 2 questions"
    assert [link["href"] for link in shown.select("[role=alert] a")] == ["#pace", "#respect"]
    assert all(shown.select_one(link["href"]) for link in shown.select("[role=alert] a"))
    assert [(each["name"], each["value"]) for each in shown.select("[checked]")][-2:] == [
        ("off", "a_little"),
        ("closest", "judged"),
    ]
    assert shown.select_one("textarea").text.strip() == "kept"


def test_the_summary_takes_the_focus(phone, code):
    summary = soup(phone.sends(code.token, pace=None).text).select_one("[role=alert]")
    assert summary.has_attr("autofocus")
    assert summary["tabindex"] == "-1"


def test_one_gap_is_called_one_question(phone, code):
    assert "You missed 1 question<" in phone.sends(code.token, pace=None).text


def test_a_gap_among_the_optional_questions_is_none(phone, code):
    assert phone.sends(code.token, off=None).status_code == 303


def test_nothing_is_stored_while_it_is_looked_at_again(phone, world, code):
    phone.sends(code.token, pace=None)
    with world.reading() as uow:
        assert not responses.list_responses(uow, code.code.case_code)


def test_send_as_it_is_keeps_the_audience_the_person_chose(phone, code):
    for audience in ("therapist", "in-totals"):
        again = soup(phone.sends(code.token, audience, pace=None).text).select("form button")
        assert (again[-1].text, again[-1]["name"], again[-1]["value"]) == ("Send as it is", "audience", audience)


@pytest.mark.checklist(12)
def test_the_second_send_goes_through_with_its_gaps(phone, world, code):
    again = soup(phone.sends(code.token, pace=None).text)
    hidden = {each["name"]: each["value"] for each in again.select("input[type=hidden]")}
    assert hidden["send_as_is"] == "1"
    sent = phone.sends(code.token, nonce=hidden["nonce"], send_as_is="1", pace=None)
    assert sent.status_code == 303
    with world.reading() as uow:
        (stored,) = responses.list_responses(uow, code.code.case_code)
    assert "pace" not in stored.response.ratings
    assert stored.score == 7


def test_fewer_than_four_ratings_make_no_score_but_are_kept(phone, world, code):
    phone.sends(code.token, send_as_is="1", pace=None, respect=None, goals=None)
    with world.reading() as uow:
        (stored,) = responses.list_responses(uow, code.code.case_code)
    assert stored.score is None
    assert len(stored.response.ratings) == 3


def test_a_note_too_long_says_by_how_much_and_keeps_all_of_it(phone, code):
    note = "é" * 540
    page = phone.sends(code.token, comment=note)
    assert page.status_code == 422
    assert page.text.count("Your note is 40 letters too long. The rest is still here.") == 2
    assert soup(page.text).select_one("textarea").text.strip() == note
    assert len(soup(page.text).select("[checked]")) == 7


def test_one_letter_too_long_is_one_letter(phone, code):
    assert "Your note is 1 letter too long." in phone.sends(code.token, comment="x" * 501).text


def test_a_note_of_500_letters_is_not_too_long(phone, code):
    assert phone.sends(code.token, comment="🌊" * 500).status_code == 303


def test_an_answer_outside_the_choices_is_named_unread_and_the_rest_is_kept(phone, world, code):
    for wrong in ("11", "-1", "7.5", "seven", "NaN", "1e1", "٧", "9" * 400):
        page = phone.sends(code.token, heard=wrong)
        assert page.status_code == 400
        assert "could not be read" in page.text
        assert len(soup(page.text).select("[checked]")) == 6
    with world.reading() as uow:
        assert not responses.list_responses(uow, code.code.case_code)


def test_without_a_button_it_asks_which_one(phone, code):
    for audience in (None, "everybody", ""):
        page = phone.sends(code.token, audience)
        assert page.status_code == 400
        assert "use one of the buttons at the end" in page.text


def test_a_nonce_that_is_not_ours_loses_nothing_and_gets_a_fresh_one(phone, world, code):
    other = world.opens_a_case()
    foreign = phone.nonce(world.shows_a_code(other, world.meets(other)).token)
    for nonce in ("x", "0" * 46, foreign, "é\x00"):
        page = phone.sends(code.token, nonce=nonce, comment="kept")
        assert page.status_code == 400
        assert soup(page.text).select_one("textarea").text.strip() == "kept"
        fresh = NONCE.search(page.text)[1]
    assert phone.sends(code.token, nonce=fresh).status_code == 303
