"""A case card: one card, kept by the client, for every therapy session."""

from datetime import date

from feedback.domain.figures.period import Period
from feedback.persistence.answers import responses
from feedback.persistence.cases import care
from feedback.services.figures.open_submissions import open_submissions
from tests.support.html import soup
from tests.support.phone import SEVENS, Phone, heading


def sessions(world, card):
    with world.reading() as uow:
        return [meeting.held_on for meeting in care.list_therapy_sessions(uow, card.code.case_code)]


def answered(world, card):
    with world.reading() as uow:
        return [each.session_number for each in responses.list_responses(uow, card.code.case_code)]


def test_looking_and_counting_create_nothing(phone, world, card):
    assert phone.opens(card.token).status_code == 200
    assert phone.sends(card.token, "totals").status_code == 303
    assert sessions(world, card) == []


def test_a_shared_answer_makes_todays_therapy_session(phone, world, card):
    phone.sends(card.token)
    assert sessions(world, card) == [date(2026, 3, 2)]
    assert answered(world, card) == [1]


def test_it_answers_the_newest_session_of_the_last_three_days(phone, world, app, card):
    world.meets(_case(world, card))
    app.extensions["feedback"] = world.on("2026-03-05").installation
    assert "Monday 2 March" in phone.opens(card.token).text
    phone.sends(card.token)
    assert (sessions(world, card), answered(world, card)) == ([date(2026, 3, 2)], [1])


def test_whoever_answered_the_session_before_unseen_can_say_that_this_is_about_today(phone, world, app, card):
    """Nothing on the page knows of the unseen answer, so the form is offered for that session once more."""
    it = world.installation
    world.meets(_case(world, card))
    phone.sends(card.token, "totals")
    app.extensions["feedback"] = world.on("2026-03-04").installation
    page = soup(phone.opens(card.token).text)
    assert "Your session: Monday 2 March." in page.main.text
    today = f"/F/{card.token}{page.find('a', string='It was today')['href']}"
    form = soup(phone.http.get(today).text)
    assert "Wednesday 4 March" in form.header.text
    assert "Your session" not in form.main.text
    fields = SEVENS | {"heard": "2", "audience": "totals", "nonce": form.find(attrs={"name": "nonce"})["value"]}
    assert "today=1" in form.form["action"]
    assert phone.http.post(f"/F/{card.token}{form.form['action']}", data=fields).status_code == 303
    with world.reading() as uow:
        found = open_submissions(uow, it.keyring, it.journal, Period.read("2026-Q1")).unseen
    assert (sorted(answer.ratings["heard"] for answer in found.answers), found.contested) == ([2.0, 7.0], 0)


def test_a_form_said_to_be_about_today_keeps_that_in_each_version_and_no_other_form_does(phone, world, app, card):
    world.meets(_case(world, card))
    app.extensions["feedback"] = world.on("2026-03-04").installation
    page = soup(phone.http.get(f"/F/{card.token}?today=1").text)
    versions = [link["href"] for link in page.select("main a[href^='?']")]
    assert versions
    assert all("today=1" in href for href in versions)
    assert "today" not in phone.http.post("/code?today=1", data={"code": card.typed}).location
    phone.http.post(
        f"/F/{card.token}?today=1", data=SEVENS | {"audience": "therapist", "nonce": phone.nonce(card.token)}
    )
    assert sessions(world, card) == [date(2026, 3, 2), date(2026, 3, 4)]
    assert answered(world, card) == [2]


def test_a_form_of_todays_session_asks_for_no_day(phone, world, card):
    world.meets(_case(world, card))
    assert "It was today" not in phone.opens(card.token).text


def test_a_session_further_back_is_left_alone(phone, world, app, card):
    world.meets(_case(world, card))
    app.extensions["feedback"] = world.on("2026-03-06").installation
    phone.sends(card.token)
    assert sessions(world, card) == [date(2026, 3, 2), date(2026, 3, 6)]
    assert answered(world, card) == [2]


def test_at_most_one_a_day(phone, world, app, card):
    phone.sends(card.token)
    assert heading(phone.opens(card.token)) == "This one is done."
    assert "Use your card again" in phone.opens(card.token).text
    assert heading(phone.sends(card.token, nonce="x")) == "This one is done."
    assert answered(world, card) == [1]
    app.extensions["feedback"] = world.on("2026-03-09").installation
    assert phone.sends(card.token).status_code == 303
    assert answered(world, card) == [1, 2]


def test_sending_the_same_form_twice_keeps_one(phone, world, app, card):
    nonce = phone.nonce(card.token)
    phone.sends(card.token, nonce=nonce)
    app.extensions["feedback"] = world.on("2026-03-03").installation
    assert phone.sends(card.token, nonce=nonce).status_code == 303
    assert answered(world, card) == [1]


def test_it_closes_with_its_case(phone, world, card):
    with world.writing() as uow:
        care.close_case(uow, card.code.case_code, date(2026, 3, 2))
    page = phone.opens(card.token)
    assert (page.status_code, heading(page)) == (410, "This code has closed.")


def test_two_seats_answer_one_session_apart(app, world):
    case = world.opens_a_case()
    meeting = world.meets(case)
    for seat in "AB":
        code = world.shows_a_code(case, meeting, seat=seat)
        assert Phone(app).sends(code.token).status_code == 303
    with world.reading() as uow:
        assert [each.seat for each in responses.list_responses(uow, case.code)] == ["A", "B"]


def _case(world, card):
    with world.reading() as uow:
        return care.get_case(uow, card.code.case_code)
