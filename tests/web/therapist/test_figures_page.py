"""What is new, guessing before opening, and the page of one's own figures."""

import pytest

from feedback.domain.audience import Audience
from feedback.persistence.tables import read_receipts
from feedback.services.answers.withdraw_response import withdraw_response
from tests.support.answering import GOOD, LOW, meets_and_sends, sends
from tests.support.builders import a_therapist
from tests.support.desk import Desk, a_desk
from tests.support.html import soup


@pytest.fixture
def case(world):
    case = world.on("2026-02-20").opens_a_case()
    meets_and_sends(world, case, "2026-02-23", GOOD)
    meets_and_sends(world, case, "2026-03-02", GOOD)
    return case


def new_rows(desk):
    page = soup(desk.opens("/dashboard").text)
    rows = page.select("tbody tr")
    return [row.td.text.split(" ")[0] for row in rows if row.select_one(".tag")], page.select_one("p.soft").text


def test_an_answer_is_new_until_it_is_opened(world, case):
    desk = a_desk(world)
    assert new_rows(desk)[0] == ["2", "1"]
    assert "2 are new since you last looked." in new_rows(desk)[1]
    desk.opens(f"/cases/{case.code}")
    told = "1 session was shared with you in the last seven days. One is new since you last looked."
    assert new_rows(desk) == (["1"], told)
    desk.opens(f"/cases/{case.code}", session="1")
    assert new_rows(desk)[0] == []


def test_who_takes_a_case_over_finds_new_what_nobody_has_opened(world, case):
    iris = world.hire(a_therapist(id="iris", email="iris@example.org"))
    a_desk(world).opens(f"/cases/{case.code}")
    a_desk(world).sends(f"/cases/{case.code}/hand-over", colleague="iris")
    assert new_rows(Desk(world, iris))[0] == ["1"]


def test_an_answer_nobody_reads_is_never_new(world, case):
    desk = a_desk(world)
    code = world.shows_a_code(case, world.meets(case))
    before = desk.opens("/dashboard").text
    sends(world, code, LOW, audience=Audience.TOTALS)
    assert desk.opens("/dashboard").text == before


def test_opening_twice_keeps_one_row_and_a_withdrawn_answer_none(world):
    it, case, desk = world.installation, world.opens_a_case(), a_desk(world)
    receipt = sends(world, world.shows_a_code(case, world.meets(case)))
    for _ in range(2):
        desk.opens(f"/cases/{case.code}")
    with world.reading() as uow:
        assert len(uow.connection.execute(read_receipts.select()).all()) == 1
    with it.database.writing(None) as uow:
        withdraw_response(uow, it.clock, it.keyring, it.chance, receipt=receipt, journal=it.journal)
    with world.reading() as uow:
        assert uow.connection.execute(read_receipts.select()).all() == []


def test_one_tap_keeps_a_guess_and_opens_the_answer(world, case):
    desk = a_desk(world)
    page = soup(desk.opens(f"/cases/{case.code}/guess", session="2").text)
    assert [button.text for button in page.select(".tiles button")] == [str(step) for step in range(11)]
    kept = desk.sends(f"/cases/{case.code}/guess", session="2", seat="A", value="7")
    assert kept.location == f"/cases/{case.code}?session=2"
    desk.opens(kept.location)
    again = desk.opens(f"/cases/{case.code}/guess", session="2")
    assert "There is nothing left to guess here" in again.text
    figures = soup(desk.opens("/own-figures").text)
    assert "On average you guess 1.0 points lower than they answer" in figures.main.get_text()
    assert [cell.text for cell in figures.select("tbody td")] == ["7", "8.0", "1.0"]


def test_after_opening_there_is_nothing_to_guess(world, case):
    desk = a_desk(world)
    desk.opens(f"/cases/{case.code}")
    assert desk.sends(f"/cases/{case.code}/guess", session="2", seat="A", value="7").status_code == 409


def test_the_page_to_guess_is_the_same_whether_an_answer_is_there_or_not(world):
    desk = a_desk(world)
    case = world.opens_a_case()
    code = world.shows_a_code(case, world.meets(case))
    before = desk.opens(f"/cases/{case.code}/guess", session="1").text
    sends(world, code)
    assert desk.opens(f"/cases/{case.code}/guess", session="1").text == before


@pytest.mark.parametrize("place", [{"session": "9"}, {}, {"session": "1", "seat": "B"}])
def test_a_place_that_is_not_there_cannot_be_guessed(world, case, place):
    assert a_desk(world).opens(f"/cases/{case.code}/guess", **place).status_code == 404


def test_the_figures_say_what_they_are_for_before_there_are_any(world):
    said = soup(a_desk(world).opens("/own-figures").text).main.get_text()
    assert "No session was flagged." in said
    assert "Only you see this page. Nobody is compared with anybody." in said
