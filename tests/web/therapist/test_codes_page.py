"""Showing a code: on the screen, on a card, as a link."""

import re

import pytest

from feedback.persistence.clinic import clinics
from tests.support.answering import sends
from tests.support.builders import a_clinic
from tests.support.desk import a_desk
from tests.support.html import soup

TYPED = re.compile(r"^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$")


@pytest.fixture
def case(world):
    return world.opens_a_case()


def new_session(world, case, **fields):
    return a_desk(world).sends(f"/cases/{case.code}/sessions", **fields)


def test_one_press_adds_todays_session_and_shows_its_code(world, case):
    answer = new_session(world, case)
    assert (answer.status_code, answer.location) == (303, f"/cases/{case.code}/code?session=1")
    tree = soup(a_desk(world).opens(answer.location).text)
    assert TYPED.match(tree.select_one(".code").text)
    assert tree.select_one(".addr").text == "hl.example"
    assert tree.select_one("svg.qr")["role"] == "img"
    link = tree.select_one("#link")
    assert re.fullmatch(r"https://hl\.example/F/[0-9A-Z]{26}", link.text)
    assert link["class"] == ["copy"]


def test_the_link_opens_the_form(world, case):
    page = a_desk(world).opens(new_session(world, case).location)
    link = soup(page.text).select_one("#link").text
    assert a_desk(world).opens(link.removeprefix("https://hl.example")).status_code == 200


def test_a_session_may_be_dated_back_and_not_ahead(world, case):
    older = world.on("2026-02-01").opens_a_case()
    assert new_session(world, older, held_on="2026-02-20").status_code == 303
    assert new_session(world, case, held_on="2026-03-03").status_code == 409
    assert new_session(world, case, held_on="nonsense").status_code == 409


def test_the_page_says_the_day_it_closes_and_no_time_at_all(world, case):
    page = a_desk(world).opens(new_session(world, case).location)
    said = soup(page.text).select_one("dl.meta").get_text(" ")
    assert "at the end of 4 March" in said
    assert not re.search(r"\d:\d\d|\b[ap]m\b", said)


def test_it_says_nothing_yet_until_an_answer_is_shared(world, case):
    meeting = world.meets(case)
    code = world.shows_a_code(case, meeting)
    shared = lambda: soup(a_desk(world).opens(f"/cases/{case.code}/code?session=1").text).select_one("dl.meta").text  # noqa: E731  read twice
    assert "Shared with younothing yet" in shared()
    sends(world, code)
    assert "Shared with youyes" in shared()


def test_a_living_code_is_shown_again_and_not_doubled(world, case):
    desk, where = a_desk(world), new_session(world, case).location
    first = soup(desk.opens(where).text).select_one(".code").text
    desk.sends(f"/cases/{case.code}/code", session="1")
    assert soup(desk.opens(where).text).select_one(".code").text == first


def test_a_closed_code_is_gone_and_a_new_one_can_be_opened(world, case):
    desk, where = a_desk(world), new_session(world, case).location
    tree = soup(desk.opens(where).text)
    desk.sends(tree.select_one('form[action$="/close"]')["action"])
    after = soup(desk.opens(where).text)
    assert not after.select("svg.qr")
    desk.sends(after.select_one("main form")["action"], session="1")
    assert soup(desk.opens(where).text).select_one(".code").text != tree.select_one(".code").text


def test_looking_makes_no_code(world, case):
    world.meets(case)
    desk = a_desk(world)
    for _ in range(3):
        page = desk.opens(f"/cases/{case.code}/code?session=1")
    assert "There is no open code for this session." in page.text


def test_the_square_alone_carries_nothing_of_the_case(world, case):
    where = new_session(world, case).location
    page = a_desk(world).opens(f"{where}&view=square")
    tree = soup(page.text)
    assert tree.select_one("svg.qr")
    assert not tree.select("header")
    assert case.code not in tree.get_text()


def test_the_case_card_is_printed_with_clinic_phone_and_no_case_code(world, case):
    desk = a_desk(world)
    desk.sends(f"/cases/{case.code}/code")
    card = soup(desk.opens(f"/cases/{case.code}/card").text).select_one(".card")
    said = card.get_text(" ")
    assert card.select_one("svg.qr")
    assert TYPED.match(card.select_one(".code").text)
    assert "Harbour Lane Therapy, 020 7946 0001" in said
    assert "use it after every session" in said
    assert case.code not in said


def test_a_clinic_without_help_numbers_cannot_show_a_code_and_says_why(world, case):
    with world.writing() as uow:
        clinics.save_clinic(uow, a_clinic(help_numbers=()))
    answer = new_session(world, case)
    assert answer.status_code == 409
    assert "help numbers" in answer.text
    with world.reading() as uow:
        assert soup(a_desk(world).opens(f"/cases/{case.code}").text).main.get_text().count("No sessions yet.") == 1
        assert uow.clinic_id == world.clinic.id


def test_somebody_elses_code_is_not_closed_by_its_id(world, case):
    other = world.opens_a_case()
    meeting = world.meets(other)
    code = world.shows_a_code(other, meeting)
    assert a_desk(world).sends(f"/cases/{case.code}/code/{code.code.id}/close").status_code == 404
    assert soup(a_desk(world).opens(f"/cases/{other.code}/code?session=1").text).select("svg.qr")
