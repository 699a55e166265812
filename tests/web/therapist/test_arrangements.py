"""Arrangements of a case: weekly day, colleagues, supervisor, handing over; and finding a case again."""

import pytest

from feedback.domain.care import Role
from feedback.persistence.cases import care
from tests.support.answering import GOOD, LOW, a_case_that_fell, meets_and_sends
from tests.support.builders import a_therapist
from tests.support.desk import Desk, a_desk
from tests.support.html import soup
from tests.support.phone import Phone


@pytest.fixture
def iris(world):
    return world.hire(a_therapist(id="iris", email="iris@example.org", display_name="Iris"))


@pytest.fixture
def sol(world):
    return world.hire(a_therapist(id="sol", email="sol@example.org", display_name="Sol", role=Role.SUPERVISOR))


@pytest.fixture
def case(world):
    return a_case_that_fell(world, off="yes", comment="Too fast.")


def arrangements(world, case, person=None):
    desk = Desk(world, person or world.therapist)
    return soup(desk.opens(f"/cases/{case.code}/arrangements").text)


def test_a_weekly_day_asks_for_each_planned_session_and_one_tap_confirms_it(world):
    case = world.opens_a_case()
    a_desk(world).sends(f"/cases/{case.code}/weekly", weekday="1")
    later = world.on("2026-03-11")
    page = soup(a_desk(later).opens(f"/cases/{case.code}").text)
    asked = [item.get_text(" ", strip=True) for item in page.select(".planned li")]
    assert asked == ["Planned for yesterday. It took place", "Planned for 3 March. It took place"]
    a_desk(later).sends(f"/cases/{case.code}/sessions", held_on="2026-03-03")
    page = soup(a_desk(later).opens(f"/cases/{case.code}").text)
    assert len(page.select(".planned li")) == 1
    assert page.select_one("table tbody tr td").text == "3 March"


def test_a_planned_session_is_no_gap_until_it_is_confirmed_and_a_card_answers_it(world):
    case = world.opens_a_case()
    card = world.shows_a_code(case)
    desk = a_desk(world)
    desk.sends(f"/cases/{case.code}/weekly", weekday="1")
    later = world.on("2026-03-12")
    with later.reading() as uow:
        assert care.list_therapy_sessions(uow, case.code) == ()
    phone = Phone(a_desk(later).http.application)
    assert "Tuesday 10 March" in phone.opens(card.token).text
    phone.sends(card.token)
    with later.reading() as uow:
        assert [str(one.held_on) for one in care.list_therapy_sessions(uow, case.code)] == ["2026-03-10"]


def test_the_weekly_day_can_be_taken_away_again(world, case):
    for chosen in ("3", ""):
        a_desk(world).sends(f"/cases/{case.code}/weekly", weekday=chosen)
    assert arrangements(world, case).select_one("#weekday option[selected]") is None
    assert a_desk(world).sends(f"/cases/{case.code}/weekly", weekday="7").status_code == 409


def test_a_supervisor_reads_the_case_and_can_press_nothing(world, case, sol):
    a_desk(world).sends(f"/cases/{case.code}/share", part="supervisor", colleague="sol", days="30")
    desk = Desk(world, sol)
    listed = soup(desk.opens("/shared").text)
    assert listed.select_one("tbody th a")["href"] == f"/cases/{case.code}"
    assert "until the end of 31 March" in listed.main.get_text()
    page = soup(desk.opens(f"/cases/{case.code}").text)
    assert page.select("main form, main button") == []
    said = page.main.get_text(" ")
    assert "You read this case as a supervisor" in said
    assert "Too fast." in said
    assert "A way to open it" in said
    assert "What was marked Nothing yet." in " ".join(said.split())
    for path in ("print", "together", "arrangements", "code"):
        assert desk.opens(f"/cases/{case.code}/{path}").status_code == 404
    assert desk.sends(f"/cases/{case.code}/sessions").status_code == 404


def test_the_list_of_who_sees_a_case_is_whole_and_each_can_be_ended(world, case, iris, sol):
    desk = a_desk(world)
    desk.sends(f"/cases/{case.code}/share", part="supervisor", colleague="sol", days="7")
    desk.sends(f"/cases/{case.code}/share", part="co_therapist", colleague="iris")
    rows = [row.get_text(" ", strip=True) for row in arrangements(world, case).select("#ws ~ ul li")]
    assert rows == [
        "You, its therapist",
        "Iris, therapist too, since 2 March Close it to Iris",
        "Sol, supervisor, until the end of 8 March Close it to Sol",
    ]
    desk.sends(f"/cases/{case.code}/unshare", colleague="sol")
    assert Desk(world, sol).opens(f"/cases/{case.code}").status_code == 404


def test_a_second_therapist_works_on_the_case_and_decides_nothing_about_it(world, case, iris):
    a_desk(world).sends(f"/cases/{case.code}/share", part="co_therapist", colleague="iris")
    desk = Desk(world, iris)
    assert desk.sends(f"/cases/{case.code}/sessions").status_code == 303
    page = arrangements(world, case, iris)
    assert page.select("#su, #co, #ho") == []
    for path, fields in (
        ("share", {"part": "co_therapist", "colleague": "iris"}),
        ("unshare", {"colleague": "iris"}),
        ("hand-over", {"colleague": "iris"}),
        ("close", {}),
        ("not-theirs", {"session": "5"}),
    ):
        assert desk.sends(f"/cases/{case.code}/{path}", **fields).status_code == 404
    assert desk.opens(f"/cases/{case.code}/not-theirs?session=5").status_code == 404
    assert "Too fast." in a_desk(world).opens(f"/cases/{case.code}?session=5").text


def test_the_form_names_a_second_therapist_only_once_there_is_one_and_keeps_what_its_sender_saw(world, iris):
    case = world.opens_a_case()
    code = world.shows_a_code(case, world.meets(case))
    desk = a_desk(world)
    phone = Phone(desk.http.application)
    before, nonce = phone.opens(code.token).text, phone.nonce(code.token)
    assert "If Dana asks a supervisor" in before
    desk.sends(f"/cases/{case.code}/share", part="co_therapist", colleague="iris")
    assert "the therapists who work with Dana" in phone.opens(code.token).text
    phone.sends(code.token, nonce=nonce)
    assert "Nothing for you to read" in Desk(world, iris).opens(f"/cases/{case.code}").text
    assert "7.0" in desk.opens(f"/cases/{case.code}").text


def test_a_form_sent_with_gaps_keeps_the_sentence_of_its_first_page(world, iris):
    case = world.opens_a_case()
    code = world.shows_a_code(case, world.meets(case))
    desk = a_desk(world)
    phone = Phone(desk.http.application)
    nonce = phone.nonce(code.token)
    desk.sends(f"/cases/{case.code}/share", part="co_therapist", colleague="iris")
    missed = phone.sends(code.token, nonce=nonce, heard=None)
    second = soup(missed.text).select_one('input[name="nonce"]')["value"]
    assert second == nonce
    phone.sends(code.token, nonce=second)
    assert "Nothing for you to read" in Desk(world, iris).opens(f"/cases/{case.code}").text


def test_handing_over_takes_it_out_of_ones_own_caseload_and_into_the_colleagues(world, case, iris):
    answer = a_desk(world).sends(f"/cases/{case.code}/hand-over", colleague="iris")
    assert answer.location == "/cases"
    assert case.code not in a_desk(world).opens("/cases").text
    assert a_desk(world).opens(f"/cases/{case.code}").status_code == 404
    page = soup(Desk(world, iris).opens(f"/cases/{case.code}").text)
    assert "Too fast." in page.main.get_text()


def test_nobody_is_handed_a_case_who_could_not_take_it(world, case, sol):
    for nobody in ("sol", "dana", "else"):
        assert a_desk(world).sends(f"/cases/{case.code}/hand-over", colleague=nobody).status_code == 404
    assert a_desk(world).sends(f"/cases/{case.code}/hand-over", colleague="").status_code == 409


@pytest.mark.parametrize("by", ["code", "code in small letters", "label"])
def test_a_case_is_found_by_the_beginning_of_its_code_or_a_part_of_its_label(world, by):
    wanted = world.opens_a_case(label="Tuesday mornings")
    for _ in range(3):
        world.opens_a_case(label="Fridays")
    sought = {"code": wanted.code[:4], "code in small letters": wanted.code.lower(), "label": "MORN"}[by]
    rows = soup(a_desk(world).opens("/cases", q=sought).text).select("tbody tr th")
    assert [row.get_text(strip=True) for row in rows] == [wanted.code]


def test_closed_cases_are_shown_when_asked_for_or_searched(world, case):
    desk = a_desk(world)
    desk.sends(f"/cases/{case.code}/close")
    assert case.code not in desk.opens("/cases").text
    assert case.code in desk.opens("/cases", closed=1).text
    assert case.code in desk.opens("/cases", q=case.code[:3]).text
    assert "No case of yours begins with" in desk.opens("/cases", q="zzzzzz").text


def test_what_was_typed_to_find_a_case_is_escaped(world):
    page = a_desk(world).opens("/cases", q='"><script>')
    assert "<script>" not in page.text
    assert soup(page.text).select_one("#q")["value"] == '"><script>'


def test_good_answers_and_low_ones_are_both_in_the_colleagues_view(world, iris):
    case = world.on("2026-02-01").opens_a_case()
    a_desk(world).sends(f"/cases/{case.code}/share", part="co_therapist", colleague="iris")
    meets_and_sends(world, case, "2026-03-02", GOOD, sentence=3)
    meets_and_sends(world, case, "2026-03-02", LOW, sentence=2)
    rows = soup(Desk(world, iris).opens(f"/cases/{case.code}").text).select("details tbody tr")
    assert [row.select("td")[1].text for row in rows[:2]] == ["8.0", "–"]
